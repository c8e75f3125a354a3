"""Weights back from a shipped ONNX file, so that training can go on where only `models/` was kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn

from training.errors import TrainingError
from training.protocol import Round, describe, rounds
from training.yolov8 import Conv

# The exports wrap every network as `model`.
PREFIX = "model."
VARIANCE_FLOOR = 1e-5


@dataclass(frozen=True)
class Effort:
    """Epochs and seconds that went into shipped weights."""

    epochs: int
    seconds: float


def read_effort(folder: Path, part: Round) -> Effort:
    """What the card in `folder` says of the training; refuses weights whose training saw the reported fold.

    Only weights of round 0 are shipped, so nothing but `holdout` can go on from them.
    """
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    known = {describe("holdout"), describe("five-fold")}
    if part.number != rounds("holdout")[0].number or card["training"]["protocol"] not in known:
        raise TrainingError(
            "TRN_OPTIONS",
            f"The weights in {folder} are of round 0; other rounds would have seen their reported fold.",
            "Use --protocol holdout, or train from the beginning.",
        )
    return Effort(int(card["training"]["epochs"]), float(card["training"]["seconds"]))


def noted_effort(checkpoint: dict[str, Any]) -> Effort:
    """What a run noted of the weights that it started from."""
    options = checkpoint["config"]["options"]
    return Effort(int(options.get("earlier_epochs", 0)), float(options.get("earlier_seconds", 0.0)))


def initializers(file: Path) -> tuple[onnx.ModelProto, dict[str, NDArray[np.float32]]]:
    """The graph and its weights in float32, under the names that its nodes use."""
    if not file.exists():
        raise TrainingError("TRN_NO_WEIGHTS", f"There are no weights {file}.", "Train that network first.")
    model = onnx.load(str(file))
    found = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
    for node in model.graph.node:
        # Casts restore fp16 weights; identities stand for weights that equal others.
        if node.op_type in ("Cast", "Identity") and node.input[0] in found:
            found[node.output[0]] = found[node.input[0]]
    return model, {k: v.astype(np.float32) for k, v in found.items() if v.dtype in (np.float16, np.float32)}


def load_by_name(network: nn.Module, file: Path, optional: tuple[str, ...] = ()) -> None:
    """Fill `network` from an export that kept the names. `optional`: prefixes of what is not exported.

    Weights without a name of their own (transposed by the export) must not exist in such a network.
    """
    _, values = initializers(file)
    state = network.state_dict()
    missing = []
    for key, value in state.items():
        array = values.get(PREFIX + key)
        if array is not None and array.shape == tuple(value.shape):
            state[key] = torch.from_numpy(array.copy())
        elif not key.endswith("num_batches_tracked") and not key.startswith(optional):
            missing.append(key)
    if missing:
        raise TrainingError(
            "TRN_SHIPPED_OTHER",
            f"{file} lacks {len(missing)} weights of this network, the first is {missing[0]}.",
            "Choose the file of the same network.",
        )
    network.load_state_dict(state)


def convolutions_in_order(network: nn.Module, example: Tensor) -> list[tuple[nn.Conv2d, nn.BatchNorm2d | None]]:
    """The convolutions in the order of their use, each with the normalisation that follows it."""
    used: list[tuple[nn.Conv2d, nn.BatchNorm2d | None]] = []
    norms = {id(m.conv): m.norm for m in network.modules() if isinstance(m, Conv)}

    def note(module: nn.Module, *_: object) -> None:
        assert isinstance(module, nn.Conv2d)
        used.append((module, norms.get(id(module))))

    handles = [m.register_forward_hook(note) for m in network.modules() if isinstance(m, nn.Conv2d)]
    with torch.no_grad():
        network.eval()(example)
    for handle in handles:
        handle.remove()
    return used


def load_merged(network: nn.Module, file: Path, images: Tensor) -> None:
    """Fill a detector from an export whose normalisations were merged into its convolutions.

    Each normalisation is given the statistics that its convolution shows on `images` (normalised, as the network
    takes them) and the scale and shift that undo them: the function stays, and training can go on.
    """
    model, values = initializers(file)
    kernels = [node for node in model.graph.node if node.op_type == "Conv"]
    used = convolutions_in_order(network, images[:1])
    if len(kernels) != len(used):
        raise TrainingError(
            "TRN_SHIPPED_OTHER",
            f"{file} has {len(kernels)} convolutions, this network {len(used)}.",
            "Choose the file of the same network.",
        )
    with torch.no_grad():
        for node, (conv, norm) in zip(kernels, used, strict=True):
            conv.weight.copy_(torch.from_numpy(values[node.input[1]].copy()))
            bias = torch.from_numpy(values[node.input[2]].copy())
            if norm is None:
                assert conv.bias is not None
                conv.bias.copy_(bias)
            else:
                assert norm.running_mean is not None and norm.running_var is not None
                norm.weight.fill_(1.0)
                norm.bias.copy_(bias)
                norm.running_mean.zero_()
                norm.running_var.fill_(1.0 - norm.eps)
        statistics: dict[int, tuple[Tensor, Tensor]] = {}
        handles = [
            conv.register_forward_hook(
                lambda module, _, out: statistics.__setitem__(
                    id(module), (out.mean((0, 2, 3)), out.var((0, 2, 3), unbiased=False))
                )
            )
            for conv, norm in used
            if norm is not None
        ]
        network.eval()(images)
        for handle in handles:
            handle.remove()
        for conv, norm in used:
            if norm is None:
                continue
            mean, variance = statistics[id(conv)]
            assert norm.running_mean is not None and norm.running_var is not None
            norm.running_mean.copy_(mean)
            norm.running_var.copy_(variance.clamp_min(VARIANCE_FLOOR))
            norm.weight.copy_((norm.running_var + norm.eps).sqrt())
            norm.bias.add_(mean)
