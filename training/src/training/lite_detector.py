"""The fracture network that starts from ImageNet: EfficientNet-Lite0, a path-aggregation neck, YOLOv8's head for
boxes, and a head for the whole image on the 1280 pooled features. One pass answers where and whether.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.efficientnet_lite import DEVIATION, HEAD_CHANNELS, MEAN, TAPS, EfficientNetLite0, merge
from training.yolov8 import C2f, Conv, Head

CHANNELS = (64, 96, 128)
# Exponent of the generalised mean over positions: 1 is the mean, infinity the maximum (Radenovic 2018).
POOLING = 3.0
DROPOUT = 0.2
# Keeps the root's slope finite where a feature is nowhere seen.
SMALLEST_FEATURE = 1e-4


class LiteDetector(nn.Module):
    """Backbone started from ImageNet; its early part and all its batch statistics stay as they are."""

    mean, deviation = MEAN, DEVIATION
    size, classes, channels = "lite0", 1, 1

    def __init__(self, pretrained: bool = True) -> None:
        super().__init__()
        self.backbone = EfficientNetLite0()
        if pretrained:
            self.backbone.load_imagenet()
        fine, c3, c4, c5 = TAPS.values()
        n3, n4, n5 = CHANNELS
        # Stride 4 reaches the finest level of boxes, whose edges are fractures' edges of a few pixels.
        self.fine = Conv(fine, 32, 3, 2)
        self.enter5 = Conv(c5, n5)
        self.enter4 = Conv(c4, n4)
        self.up4 = C2f(n5 + n4, n4, 1, False)
        self.up3 = C2f(n4 + c3 + 32, n3, 1, False)
        self.down4 = Conv(n3, n3, 3, 2)
        self.out4 = C2f(n3 + n4, n4, 1, False)
        self.down5 = Conv(n4, n4, 3, 2)
        self.out5 = C2f(n4 + n5, n5, 1, False)
        self.head = Head(CHANNELS, 1)
        self.image_head = nn.Linear(HEAD_CHANNELS, 1)
        nn.init.normal_(self.image_head.weight, std=0.01)
        nn.init.zeros_(self.image_head.bias)
        self.backbone.freeze()

    def slow_parameters(self) -> list[nn.Parameter]:
        """What the training loop moves at a lower rate: the pretrained part, as far as it is trained at all."""
        return list(self.backbone.parameters())

    def train(self, mode: bool = True) -> LiteDetector:
        """Training mode for all but the backbone, whose batch statistics stay ImageNet's."""
        super().train(mode)
        self.backbone.eval()
        return self

    def merge_normalisations(self) -> None:
        """For export, as in the backbone."""
        self.backbone.merge_normalisations()
        for part in self.modules():
            if isinstance(part, Conv):
                merge(part.conv, part.norm)

    def maps(self, image: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Normalised images [B, 1, S, S] -> the map of stride 4 and those of stride 8, 16, 32."""
        # Depthwise convolutions are slower in bfloat16 on a CPU; there the backbone stays in full precision.
        with torch.autocast(image.device.type, enabled=torch.is_autocast_enabled() and image.device.type == "cuda"):
            with torch.no_grad():
                early = self.backbone.early(image)
            return early, self.backbone.late(early)

    def levels(self, early: Tensor, maps: list[Tensor]) -> list[Tensor]:
        """The neck: maps at strides 8, 16, 32 with 64, 96, 128 channels."""
        p3, p4, p5 = maps
        p5, p4 = self.enter5(p5), self.enter4(p4)
        up4 = self.up4(torch.cat([F.interpolate(p5, scale_factor=2.0, mode="nearest"), p4], dim=1))
        up3 = self.up3(torch.cat([F.interpolate(up4, scale_factor=2.0, mode="nearest"), p3, self.fine(early)], dim=1))
        out4 = self.out4(torch.cat([self.down4(up3), up4], dim=1))
        out5 = self.out5(torch.cat([self.down5(out4), p5], dim=1))
        return [up3, out4, out5]

    def pool(self, features: Tensor) -> Tensor:
        """Generalised mean over positions: [B, 1280, h, w] -> [B, 1280]."""
        return features.float().clamp_min(SMALLEST_FEATURE).pow(POOLING).mean((2, 3)).pow(1 / POOLING)

    def image_logit(self, features: Tensor) -> Tensor:
        """[B, 1280, h, w] -> [B, 1]: is there a fracture anywhere in the image."""
        return self.image_head(F.dropout(self.pool(features), DROPOUT, self.training))

    def image_alpha(self, features: Tensor) -> Tensor:
        """Gradient of the image logit by the features, averaged over positions, as a formula: [B, 1, 1280]."""
        seen = torch.where(features > SMALLEST_FEATURE, features, 0.0)
        slope = seen.pow(POOLING - 1).mean((2, 3)) / (features.shape[-2] * features.shape[-1])
        return (self.image_head.weight * self.pool(features).pow(1 - POOLING) * slope).unsqueeze(1)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Normalised [B, 1, S, S] -> distributions [B, 4 * REG_MAX, A], box logits [B, 1, A], image logit [B, 1]."""
        boxes, labels, features = self.with_features(image)
        return boxes, labels, self.image_logit(features)

    def with_features(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """As `forward`, with the 1280 features [B, 1280, h, w] in place of the logit that is made of them."""
        early, maps = self.maps(image)
        with torch.autocast(image.device.type, enabled=torch.is_autocast_enabled() and image.device.type == "cuda"):
            features = self.backbone.summit(maps[-1])
        boxes, labels = self.head(self.levels(early, maps))
        return boxes, labels, features
