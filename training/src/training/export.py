"""Image-level networks as ONNX: logits, features and alpha (for Grad-CAM), weights stored as fp16, batch dynamic.

Weights are rounded to fp16 in PyTorch first, so that the network in memory is the one in the file.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.detector_export import OPSET
from training.efficientnet_lite import EfficientNetLite0
from training.errors import TrainingError
from training.fp16 import round_weights, save_fp16
from training.networks import FractureNetwork, RegionNetwork, TypeNetwork
from training.trainer import save_atomically

OUTPUTS = ("logits", "features", "alpha")
# Largest difference in probability (on noise, the hardest input) that rounding to fp16 and that the export may bring.
ROUNDING, PARITY = 1e-2, 1e-4


Network = FractureNetwork | RegionNetwork | TypeNetwork


class _WithMaps(nn.Module):
    def __init__(self, model: Network) -> None:
        super().__init__()
        self.model = model

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        return self.model.with_maps(image)


def export_with_maps(model: nn.Module, size: int, path: Path, extra_outputs: tuple[str, ...] = ()) -> None:
    """Write `model.with_maps` to `path`: input `image` [batch, 1, size, size]; outputs named as in `OUTPUTS`.

    Afterwards `model` is on the CPU, holds the rounded weights, and was compared with the file in onnxruntime.
    """
    assert isinstance(model, Network)
    view = _WithMaps(model).eval().cpu()
    for parameter in view.parameters():
        parameter.data = parameter.data.contiguous()
    names = [*OUTPUTS, *extra_outputs]
    sample = torch.rand(3, 1, size, size, generator=torch.Generator().manual_seed(0))
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        exact = _probabilities(model.with_maps(sample)[0])
        for part in model.modules():
            if isinstance(part, EfficientNetLite0):
                part.merge_normalisations()
        round_weights(model)
        rounded = _probabilities(model.with_maps(sample)[0])
        raw = Path(folder) / "raw.onnx"
        torch.onnx.export(
            view,
            (sample[:2],),
            str(raw),
            input_names=["image"],
            output_names=names,
            dynamic_axes={name: {0: "batch"} for name in ["image", *names]},
            opset_version=OPSET,
            # Keeps normalisation apart from the convolutions: merged, their products would be rounded once more.
            training=torch.onnx.TrainingMode.PRESERVE,
            dynamo=False,
        )
        onnx.checker.check_model(str(raw))
        save_fp16(raw, path)
    got = _probabilities(torch.from_numpy(run_batches(path, [sample], ("logits",))[0]))
    by_rounding, by_export = float((exact - rounded).abs().max()), float((rounded - got).abs().max())
    print(f"{path}: probability differs by {by_rounding:.1e} (fp16), {by_export:.1e} (export)", file=sys.stderr)
    if by_rounding > ROUNDING or by_export > PARITY:
        raise TrainingError(
            "TRN_PARITY", f"{path} differs from the network in PyTorch by {by_rounding:.1e} and {by_export:.1e}.",
            "Report this.",
        )  # fmt: skip


def _probabilities(logits: Tensor) -> Tensor:
    return logits.sigmoid() if logits.shape[1] == 1 else logits.softmax(1)


def save_shipped(model: nn.Module, kind: str, arguments: dict[str, Any], size: int, path: Path) -> None:
    """The shipped weights as PyTorch has them, for parity checks; beside the checkpoints, never in `models/`."""
    save_atomically({"kind": kind, "arguments": arguments, "size": size, "state": model.state_dict()}, path)


def session(path: Path, threads: int = 0) -> onnxruntime.InferenceSession:
    """An onnxruntime session on the CPU; `threads` 0: as many as PyTorch uses."""
    if not path.exists():
        raise TrainingError("TRN_NO_WEIGHTS", f"There are no weights {path}.", "Train that network first.")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or torch.get_num_threads()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def run_batches(path: Path, images: Iterable[Tensor], outputs: tuple[str, ...]) -> tuple[NDArray[np.float32], ...]:
    """The named outputs over batches of images, concatenated: what is shipped is what is measured."""
    runner = session(path)
    parts: list[list[NDArray[np.float32]]] = [[] for _ in outputs]
    for batch in images:
        for part, value in zip(parts, runner.run(list(outputs), {"image": batch.numpy()}), strict=True):
            part.append(value)
    return tuple(np.concatenate(part) for part in parts)
