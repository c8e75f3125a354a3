"""`python -m training.quantise`: int8 beside the shipped weights, so that it is kept only where accuracy holds.

Static quantisation (per channel, QDQ) of the detector and every classifier; ranges from images of the training folds.
Both are run over the reporting fold: AUC (of the detector: of its highest score), largest change of a probability,
size, processor time per image on one thread. Accuracy holds where the interval of the change of AUC lies above -0.01.
Nothing in `models/` is changed; the table goes between its markers in EXPERIMENTS.md.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, numpy_helper
from onnxruntime import InferenceSession
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from training.calibration import logit, sigmoid
from training.cards_table import insert
from training.dataset import ImageRecord, read_any
from training.errors import run_program
from training.export import session
from training.metrics import BOOTSTRAPS, Floats, auc, group_bootstrap
from training.pixels import DEFAULT_CACHE, PixelPack
from training.protocol import rounds
from training.splits import count_once, with_folds

RANGE_IMAGES = 64
# Loss of AUC that the interval must exclude for accuracy to count as held.
MARGIN = 0.01
MARKERS = ("<!-- int8:begin -->", "<!-- int8:end -->")
HEADER = (
    "| network | weights | MB | AUC (95 % interval) | change of AUC (95 % interval) | largest change of p "
    "| ms of processor per image | accuracy holds |\n|---|---|--:|---|---|--:|--:|---|"
)


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


@dataclass(frozen=True)
class Answers:
    """Calibrated probabilities of one set of weights over a set of images, and the time of one image."""

    probabilities: Floats
    milliseconds: float


def _raw(runner: InferenceSession, task: str, image: NDArray[np.float32]) -> float:
    """The logit that is calibrated: of a detector that of its highest score."""
    if task == "detect":
        return float(logit(np.asarray(runner.run(["scores"], {"image": image})[0].max(), dtype=np.float64)))
    return float(runner.run(["logits"], {"image": image})[0][0, 0])


def measure(files: Sequence[Path], card: dict[str, Any], pack: PixelPack, rows: Sequence[int]) -> list[Answers]:
    """Every file on every image, in turns, so that what else the machine does disturbs all alike."""
    runners = [session(file, threads=1) for file in files]
    raw, times = np.zeros((len(files), len(rows))), np.zeros((len(files), len(rows)))
    for k, row in enumerate(rows):
        image = pack.batch([row]).numpy()
        for i, runner in enumerate(runners):
            start = time.process_time()
            raw[i, k] = _raw(runner, card["task"], image)
            times[i, k] = (time.process_time() - start) * 1000
    scale, shift = card["calibration"]["scale"], card["calibration"]["shift"]
    return [Answers(sigmoid(scale * r + shift), float(np.median(t))) for r, t in zip(raw, times, strict=True)]


def _auc(
    p: Floats, labels: NDArray[np.bool_], groups: Sequence[str], bootstraps: int
) -> tuple[float, tuple[float, float] | None]:
    return auc(p, labels), group_bootstrap(lambda weights: auc(p, labels, weights), groups, count=bootstraps)


def compare(
    name: str, files: Sequence[Path], both: Sequence[Answers], records: Sequence[ImageRecord], bootstraps: int
) -> list[str]:
    """Two lines of the table: the shipped weights and int8."""
    labels = np.asarray([record.fractured for record in records], dtype=bool)
    groups = [record.group for record in records]
    shipped, small = (answers.probabilities for answers in both)

    def figure(value: float, interval: tuple[float, float] | None, sign: str) -> str:
        bounds = "no interval" if interval is None else f"{interval[0]:{sign}.3f} to {interval[1]:{sign}.3f}"
        return f"{value:{sign}.3f} ({bounds})"

    def change(weights: Floats | None) -> float:
        return auc(small, labels, weights) - auc(shipped, labels, weights)

    changed = group_bootstrap(change, groups, count=bootstraps)
    holds = changed is not None and changed[0] > -MARGIN
    lines = []
    for weights, file, answers in zip(("fp16", "int8"), files, both, strict=True):
        area = figure(*_auc(answers.probabilities, labels, groups, bootstraps), "")
        against = f"{figure(change(None), changed, '+')} | {np.abs(small - shipped).max():.3f}"
        lines.append(
            f"| {name if weights == 'fp16' else ''} | {weights} | {file.stat().st_size / 1e6:.1f} | {area} "
            f"| {against if weights == 'int8' else ' | '} | {answers.milliseconds:.1f} "
            f"| {('yes' if holds else 'no') if weights == 'int8' else ''} |"
        )
    return lines


def main(argv: Sequence[str] | None = None) -> int:
    """Measure every network and write the table."""
    parser = argparse.ArgumentParser(prog="python -m training.quantise", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/fracatlas"))
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE)
    parser.add_argument("--table", type=Path, default=Path("training/EXPERIMENTS.md"))
    parser.add_argument("--bootstraps", type=int, default=BOOTSTRAPS)
    args = parser.parse_args(argv)
    data = read_any(args.data)
    part = rounds("holdout")[0]
    records = with_folds(data.records)
    reporting, training = count_once(part.reporting(records)), part.training(records)
    chosen = training[:: max(1, len(training) // RANGE_IMAGES)][:RANGE_IMAGES]
    lines = []
    for folder in sorted(args.models.glob("*/")):
        file = folder / "model.onnx"
        if not file.exists():
            continue
        card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
        if card["task"] not in ("detect", "classify"):
            continue
        pack = PixelPack([*reporting, *chosen], card["input"]["width"], args.cache)
        with tempfile.TemporaryDirectory() as temporary:
            small = Path(temporary) / "int8.onnx"
            quantise(file, small, pack.batch([pack.index[record.id] for record in chosen]).numpy())
            both = measure([file, small], card, pack, [pack.index[record.id] for record in reporting])
            lines += compare(f"{card['id']} {card['version']}", [file, small], both, reporting, args.bootstraps)
        print(*lines[-2:], sep="\n", flush=True)
    where = (
        f"Measured by `python -m training.quantise` on {data.name} fold {part.report} (held out), near-duplicates "
        f"counted once: {len(reporting)} images, {sum(r.fractured for r in reporting)} with a fracture. One thread; "
        f"{len(chosen)} images of the training folds gave the ranges. Accuracy holds where the interval of the change "
        f"lies above {-MARGIN}."
    )
    insert(args.table, "\n".join([where, "", HEADER, *lines]), MARKERS)
    return 0


if __name__ == "__main__":
    run_program(main)
