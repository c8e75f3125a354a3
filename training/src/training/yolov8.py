"""YOLOv8 (n and s), written anew from the published architecture: C2f, SPPF, decoupled anchor-free head, DFL.

Differences from the published network: one grey input channel, and the number of classes.
Parameter counts with three channels and 80 classes equal the published ones (n 3,157,200; s 11,166,560).
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

STRIDES = (8, 16, 32)
REG_MAX = 16
SIZES = {"n": (1 / 3, 0.25), "s": (1 / 3, 0.5)}


class Conv(nn.Module):
    """Convolution, batch normalisation, SiLU."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 1, stride: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.03)

    def forward(self, x: Tensor) -> Tensor:
        """[B, inputs, H, W] -> [B, outputs, H / stride, W / stride]."""
        return F.silu(self.norm(self.conv(x)), inplace=True)


class Bottleneck(nn.Module):
    """Two 3 x 3 convolutions, in the backbone with a shortcut."""

    def __init__(self, channels: int, shortcut: bool) -> None:
        super().__init__()
        self.first = Conv(channels, channels, 3)
        self.second = Conv(channels, channels, 3)
        self.shortcut = shortcut

    def forward(self, x: Tensor) -> Tensor:
        """Same shape."""
        y = self.second(self.first(x))
        return x + y if self.shortcut else y


class C2f(nn.Module):
    """Cross-stage partial block: split, a chain of bottlenecks, all intermediate results joined."""

    def __init__(self, inputs: int, outputs: int, repeats: int, shortcut: bool) -> None:
        super().__init__()
        self.hidden = outputs // 2
        self.enter = Conv(inputs, 2 * self.hidden)
        self.chain = nn.ModuleList(Bottleneck(self.hidden, shortcut) for _ in range(repeats))
        self.leave = Conv((2 + repeats) * self.hidden, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """[B, inputs, H, W] -> [B, outputs, H, W]."""
        parts = list(self.enter(x).chunk(2, dim=1))
        for block in self.chain:
            parts.append(block(parts[-1]))
        return self.leave(torch.cat(parts, dim=1))


class Sppf(nn.Module):
    """Spatial pyramid pooling by three 5 x 5 maximum poolings in a row."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.enter = Conv(channels, channels // 2)
        self.leave = Conv(channels * 2, channels)

    def forward(self, x: Tensor) -> Tensor:
        """Same shape."""
        parts = [self.enter(x)]
        for _ in range(3):
            parts.append(F.max_pool2d(parts[-1], 5, 1, 2))
        return self.leave(torch.cat(parts, dim=1))


def _branch(inputs: int, hidden: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(Conv(inputs, hidden, 3), Conv(hidden, hidden, 3), nn.Conv2d(hidden, outputs, 1))


class Head(nn.Module):
    """Decoupled head: per level one branch for the box distributions and one for the classes."""

    def __init__(self, channels: tuple[int, int, int], classes: int) -> None:
        super().__init__()
        box_hidden = max(16, channels[0] // 4, REG_MAX * 4)
        class_hidden = max(channels[0], min(classes, 100))
        self.box = nn.ModuleList(_branch(c, box_hidden, 4 * REG_MAX) for c in channels)
        self.label = nn.ModuleList(_branch(c, class_hidden, classes) for c in channels)
        # The expectation over the distribution, a fixed 1 x 1 convolution in the publication.
        self.projection = nn.Parameter(torch.arange(REG_MAX, dtype=torch.float32), requires_grad=False)
        for box, label, stride in zip(self.box, self.label, STRIDES, strict=True):
            _set_bias(box, 1.0)
            # Starts near the expected share of positive anchors, so that the first steps are not all negatives.
            _set_bias(label, math.log(5 / classes / (640 / stride) ** 2))

    def forward(self, levels: list[Tensor]) -> tuple[Tensor, Tensor]:
        """Box distributions [B, 4 * REG_MAX, A] and class logits [B, classes, A], levels one after another."""
        boxes = [branch(x).flatten(2) for branch, x in zip(self.box, levels, strict=True)]
        labels = [branch(x).flatten(2) for branch, x in zip(self.label, levels, strict=True)]
        return torch.cat(boxes, dim=2), torch.cat(labels, dim=2)


def _set_bias(branch: nn.Module, value: float) -> None:
    assert isinstance(branch, nn.Sequential)
    layer = branch[-1]
    assert isinstance(layer, nn.Conv2d)
    assert layer.bias is not None
    nn.init.constant_(layer.bias, value)


class YoloV8(nn.Module):
    """Backbone, feature pyramid and head. Input: (x - mean) / deviation of pixels in [0, 1]."""

    # Of stretched letterboxed radiographs, their black surround included; fixed, so that every card says the same.
    mean, deviation = 0.25, 0.25

    def __init__(self, size: str = "n", classes: int = 1, channels: int = 1) -> None:
        super().__init__()
        depth, width = SIZES[size]

        def c(n: int) -> int:
            return math.ceil(n * width / 8) * 8

        def r(n: int) -> int:
            return max(1, round(n * depth))

        self.size, self.classes, self.channels = size, classes, channels
        self.stem = nn.Sequential(
            Conv(channels, c(64), 3, 2), Conv(c(64), c(128), 3, 2), C2f(c(128), c(128), r(3), True)
        )
        self.stage3 = nn.Sequential(Conv(c(128), c(256), 3, 2), C2f(c(256), c(256), r(6), True))
        self.stage4 = nn.Sequential(Conv(c(256), c(512), 3, 2), C2f(c(512), c(512), r(6), True))
        self.stage5 = nn.Sequential(Conv(c(512), c(1024), 3, 2), C2f(c(1024), c(1024), r(3), True), Sppf(c(1024)))
        self.up4 = C2f(c(1024) + c(512), c(512), r(3), False)
        self.up3 = C2f(c(512) + c(256), c(256), r(3), False)
        self.down4 = Conv(c(256), c(256), 3, 2)
        self.out4 = C2f(c(256) + c(512), c(512), r(3), False)
        self.down5 = Conv(c(512), c(512), 3, 2)
        self.out5 = C2f(c(512) + c(1024), c(1024), r(3), False)
        self.head = Head((c(256), c(512), c(1024)), classes)

    def features(self, x: Tensor) -> list[Tensor]:
        """Feature maps at strides 8, 16 and 32."""
        p3 = self.stage3(self.stem(x))
        p4 = self.stage4(p3)
        p5 = self.stage5(p4)
        up4 = self.up4(torch.cat([F.interpolate(p5, scale_factor=2.0, mode="nearest"), p4], dim=1))
        up3 = self.up3(torch.cat([F.interpolate(up4, scale_factor=2.0, mode="nearest"), p3], dim=1))
        out4 = self.out4(torch.cat([self.down4(up3), up4], dim=1))
        out5 = self.out5(torch.cat([self.down5(out4), p5], dim=1))
        return [up3, out4, out5]

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Images [B, C, S, S], normalised -> box distributions [B, 4 * REG_MAX, A], class logits [B, classes, A]."""
        return self.head(self.features(x))


def anchor_points(side: int, device: torch.device | None = None) -> tuple[Tensor, Tensor]:
    """Centres [A, 2] (x, y) and strides [A] in input pixels: stride 8, 16, 32, each row by row."""
    centres, strides = [], []
    for stride in STRIDES:
        line = torch.arange(side // stride, device=device, dtype=torch.float32) + 0.5
        y, x = torch.meshgrid(line, line, indexing="ij")
        centres.append(torch.stack([x.flatten(), y.flatten()], dim=1) * stride)
        strides.append(torch.full((len(line) ** 2,), float(stride), device=device))
    return torch.cat(centres), torch.cat(strides)


def decode_boxes(distributions: Tensor, centres: Tensor, strides: Tensor, projection: Tensor) -> Tensor:
    """Distributions [B, 4 * REG_MAX, A] to corners [B, A, 4] in input pixels."""
    batch, _, anchors = distributions.shape
    shares = distributions.view(batch, 4, REG_MAX, anchors).softmax(dim=2)
    sides = (shares * projection.view(1, 1, REG_MAX, 1)).sum(dim=2).transpose(1, 2) * strides[:, None]
    return torch.cat([centres - sides[..., :2], centres + sides[..., 2:]], dim=2)


def parameter_count(model: nn.Module) -> int:
    """All parameters, the fixed projection included, as published."""
    return sum(p.numel() for p in model.parameters())
