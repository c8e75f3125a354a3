"""Grad-CAM by automatic differentiation (Selvaraju 2017): the outside truth for the formula in the exported graph."""

from __future__ import annotations

import torch
from torch import Tensor

from training.export import Network
from training.networks import FractureNetwork, RegionNetwork


def logits_from(network: Network, features: Tensor) -> Tensor:
    """What the head makes of a feature map [B, C, h, w]."""
    if isinstance(network, FractureNetwork):
        return network.pool(network.head(features))
    if isinstance(network, RegionNetwork):
        return network.head(torch.nn.functional.hardswish(network.hidden(features.mean((2, 3)))))
    return network.head(features.mean((2, 3)))


def features_of(network: Network, image: Tensor) -> Tensor:
    """Last feature map [B, C, h, w]."""
    return network.backbone(network.normalise(image)) if isinstance(network, RegionNetwork) else network.features(image)


def grad_cam(network: Network, image: Tensor) -> tuple[Tensor, Tensor]:
    """Logits [1, K] and maps [K, h, w]: relu of the features weighted with their position-averaged gradients."""
    network.eval()
    with torch.no_grad():
        features = features_of(network, image)
    features = features.requires_grad_()
    logits = logits_from(network, features)
    maps = []
    for k in range(logits.shape[1]):
        (gradient,) = torch.autograd.grad(logits[0, k], features, retain_graph=True)
        weights = gradient.mean((2, 3), keepdim=True)
        maps.append((weights * features).sum(1)[0].relu().detach())
    return logits.detach(), torch.stack(maps)
