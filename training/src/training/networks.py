"""The image-level networks: torchvision's architectures with one input channel, normalisation inside, random start;
EfficientNet-Lite0 from ImageNet.

Each has the view for export `with_maps(image)` -> (logits [B, K], features [B, C, h, w], alpha [B, K, C]) where
alpha is the gradient of logit k with respect to the features, averaged over positions, written as a formula.
Grad-CAM (Selvaraju 2017) is then relu(sum over c of alpha[k, c] * features[c]).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
import torchvision
from torch import Tensor, nn

from training.efficientnet_lite import HEAD_CHANNELS, EfficientNetLite0
from training.errors import TrainingError

CLASSIFIERS = ("resnet18", "mobilenetv3-small", "efficientnet-b0")
# Sharpness of the log-mean-exp pooling: 0 would be the mean, infinity the maximum.
SHARPNESS = 3.0


def _resnet18() -> tuple[nn.Module, int]:
    net = torchvision.models.resnet18(weights=None)
    net.conv1 = nn.Conv2d(1, 64, 7, stride=2, padding=3, bias=False)
    return nn.Sequential(*list(net.children())[:-2]), 512


def _mobilenet_v3_small() -> tuple[nn.Module, int]:
    features = torchvision.models.mobilenet_v3_small(weights=None).features
    features[0][0] = nn.Conv2d(1, 16, 3, stride=2, padding=1, bias=False)
    return features, 576


def _efficientnet_b0() -> tuple[nn.Module, int]:
    features = torchvision.models.efficientnet_b0(weights=None, stochastic_depth_prob=0.1).features
    features[0][0] = nn.Conv2d(1, 32, 3, stride=2, padding=1, bias=False)
    return features, 1280


class _LiteFeatures(nn.Module):
    """EfficientNet-Lite0 as a feature extractor; its early part and its batch statistics stay ImageNet's."""

    def __init__(self) -> None:
        super().__init__()
        self.net = EfficientNetLite0()
        self.net.load_imagenet()
        self.net.freeze()

    def forward(self, image: Tensor) -> Tensor:
        """Normalised images -> [B, 1280, h, w]."""
        with torch.no_grad():
            early = self.net.early(image)
        return self.net.summit(self.net.late(early)[-1])


def _efficientnet_lite0() -> tuple[nn.Module, int]:
    return _LiteFeatures(), HEAD_CHANNELS


_BACKBONES: dict[str, Callable[[], tuple[nn.Module, int]]] = {
    "resnet18": _resnet18,
    "mobilenetv3-small": _mobilenet_v3_small,
    "efficientnet-b0": _efficientnet_b0,
    "efficientnet-lite0": _efficientnet_lite0,
}


def backbone(name: str) -> tuple[nn.Module, int]:
    """Feature extractor (stride 32) and its number of channels."""
    if name not in _BACKBONES:
        raise TrainingError("TRN_NETWORK", f"There is no network {name!r}.", f"Choose of {', '.join(_BACKBONES)}.")
    net, channels = _BACKBONES[name]()
    if isinstance(net, _LiteFeatures):
        return net, channels
    for module in net.modules():
        # Few, small batches: statistics must settle within a short training.
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 0.05
            module.eps = 1e-3
    return net, channels


class Normalised(nn.Module):
    """Mean and deviation of the training pixels, applied inside the network."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, mean: float, deviation: float) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(float(mean)))
        self.register_buffer("deviation", torch.tensor(float(deviation)))

    def forward(self, image: Tensor) -> Tensor:
        """(x - mean) / deviation."""
        return (image - self.mean) / self.deviation


class FractureNetwork(nn.Module):
    """Whole image -> one logit "fracture".

    A linear head gives a logit at every position of the last feature map; log-mean-exp pooling makes one of them.
    As the weights of that pooling sum to one, the position-averaged gradient is exactly the head's weights / (h w).
    The map is also trained on the boxes directly; `regions` logits from the averaged features are an auxiliary task.
    """

    def __init__(self, name: str, regions: int, mean: float, deviation: float) -> None:
        super().__init__()
        self.normalise = Normalised(mean, deviation)
        self.backbone, channels = backbone(name)
        self.dropout = nn.Dropout(0.2)
        self.head = nn.Conv2d(channels, 1, 1)
        nn.init.normal_(self.head.weight, std=0.01)
        if self.head.bias is not None:
            nn.init.constant_(self.head.bias, -1.5)
        self.region = nn.Linear(channels, regions)

    def features(self, image: Tensor) -> Tensor:
        """Last feature map [B, C, h, w]."""
        return self.backbone(self.normalise(image))

    def pool(self, local: Tensor) -> Tensor:
        """Logits per position [B, 1, h, w] -> [B, 1]."""
        # In full precision: mixed precision would round the logit that probabilities are read from.
        flat = local.float().flatten(1) * SHARPNESS
        return (torch.logsumexp(flat, dim=1, keepdim=True) - math.log(flat.shape[1])) / SHARPNESS

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Image logit [B, 1], map of logits [B, 1, h, w], region logits [B, R] (auxiliary)."""
        features = self.features(image)
        local = self.head(self.dropout(features))
        return self.pool(local), local, self.region(features.mean((2, 3)))

    def with_maps(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Logits, features and alpha (see the module)."""
        features = self.features(image)
        logits = self.pool(self.head(features))
        positions = features.shape[-2] * features.shape[-1]
        alpha = (self.head.weight.flatten(1) / positions).unsqueeze(0).expand(image.shape[0], -1, -1)
        return logits, features, alpha


class RegionNetwork(nn.Module):
    """Backbone -> body region, and the Mahalanobis distance of its penultimate features.

    Head as published (Linear, Hardswish, Linear on averaged features), narrower. `set_distance` fixes the constants
    of the distance after training (Lee 2018: class-conditional means, one shared covariance).
    """

    HIDDEN = 128
    whitening: Tensor
    means: Tensor

    def __init__(
        self, classes: int, limb_classes: int, mean: float, deviation: float, name: str = "mobilenetv3-small"
    ) -> None:
        super().__init__()
        self.normalise = Normalised(mean, deviation)
        self.backbone, channels = backbone(name)
        self.hidden = nn.Linear(channels, self.HIDDEN)
        self.dropout = nn.Dropout(0.2)
        self.head = nn.Linear(self.HIDDEN, classes)
        self.register_buffer("whitening", torch.eye(self.HIDDEN))
        self.register_buffer("means", torch.zeros(limb_classes, self.HIDDEN))

    def slow_parameters(self) -> list[nn.Parameter]:
        """The pretrained part, where there is one; it moves at a lower rate."""
        return list(self.backbone.parameters()) if isinstance(self.backbone, _LiteFeatures) else []

    def penultimate(self, image: Tensor) -> Tensor:
        """[B, HIDDEN] after the hardswish."""
        return F.hardswish(self.hidden(self.backbone(self.normalise(image)).mean((2, 3))))

    def forward(self, image: Tensor) -> Tensor:
        """Logits [B, classes]."""
        return self.head(self.dropout(self.penultimate(image)))

    def set_distance(self, embedding: Tensor, labels: Tensor, shrinkage: float = 0.1) -> None:
        """Means per limb class and the inverse Cholesky factor of the shared covariance.

        The covariance is shrunk towards its mean variance by `shrinkage` (Ledoit-Wolf form, fixed amount).
        """
        embedding = embedding.double()
        means = torch.stack([embedding[labels == k].mean(0) for k in range(self.means.shape[0])])
        residual = embedding - means[labels]
        covariance = residual.T @ residual / max(1, len(residual) - len(means))
        size = covariance.shape[0]
        target = torch.eye(size, dtype=torch.float64) * covariance.diagonal().mean()
        shrunk = (1 - shrinkage) * covariance + shrinkage * target
        factor = torch.linalg.cholesky(shrunk)
        whitening = torch.linalg.solve_triangular(factor, torch.eye(size, dtype=torch.float64), upper=False)
        self.whitening.copy_(whitening.float())
        self.means.copy_((means @ whitening.T).float())

    def with_maps(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Logits, features, alpha and distance [B] to the nearest limb class."""
        features = self.backbone(self.normalise(image))
        before = self.hidden(features.mean((2, 3)))
        embedding = F.hardswish(before)
        logits = self.head(embedding)
        positions = features.shape[-2] * features.shape[-1]
        # Derivative of hardswish x * relu6(x + 3) / 6.
        slope = torch.where(before <= -3, 0.0, torch.where(before >= 3, 1.0, before / 3 + 0.5))
        alpha = torch.matmul(self.head.weight.unsqueeze(0) * slope.unsqueeze(1), self.hidden.weight) / positions
        white = embedding @ self.whitening.T
        squared = (white.unsqueeze(1) - self.means.unsqueeze(0)).square().sum(-1)
        return logits, features, alpha, squared.min(dim=1).values.sqrt()


class TypeNetwork(nn.Module):
    """Swin Transformer (Liu 2021; torchvision's class) -> fracture pattern of a crop."""

    def __init__(
        self,
        classes: int,
        dimension: int,
        depths: tuple[int, int, int, int],
        heads: tuple[int, int, int, int],
        mean: float,
        deviation: float,
    ) -> None:
        super().__init__()
        self.normalise = Normalised(mean, deviation)
        swin = torchvision.models.SwinTransformer(
            patch_size=[4, 4],
            embed_dim=dimension,
            depths=list(depths),
            num_heads=list(heads),
            window_size=[7, 7],
            dropout=0.1,
            stochastic_depth_prob=0.1,
            num_classes=1,
        )
        swin.features[0][0] = nn.Conv2d(1, dimension, kernel_size=4, stride=4)
        self.backbone = swin.features
        self.norm = swin.norm
        channels = dimension * 8
        self.dropout = nn.Dropout(0.2)
        self.head = nn.Linear(channels, classes)

    def features(self, image: Tensor) -> Tensor:
        """Last feature map after the final norm [B, C, h, w]."""
        return self.norm(self.backbone(self.normalise(image))).permute(0, 3, 1, 2)

    def forward(self, image: Tensor) -> Tensor:
        """Logits [B, classes]."""
        return self.head(self.dropout(self.features(image).mean((2, 3))))

    def with_maps(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Logits, features and alpha (see the module)."""
        features = self.features(image)
        logits = self.head(features.mean((2, 3)))
        positions = features.shape[-2] * features.shape[-1]
        alpha = (self.head.weight / positions).unsqueeze(0).expand(image.shape[0], -1, -1)
        return logits, features, alpha


def parameters(model: nn.Module) -> int:
    """Number of trained parameters."""
    return sum(p.numel() for p in model.parameters())
