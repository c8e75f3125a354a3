"""Image-level networks as ONNX: logits, features and alpha (for Grad-CAM), weights stored as fp16, batch dynamic."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.detector_export import OPSET
from training.errors import TrainingError
from training.fp16 import save_fp16

OUTPUTS = ("logits", "features", "alpha")


class _WithMaps(nn.Module):
    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        return self.model.with_maps(image)


def export_with_maps(model: nn.Module, size: int, path: Path, extra_outputs: tuple[str, ...] = ()) -> None:
    """Write `model.with_maps` to `path`: input `image` [batch, 1, size, size]; outputs named as in `OUTPUTS`."""
    view = _WithMaps(model).eval().cpu().to(memory_format=torch.contiguous_format)
    names = [*OUTPUTS, *extra_outputs]
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        raw = Path(folder) / "raw.onnx"
        torch.onnx.export(
            view,
            (torch.rand(2, 1, size, size),),
            str(raw),
            input_names=["image"],
            output_names=names,
            dynamic_axes={name: {0: "batch"} for name in ["image", *names]},
            opset_version=OPSET,
            dynamo=False,
        )
        onnx.checker.check_model(str(raw))
        save_fp16(raw, path)


def session(path: Path, threads: int = 0) -> onnxruntime.InferenceSession:
    """An onnxruntime session on the CPU; `threads` 0 leaves the choice to it."""
    if not path.exists():
        raise TrainingError("TRN_NO_WEIGHTS", f"There are no weights {path}.", "Train that network first.")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def run_batches(
    path: Path, images: Iterable[Tensor], outputs: tuple[str, ...]
) -> tuple[NDArray[np.float32], ...]:
    """The named outputs over batches of images, concatenated: what is shipped is what is measured."""
    runner = session(path)
    parts: list[list[NDArray[np.float32]]] = [[] for _ in outputs]
    for batch in images:
        for part, value in zip(parts, runner.run(list(outputs), {"image": batch.numpy()}), strict=True):
            part.append(value)
    return tuple(np.concatenate(part) for part in parts)
