"""`python -m training.quantise`: int8 beside the shipped weights, so that it is kept only where accuracy holds.

Static quantisation (per channel, QDQ) of every classifier; ranges from images of the training folds. Both are run
over the reporting fold: AUC, largest change of a probability, size, milliseconds per image on one thread.
Nothing in `models/` is changed; the table is printed for EXPERIMENTS.md.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from training.calibration import sigmoid
from training.dataset import read_any
from training.errors import run_program
from training.export import session
from training.metrics import auc
from training.networks import CLASSIFIERS
from training.pixels import DEFAULT_CACHE, PixelPack
from training.protocol import rounds
from training.splits import count_once, with_folds

RANGE_IMAGES = 64


class _Images(CalibrationDataReader):
    """Images for the ranges of activations, one by one."""

    def __init__(self, images: NDArray[np.float32]) -> None:
        self.items: Iterator[NDArray[np.float32]] = iter(images)

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        image = next(self.items, None)
        return None if image is None else {"image": image[None]}


def without_casts(model: onnx.ModelProto) -> onnx.ModelProto:
    """The fp16 initialisers as float32 again, their casts gone: what the quantiser can read."""
    halves = {i.name: i for i in model.graph.initializer if i.data_type == TensorProto.FLOAT16}
    for node in [n for n in model.graph.node if n.op_type == "Cast" and n.input[0] in halves]:
        half = halves[node.input[0]]
        full = numpy_helper.from_array(numpy_helper.to_array(half).astype(np.float32), node.output[0])
        model.graph.node.remove(node)
        model.graph.initializer.remove(half)
        model.graph.initializer.append(full)
    return model


def quantise(source: Path, target: Path, images: NDArray[np.float32]) -> None:
    """Write the int8 twin of an ONNX file; `images` [N, 1, S, S] in [0, 1] give the ranges of the activations."""
    with tempfile.TemporaryDirectory() as folder:
        plain, ready = Path(folder) / "plain.onnx", Path(folder) / "ready.onnx"
        onnx.save(without_casts(onnx.load(str(source))), str(plain))
        quant_pre_process(str(plain), str(ready), skip_symbolic_shape=True)
        quantize_static(
            str(ready),
            str(target),
            _Images(images),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["Conv", "Gemm", "MatMul", "Add"],
        )


def _logits(file: Path, pack: PixelPack, rows: Sequence[int]) -> tuple[NDArray[np.float64], float]:
    """Logits of one class, and the median milliseconds per image on one thread."""
    runner = session(file, threads=1)
    values, times = [], []
    for row in rows:
        image = pack.batch([row]).numpy()
        start = time.perf_counter()
        values.append(float(runner.run(["logits"], {"image": image})[0][0, 0]))
        times.append((time.perf_counter() - start) * 1000)
    return np.asarray(values, dtype=np.float64), float(np.median(times))


def main(argv: Sequence[str] | None = None) -> int:
    """Print one row per classifier."""
    parser = argparse.ArgumentParser(prog="training.quantise", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/fracatlas"))
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE)
    args = parser.parse_args(argv)
    records = tuple(with_folds(read_any(args.data).records))
    part = rounds("holdout")[0]
    print("| network | weights | MB | AUC, reporting fold | largest change of p | ms per image, 1 thread |")
    print("|---|---|--:|--:|--:|--:|")
    for name in CLASSIFIERS:
        file = args.models / f"{name}-fracture" / "model.onnx"
        card = json.loads(file.with_name("card.json").read_text())
        pack = PixelPack(records, card["input"]["width"], args.cache)
        reporting = count_once(part.reporting(records))
        labels = np.asarray([record.fractured for record in reporting], dtype=bool)
        rows = [pack.index[record.id] for record in reporting]
        training = part.training(records)
        chosen = training[:: max(1, len(training) // RANGE_IMAGES)][:RANGE_IMAGES]
        scale, shift = card["calibration"]["scale"], card["calibration"]["shift"]
        with tempfile.TemporaryDirectory() as folder:
            small = Path(folder) / "int8.onnx"
            quantise(file, small, pack.batch([pack.index[record.id] for record in chosen]).numpy())
            first: NDArray[np.float64] | None = None
            for weights, path in (("fp16", file), ("int8", small)):
                logits, milliseconds = _logits(path, pack, rows)
                probabilities = sigmoid(scale * logits + shift)
                change = 0.0 if first is None else float(np.abs(probabilities - first).max())
                first = probabilities if first is None else first
                size = path.stat().st_size / 1e6
                area = auc(logits, labels)
                print(f"| {name} | {weights} | {size:.1f} | {area:.3f} | {change:.3f} | {milliseconds:.1f} |")
    return 0


if __name__ == "__main__":
    run_program(main)
