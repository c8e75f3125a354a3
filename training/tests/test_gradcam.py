import numpy as np
import pytest
import torch

from training.export import export_with_maps, run_batches
from training.gradcam import features_of, grad_cam, logits_from
from training.networks import CLASSIFIERS, FractureNetwork, RegionNetwork, TypeNetwork


def settled(network, size):
    """Batch statistics of a few passes, so that activations have an ordinary size."""
    network.train()
    with torch.no_grad():
        for _ in range(15):
            network(torch.rand(4, 1, size, size))
    return network.eval()


def make(kind, size):
    torch.manual_seed(5)
    if kind == "region":
        return settled(RegionNetwork(5, 4, 0.25, 0.25), size)
    if kind == "type":
        return settled(TypeNetwork(6, 24, (1, 1, 1, 1), (2, 4, 8, 16), 0.25, 0.25), size)
    return settled(FractureNetwork(kind, 4, 0.25, 0.25), size)


@pytest.mark.parametrize("kind", [*CLASSIFIERS, "region", "type"])
def test_the_formula_for_alpha_is_the_gradient_averaged_over_positions(kind):
    network = make(kind, 96)
    image = torch.rand(2, 1, 96, 96)
    alpha = network.with_maps(image)[2].detach()
    features = features_of(network, image).detach().requires_grad_()
    logits = logits_from(network, features)
    for k in range(logits.shape[1]):
        (gradient,) = torch.autograd.grad(logits[:, k].sum(), features, retain_graph=True)
        expected = gradient.mean((2, 3))
        assert float((alpha[:, k] - expected).abs().max() / expected.abs().max()) <= 1e-4


@pytest.mark.parametrize("kind", ["mobilenetv3-small", "region", "type"])
def test_the_exported_file_gives_the_same_logits_and_grad_cam_as_pytorch(kind, tmp_path):
    network = make(kind, 96)
    file = tmp_path / "model.onnx"
    export_with_maps(network, 96, file, ("distance",) if kind == "region" else ())
    image = torch.rand(1, 1, 96, 96)
    logits, maps = grad_cam(network, image)
    got, features, alpha = run_batches(file, [image], ("logits", "features", "alpha"))
    cams = np.maximum(np.einsum("kc,chw->khw", alpha[0], features[0]), 0)
    assert np.abs(got - logits.numpy()).max() <= 1e-4
    assert np.abs(cams - maps.numpy()).max() <= 1e-4 * float(maps.max())


def test_the_batch_of_an_exported_file_is_free(tmp_path):
    file = tmp_path / "model.onnx"
    export_with_maps(make("region", 96), 96, file, ("distance",))
    images = torch.rand(5, 1, 96, 96)
    together = run_batches(file, [images], ("logits", "distance"))
    alone = run_batches(file, list(images.split(1)), ("logits", "distance"))
    for a, b in zip(together, alone, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)


def test_distance_is_that_of_mahalanobis():
    network = RegionNetwork(5, 4, 0.25, 0.25).eval()
    generator = torch.Generator().manual_seed(2)
    labels = torch.arange(400) % 4
    embedding = torch.randn(400, network.HIDDEN, generator=generator) + labels[:, None].float()
    network.set_distance(embedding, labels, shrinkage=0.1)
    means = torch.stack([embedding[labels == k].mean(0) for k in range(4)]).double()
    residual = embedding.double() - means[labels]
    covariance = residual.T @ residual / (400 - 4)
    covariance = 0.9 * covariance + 0.1 * torch.eye(network.HIDDEN).double() * covariance.diagonal().mean()
    point = embedding[7].double()
    expected = min(float((point - m) @ torch.linalg.inv(covariance) @ (point - m)) for m in means) ** 0.5
    white = embedding[7] @ network.whitening.T
    got = float((white - network.means).square().sum(-1).min().sqrt())
    assert abs(got - expected) <= 1e-3 * expected
