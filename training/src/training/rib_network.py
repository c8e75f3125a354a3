"""The network that reads straightened ribs: residual 3D convolutions that end in answers along the rib."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

MEAN, DEVIATION = 0.3, 0.25


def _conv(inputs: int, outputs: int, stride: tuple[int, int, int] = (1, 1, 1)) -> nn.Conv3d:
    return nn.Conv3d(inputs, outputs, 3, stride=stride, padding=1, bias=False)


class Residual(nn.Module):
    """Two convolutions beside a short cut (He et al. 2016), in three dimensions."""

    def __init__(self, inputs: int, outputs: int, stride: tuple[int, int, int] = (1, 1, 1)) -> None:
        super().__init__()
        self.first, self.second = _conv(inputs, outputs, stride), _conv(outputs, outputs)
        self.norm1, self.norm2 = nn.BatchNorm3d(outputs), nn.BatchNorm3d(outputs)
        same = inputs == outputs and stride == (1, 1, 1)
        self.short: nn.Module = nn.Identity() if same else nn.Conv3d(inputs, outputs, 1, stride=stride, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Shape as the stride has it."""
        y = F.relu(self.norm1(self.first(x)))
        return F.relu(self.norm2(self.second(y)) + self.short(x))


def fold(image: Tensor) -> Tensor:
    """[B, 1, L, A, H] -> [B, 8, L/2, A/2, H/2]: each cell of 2 x 2 x 2 samples becomes eight channels."""
    b, _, length, across, high = image.shape
    cells = image.reshape(b, length // 2, 2, across // 2, 2, high // 2, 2)
    return cells.permute(0, 2, 4, 6, 1, 3, 5).reshape(b, 8, length // 2, across // 2, high // 2)


class RibNetwork(nn.Module):
    """Segments of straightened ribs in [0, 1] -> logits [B, 3, L/2] along the rib: fracture, old, displaced."""

    def __init__(self, width: int = 20) -> None:
        super().__init__()
        self.entry = nn.Sequential(_conv(8, width), nn.BatchNorm3d(width), nn.ReLU())
        self.fine = Residual(width, width)
        self.middle = Residual(width, 2 * width, (1, 2, 2))
        self.coarse = Residual(2 * width, 3 * width, (2, 2, 2))
        self.deep = Residual(3 * width, 3 * width)
        along = 4 * width
        self.fine_line = nn.Conv1d(4 * width, along, 1)
        self.line = nn.Conv1d(6 * width, along, 1)
        self.context = nn.ModuleList([nn.Conv1d(along, along, 3, padding=d, dilation=d) for d in (1, 2, 4)])
        self.out = nn.Sequential(nn.Conv1d(along, along, 3, padding=1), nn.ReLU(), nn.Conv1d(along, 3, 1))

    def forward(self, image: Tensor) -> Tensor:
        """[B, 1, L, 24, 32] with L a multiple of 4 -> [B, 3, L/2]."""
        x = self.fine(self.entry(fold((image - MEAN) / DEVIATION)))
        middle = self.middle(x)
        deep = self.deep(self.coarse(middle))
        line = self.line(_pooled(deep))
        for layer in self.context:
            line = line + F.relu(layer(line))
        line = F.interpolate(line, scale_factor=2.0, mode="linear", align_corners=False)
        return self.out(F.relu(line + self.fine_line(_pooled(middle))))


def _pooled(x: Tensor) -> Tensor:
    """Means and maxima over each cross-section: [B, C, L, A, H] -> [B, 2C, L]."""
    return torch.cat([x.mean(dim=(3, 4)), x.amax(dim=(3, 4))], dim=1)


def rib_loss(logits: Tensor, fracture: Tensor, old: Tensor, displaced: Tensor) -> tuple[Tensor, dict[str, float]]:
    """Cross-entropy and overlap (Dice) of the fracture; cross-entropy of age and displacement where there is one."""
    logits = logits.float()
    place = F.binary_cross_entropy_with_logits(logits[:, 0], fracture)
    p = logits[:, 0].sigmoid()
    has = fracture.amax(dim=1) > 0
    overlap = (2 * (p * fracture).sum(dim=1) + 1) / (p.sum(dim=1) + fracture.sum(dim=1) + 1)
    dice = (1 - overlap)[has].mean() if bool(has.any()) else p.sum() * 0
    inside = fracture.sum().clamp_min(1)
    kinds = sum(
        (F.binary_cross_entropy_with_logits(logits[:, i], target, reduction="none") * fracture).sum() / inside
        for i, target in ((1, old), (2, displaced))
    )
    total = place + 0.5 * dice + 0.3 * kinds
    return total, {"place_loss": float(place.detach()), "dice_loss": float(dice.detach())}
