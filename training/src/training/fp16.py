"""Weights stored as fp16 with a cast back to float32 in the graph: half the file, the arithmetic unchanged."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

SMALLEST = 256


def store_as_fp16(model: onnx.ModelProto) -> onnx.ModelProto:
    """Float initialisers of more than 256 elements become fp16 + Cast; others stay float32.

    Values are clipped to the range of fp16. Computation stays in float32.
    """
    graph = model.graph
    casts = []
    for initializer in list(graph.initializer):
        if initializer.data_type != TensorProto.FLOAT or int(np.prod(initializer.dims)) <= SMALLEST:
            continue
        values = np.clip(numpy_helper.to_array(initializer), -65504, 65504).astype(np.float16)
        name = initializer.name
        half = numpy_helper.from_array(values, name + "_fp16")
        graph.initializer.remove(initializer)
        graph.initializer.append(half)
        casts.append(helper.make_node("Cast", [half.name], [name], name=name + "_cast", to=TensorProto.FLOAT))
    for cast in reversed(casts):
        graph.node.insert(0, cast)
    onnx.checker.check_model(model)
    return model


def save_fp16(source: Path, target: Path) -> None:
    """Read an ONNX file, store its weights as fp16, write it (atomically)."""
    model = store_as_fp16(onnx.load(str(source)))
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(".tmp")
    temporary.write_bytes(model.SerializeToString())
    temporary.replace(target)


def round_weights(model: nn.Module) -> None:
    """Weights and buffers of more than 256 elements take the values that fp16 can hold; in place."""
    with torch.no_grad():
        for value in model.state_dict().values():
            if value.dtype == torch.float32 and value.numel() > SMALLEST:
                value.copy_(value.clamp(-65504, 65504).half().float())


def sha256(path: Path) -> str:
    """Hex digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def opset(path: Path) -> int:
    """Version of the standard operator set of an ONNX file."""
    model = onnx.load(str(path), load_external_data=False)
    return int(next(o.version for o in model.opset_import if o.domain in ("", "ai.onnx")))
