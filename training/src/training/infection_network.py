"""The network that tells an infected fracture from a healing one: a residual network in three dimensions."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# Attenuation is looked at twice, as radiologists do: a soft-tissue window and a bone window, HU.
SOFT_TISSUE, BONE = (-150.0, 250.0), (-200.0, 1800.0)
# SUV enters as log(1 + SUV) / 3: 0 to 1 for SUV 0 to 19.
UPTAKE_SCALE = 3.0
NORMALISATION = (
    "inside the graph: attenuation in a soft-tissue window (-150 to 250 HU) and a bone window (-200 to 1800 HU), "
    "each 0 to 1; log(1 + SUV) / 3; share of the highest SUV of the region"
)


class Block(nn.Module):
    """Two convolutions beside a short cut (He et al. 2016), in three dimensions."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__()
        self.first = nn.Conv3d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm3d(outputs)
        self.second = nn.Conv3d(outputs, outputs, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm3d(outputs)
        same = inputs == outputs and stride == 1
        self.short: nn.Module = (
            nn.Identity()
            if same
            else nn.Sequential(nn.Conv3d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm3d(outputs))
        )

    def forward(self, x: Tensor) -> Tensor:
        """Shape as the stride has it."""
        y = F.relu(self.norm1(self.first(x)))
        return F.relu(self.norm2(self.second(y)) + self.short(x))


class InfectionNetwork(nn.Module):
    """Attenuation (HU) and uptake (SUV) [B, 2, D, H, W] -> logit [B, 1] that the fracture is infected.

    The head is linear on the mean of the last feature map, so that Grad-CAM needs no gradients: see `with_maps`.
    """

    def __init__(self, width: int = 16, dropout: float = 0.2) -> None:
        super().__init__()
        self.entry = nn.Sequential(nn.Conv3d(4, width, 3, 2, 1, bias=False), nn.BatchNorm3d(width), nn.ReLU())
        self.blocks = nn.Sequential(
            Block(width, width),
            Block(width, 2 * width, 2),
            Block(2 * width, 2 * width),
            Block(2 * width, 4 * width, 2),
            Block(4 * width, 4 * width),
        )
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(4 * width, 1)

    def prepare(self, volumes: Tensor) -> Tensor:
        """[B, 2, D, H, W] in HU and SUV -> [B, 4, D, H, W], about 0 to 1."""
        hu, suv = volumes[:, :1], volumes[:, 1:].clamp(0, 300)
        soft, bone = (((hu - low) / (high - low)).clamp(0, 1) for low, high in (SOFT_TISSUE, BONE))
        share = suv / suv.amax(dim=(2, 3, 4), keepdim=True).clamp_min(0.5)
        return torch.cat([soft, bone, torch.log1p(suv) / UPTAKE_SCALE, share], dim=1)

    def features(self, volumes: Tensor) -> Tensor:
        """Last feature map [B, C, d, h, w]."""
        return self.blocks(self.entry(self.prepare(volumes)))

    def classify(self, features: Tensor) -> Tensor:
        """What the head makes of a feature map: [B, 1]."""
        return self.head(self.dropout(features.mean(dim=(2, 3, 4))))

    def forward(self, volumes: Tensor) -> Tensor:
        """[B, 1]."""
        return self.classify(self.features(volumes))

    def with_maps(self, volumes: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Logits [B, 1], features [B, C, d, h, w] and alpha [B, 1, C]: the gradient of the logit by the features,
        averaged over positions; for a linear head on their mean, the weights over the number of positions."""
        features = self.features(volumes)
        cells = features.shape[2] * features.shape[3] * features.shape[4]
        alpha = (self.head.weight / cells).unsqueeze(0).expand(features.shape[0], -1, -1)
        return self.classify(features), features, alpha
