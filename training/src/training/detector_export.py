"""The detector as one graph: normalisation, network, decoding; written as ONNX with fp16 weights."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from training.detectors import Detector
from training.fp16 import round_weights, save_fp16
from training.lite_detector import LiteDetector
from training.yolov8 import YoloV8, anchor_points, decode_boxes

# The classifiers' normalisation is YOLOv8's.
MEAN, DEVIATION = YoloV8.mean, YoloV8.deviation
OPSET = 17
BOX_OUTPUTS = ("boxes", "scores")
IMAGE_OUTPUTS = ("logits", "features", "alpha")


def normalisation_words(mean: float, deviation: float) -> str:
    """For the card."""
    return f"(x - {mean:.6g}) / {deviation:.6g}, inside the graph"


NORMALISATION = normalisation_words(MEAN, DEVIATION)


class DetectorNetwork(nn.Module):
    """Images in [0, 1] -> `boxes` [B, 4, A] (x1, y1, x2, y2 in input pixels) and `scores` [B, 1, A] in [0, 1].

    A network with a head for the whole image also gives `logits` [B, 1], `features` [B, C, h, w], `alpha` [B, 1, C].
    """

    def __init__(self, model: Detector, side: int) -> None:
        super().__init__()
        self.model = model
        centres, strides = anchor_points(side)
        self.register_buffer("centres", centres)
        self.register_buffer("strides", strides)
        self.to(next(model.parameters()).device)

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """[B, 1, S, S] -> the outputs named by `output_names`; anchors at stride 8, 16, 32, row by row."""
        normalised = (image - self.model.mean) / self.model.deviation
        if isinstance(self.model, LiteDetector):
            distributions, labels, features = self.model.with_features(normalised)
            whole = [self.model.image_logit(features), features, self.model.image_alpha(features)]
        else:
            distributions, labels, *whole = self.model(normalised)
        centres, strides = self.get_buffer("centres"), self.get_buffer("strides")
        boxes = decode_boxes(distributions, centres, strides, self.model.head.projection)
        return boxes.transpose(1, 2), labels.sigmoid(), *whole


def output_names(model: Detector) -> list[str]:
    """What a detector's file gives; a network with a head for the whole image gives what a classifier gives as well."""
    return [*BOX_OUTPUTS, *(IMAGE_OUTPUTS if isinstance(model, LiteDetector) else ())]


def write_onnx(network: DetectorNetwork, side: int, target: Path) -> None:
    """Export to `target` (dynamic batch), weights stored as fp16."""
    target.parent.mkdir(parents=True, exist_ok=True)
    full = target.with_suffix(".fp32.onnx")
    names = output_names(network.model)
    if isinstance(network.model, LiteDetector):
        # The network in memory is then the one in the file.
        network.model.merge_normalisations()
        round_weights(network.model)
    torch.onnx.export(
        network.eval(),
        (torch.zeros(2, 1, side, side),),
        str(full),
        input_names=["image"],
        output_names=names,
        dynamic_axes={name: {0: "batch"} for name in ["image", *names]},
        opset_version=OPSET,
        dynamo=False,
    )
    save_fp16(full, target)
    full.unlink()
