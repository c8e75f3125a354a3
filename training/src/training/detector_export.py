"""The detector as one graph: normalisation, network, decoding; written as ONNX with fp16 weights."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from training.fp16 import save_fp16
from training.yolov8 import YoloV8, anchor_points, decode_boxes

# Of stretched letterboxed radiographs, their black surround included; fixed, so that every card says the same.
MEAN = 0.25
DEVIATION = 0.25
OPSET = 17
NORMALISATION = f"(x - {MEAN}) / {DEVIATION}, inside the graph"


class DetectorNetwork(nn.Module):
    """Images in [0, 1] -> `boxes` [B, 4, A] (x1, y1, x2, y2 in input pixels) and `scores` [B, 1, A] in [0, 1]."""

    def __init__(self, model: YoloV8, side: int) -> None:
        super().__init__()
        self.model = model
        centres, strides = anchor_points(side)
        self.register_buffer("centres", centres)
        self.register_buffer("strides", strides)
        self.to(next(model.parameters()).device)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """[B, 1, S, S] -> boxes [B, 4, A], scores [B, 1, A]; anchors at stride 8, 16, 32, row by row."""
        distributions, logits = self.model((image - MEAN) / DEVIATION)
        centres, strides = self.get_buffer("centres"), self.get_buffer("strides")
        boxes = decode_boxes(distributions, centres, strides, self.model.head.projection)
        return boxes.transpose(1, 2), logits.sigmoid()


def write_onnx(network: DetectorNetwork, side: int, target: Path) -> None:
    """Export to `target` (dynamic batch), weights stored as fp16."""
    target.parent.mkdir(parents=True, exist_ok=True)
    full = target.with_suffix(".fp32.onnx")
    torch.onnx.export(
        network.eval(),
        (torch.zeros(2, 1, side, side),),
        str(full),
        input_names=["image"],
        output_names=["boxes", "scores"],
        dynamic_axes={"image": {0: "batch"}, "boxes": {0: "batch"}, "scores": {0: "batch"}},
        opset_version=OPSET,
        dynamo=False,
    )
    save_fp16(full, target)
    full.unlink()
