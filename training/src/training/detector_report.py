"""From trained rounds to `models/`: weights, calibration, thresholds, figures with intervals, card, predictions.

Everything is measured on the exported file in onnxruntime, so that the figures are those of what is shipped.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import Tensor

from training import card
from training.calibration import apply_platt, fit_platt, logit
from training.dataset import REGIONS, DataSet, ImageRecord
from training.detector_export import NORMALISATION, DetectorNetwork, write_onnx
from training.errors import TrainingError
from training.metrics import (
    BoxMatches,
    Floats,
    auc,
    box_ap,
    calibration_error,
    froc,
    group_bootstrap,
    iou_matrix,
    match_boxes,
    sensitivity_and_false,
    strongest,
    wilson,
)
from training.pixels import PixelPack
from training.predict import Detections, detect_all, highest_scores, truths_of
from training.protocol import Round, describe
from training.splits import count_once
from training.trainer import TrainResult, choose_device, device_name
from training.yolov8 import YoloV8, parameter_count

HIT_IOU = 0.3
DOUBTFUL_FALSE = 0.5
DEFINITE_FALSE = 0.1
BORDER_CUT = 0.05
# Boxes below this raw score are left out of the calibration: they are countless and never shown.
CALIBRATED_FROM = 0.01
PARITY = 1e-3
# Boxes per image in the files of predictions; those beyond hardly move a figure and would fill the repository.
MOST_WRITTEN = 30


@dataclass(frozen=True)
class Measured:
    """One round on its two untrained folds. Duplicates are counted once."""

    part: Round
    records: dict[str, list[ImageRecord]]
    found: dict[str, list[Detections]]
    scale: float
    shift: float
    thresholds: dict[str, float]


def onnx_network(path: Path, threads: int) -> Callable[[Tensor], tuple[Tensor, Tensor]]:
    """The exported file as a function of images."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def run(images: Tensor) -> tuple[Tensor, Tensor]:
        boxes, scores = session.run(["boxes", "scores"], {"image": images.cpu().numpy()})
        return torch.from_numpy(boxes), torch.from_numpy(scores)

    return run


def parity(path: Path, model: YoloV8, side: int, images: Tensor) -> float:
    """Largest difference in score between PyTorch (weights as trained) and the exported file."""
    with torch.inference_mode():
        _, expected = DetectorNetwork(model.cpu().eval(), side)(images)
    _, got = onnx_network(path, 1)(images)
    return float((expected - got).abs().max())


def hits_any(found: Sequence[Detections], records: Sequence[ImageRecord]) -> tuple[Floats, NDArray[np.bool_]]:
    """Raw scores of all boxes from `CALIBRATED_FROM` on, and whether each hits a fracture (IoU >= 0.3)."""
    scores, hits = [], []
    for detections, truth in zip(found, truths_of(records), strict=True):
        best = iou_matrix(detections.boxes, truth).max(axis=1, initial=0.0)
        above = detections.scores >= CALIBRATED_FROM
        scores.append(detections.scores[above])
        hits.append(best[above] >= HIT_IOU)
    return np.concatenate([*scores, np.zeros(0)]), np.concatenate([*hits, np.zeros(0, dtype=bool)]).astype(bool)


def matched(found: Sequence[Detections], records: Sequence[ImageRecord], threshold: float) -> BoxMatches:
    """Boxes matched with the truth at an IoU."""
    return match_boxes([(d.boxes, d.scores) for d in found], truths_of(records), threshold)


def measure(part: Round, file: Path, records: Sequence[ImageRecord], pack: PixelPack, threads: int) -> Measured:
    """Run the exported weights over the calibration and report folds; fit calibration and thresholds on the former."""
    network, cpu = onnx_network(file, threads), torch.device("cpu")
    sides = {"calibrate": count_once(part.calibration(records)), "report": count_once(part.reporting(records))}
    found = {name: detect_all(network, pack, chosen, cpu) for name, chosen in sides.items()}
    scores, hits = hits_any(found["calibrate"], sides["calibrate"])
    scale, shift = fit_platt(logit(scores), hits)
    points = froc(matched(found["calibrate"], sides["calibrate"], HIT_IOU), [DOUBTFUL_FALSE, DEFINITE_FALSE])
    calibrated = apply_platt(np.array([p[1] for p in points]), scale, shift)
    thresholds = {"doubtful": float(calibrated[0]), "definite": float(calibrated[1])}
    return Measured(part, sides, found, scale, shift, thresholds)


def _calibrated(found: Sequence[Detections], scale: float, shift: float) -> list[Detections]:
    return [Detections(d.boxes, apply_platt(d.scores, scale, shift)) for d in found]


def subset_results(
    records: Sequence[ImageRecord], found: Sequence[Detections], where: str, subset: str, simulated: bool
) -> list[dict[str, Any]]:
    """AP, sensitivity at 0.5 false boxes per image (IoU 0.5 and 0.3) and AUC of one subset; calibrated scores given."""
    labels = np.array([r.fractured for r in records], dtype=bool)
    groups = [r.group for r in records]
    strict, loose = matched(found, records, 0.5), matched(found, records, HIT_IOU)
    # A draw of patient groups shifts the number of false boxes, never tenfold: the weaker boxes cannot matter.
    few = 10 * DOUBTFUL_FALSE * len(records)
    best_strict, best_loose = strongest(strict, few), strongest(loose, few)
    highest = highest_scores(found)
    fractures, images = int(strict.truths.sum()), len(records)
    if fractures == 0 or images == 0:
        return []
    at = f"sensitivity per fracture at {DOUBTFUL_FALSE} false boxes per image"

    def line(metric: str, statistic: Callable[[Floats], float], unit: str, n: int, positives: int) -> dict[str, Any]:
        value, interval, method = statistic(np.ones(images)), group_bootstrap(statistic, groups), card.GROUP_BOOTSTRAP
        if unit == "fracture" and interval is not None and interval[0] == interval[1]:
            # All or none found in every draw: the bootstrap sees no spread where the small number leaves much.
            interval, method = wilson(round(value * n), n), "Wilson score interval; every bootstrap draw was alike"
        return card.result_entry(metric, value, interval, where, subset, unit, n, positives, simulated, method)

    found_lines = [
        line("AP@0.5", lambda w: box_ap(strict, w), "box", images, fractures),
        line(
            f"{at} (IoU 0.5)", lambda w: froc(best_strict, [DOUBTFUL_FALSE], w)[0][0], "fracture", fractures, fractures
        ),
        line(
            f"{at} (IoU 0.3)", lambda w: froc(best_loose, [DOUBTFUL_FALSE], w)[0][0], "fracture", fractures, fractures
        ),
        line("AUC (highest box score)", lambda w: auc(highest, labels, w), "image", images, int(labels.sum())),
    ]
    return [entry for entry in found_lines if math.isfinite(entry["value"])]


def threshold_results(measured: Sequence[Measured], where: str, simulated: bool) -> list[dict[str, Any]]:
    """What the two operating points give on the reported images (thresholds of each one's own round)."""
    lines = []
    for certainty in ("doubtful", "definite"):
        records = [r for m in measured for r in m.records["report"]]
        # Shifted so that each round's threshold lies at 0: pooled rounds keep their own thresholds.
        found = [
            Detections(d.boxes, d.scores - m.thresholds[certainty])
            for m in measured
            for d in _calibrated(m.found["report"], m.scale, m.shift)
        ]
        matches = matched(found, records, HIT_IOU)
        groups, fractures = [r.group for r in records], int(matches.truths.sum())
        for index, metric in ((0, "sensitivity per fracture"), (1, "false boxes per image")):

            def statistic(w: Floats, index: int = index, matches: BoxMatches = matches) -> float:
                return sensitivity_and_false(matches, 0.0, w)[index]

            unit, n = ("fracture", fractures) if index == 0 else ("image", len(records))
            lines.append(
                card.result_entry(
                    f"{metric} at the {certainty} threshold (IoU {HIT_IOU})",
                    statistic(np.ones(len(records))),
                    group_bootstrap(statistic, groups),
                    where,
                    "all",
                    unit,
                    n,
                    fractures if index == 0 else None,
                    simulated,
                )
            )
    return lines


def all_results(
    args: argparse.Namespace, data: DataSet, measured: Sequence[Measured], files: Sequence[Path]
) -> list[dict[str, Any]]:
    """Every figure of the card, on the reported folds."""
    folds = ", ".join(str(m.part.report) for m in measured)
    where = f"{data.name} fold {folds} (held out by patient group, normals included, duplicates counted once)"
    pooled = [
        (record, detections)
        for m in measured
        for record, detections in zip(
            m.records["report"], _calibrated(m.found["report"], m.scale, m.shift), strict=True
        )
    ]

    def chosen(keep: Callable[[ImageRecord], bool], subset: str) -> list[dict[str, Any]]:
        part = [(r, d) for r, d in pooled if keep(r)]
        return subset_results([r for r, _ in part], [d for _, d in part], where, subset, data.simulated)

    results = chosen(lambda r: True, "all") + chosen(lambda r: not r.hardware, "without hardware")
    results += _cropped_results(args, measured, files, where, data.simulated)
    for region in REGIONS:
        results += chosen(lambda r, region=region: region in r.regions, f"region: {region}")  # type: ignore[misc]
    results += chosen(lambda r: r.ankle_foot is not None, "ankle_foot")
    results += threshold_results(measured, where, data.simulated)
    raw, hits, probability = [], [], []
    for m in measured:
        scores, hit = hits_any(m.found["report"], m.records["report"])
        raw.append(scores)
        hits.append(hit)
        probability.append(apply_platt(scores, m.scale, m.shift))
    boxes = int(sum(len(s) for s in raw))
    if boxes:
        error = calibration_error(np.concatenate(probability), np.concatenate(hits))
        results.append(
            card.result_entry(
                "ECE (15 equal-mass bins)",
                error,
                None,
                where,
                "all",
                "box",
                boxes,
                int(np.concatenate(hits).sum()),
                data.simulated,
                method="no interval: boxes of one image depend on each other",
                note=f"boxes with raw score >= {CALIBRATED_FROM}; hit = IoU >= {HIT_IOU} with a fracture",
            )
        )
    return results


def _cropped_results(
    args: argparse.Namespace, measured: Sequence[Measured], files: Sequence[Path], where: str, simulated: bool
) -> list[dict[str, Any]]:
    """The same images with 5 % of each side cut off before reading: what markers and borders bring."""
    records: list[ImageRecord] = []
    found: list[Detections] = []
    for m, file in zip(measured, files, strict=True):
        part = m.records["report"]
        pack = PixelPack(part, args.side, args.cache, border_cut=BORDER_CUT)
        raw = detect_all(onnx_network(file, max(1, args.threads)), pack, part, torch.device("cpu"))
        records += part
        found += _calibrated(raw, m.scale, m.shift)
    return subset_results(records, found, where, "borders cropped", simulated)


def write_predictions(folder: Path, data: DataSet, measured: Sequence[Measured]) -> None:
    """Raw boxes of every untrained fold as COCO results, and the highest raw score per image as a table."""
    folder.mkdir(parents=True, exist_ok=True)
    rows: dict[int, list[tuple[ImageRecord, Detections]]] = {}
    for m in reversed(measured):
        # A fold's own report goes before its use for calibration in another round.
        for role, fold in (("calibrate", m.part.calibrate), ("report", m.part.report)):
            if role == "report" or fold not in rows:
                rows[fold] = list(zip(m.records[role], m.found[role], strict=True))
    numbers = data.coco_ids or {r.id: i for i, r in enumerate(data.records)}
    with (folder / "image-scores-detector.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["file_name", "fold", "fractured", "group", "score"])
        for fold in sorted(rows):
            for record, detections in rows[fold]:
                highest = highest_scores([detections])[0]
                writer.writerow([record.id, fold, int(record.fractured), record.group, f"{highest:.6f}"])
    for fold, images in rows.items():
        entries = [
            {
                "image_id": numbers[record.id],
                "category_id": 1,
                "bbox": [round(float(v), 1) for v in (x1, y1, x2 - x1, y2 - y1)],
                "score": round(float(score), 5),
            }
            for record, detections in images
            for (x1, y1, x2, y2), score in zip(
                detections.boxes[:MOST_WRITTEN], detections.scores[:MOST_WRITTEN], strict=True
            )
        ]
        lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in entries)
        (folder / f"detector-fold{fold}.json").write_text(f"[{lines}]\n", encoding="utf-8")


def export_detector(
    args: argparse.Namespace,
    data: DataSet,
    records: Sequence[ImageRecord],
    pack: PixelPack,
    trained: Sequence[tuple[Round, TrainResult]],
) -> Path:
    """Write `models/yolov8<size>-fracture/` and the predictions; returns the card's path."""
    identity = f"yolov8{args.size}-fracture"
    folder = args.models / identity
    files, measured = [], []
    largest = 0.0
    for part, result in trained:
        shipped = part is trained[0][0]
        file = folder / "model.onnx" if shipped else args.runs / f"yolov8{args.size}" / f"round{part.number}.onnx"
        assert isinstance(result.model, YoloV8)
        write_onnx(DetectorNetwork(result.model.cpu(), args.side), args.side, file)
        sample = [pack.index[r.id] for r in part.reporting(records)[:8]]
        largest = max(largest, parity(file, result.model, args.side, pack.batch(sample)))
        files.append(file)
        measured.append(measure(part, file, records, pack, max(1, args.threads)))
    print(f"PyTorch against onnxruntime: largest difference in score {largest:.2e}", file=sys.stderr)
    if largest > PARITY:
        raise TrainingError("TRN_PARITY", f"The exported scores differ by {largest:.2e}.", "Report this.")
    write_predictions(args.models / "evaluation", data, measured)
    results = all_results(args, data, measured, files)
    ids = card.write_ids(
        folder,
        {
            "train": trained[0][0].training(records),
            "calibrate": trained[0][0].calibration(records),
            "report": [r for m in measured for r in m.part.reporting(records)],
        },
    )
    content = _card(args, data, records, trained, measured[0], results, files[0], identity, ids)
    return card.write_card(content, folder)


def _command(args: argparse.Namespace) -> str:
    named = {
        "protocol": args.protocol, "size": args.size, "side": args.side, "view": args.view,
        "views-per-epoch": args.views_per_epoch, "whole-from": args.whole_from, "epochs": args.epochs,
        "budget-minutes": args.budget_minutes, "learning-rate": args.learning_rate, "batch": args.batch,
        "seed": args.seed, "threads": args.threads,
    }  # fmt: skip
    if args.start is not None:
        named["start"] = "CHECKPOINT"
    return "python -m training.detect " + " ".join(
        f"--{k} {v:g}" if isinstance(v, float) else f"--{k} {v}" for k, v in named.items()
    )


def _card(
    args: argparse.Namespace,
    data: DataSet,
    records: Sequence[ImageRecord],
    trained: Sequence[tuple[Round, TrainResult]],
    measured: Measured,
    results: list[dict[str, Any]],
    file: Path,
    identity: str,
    ids: str,
) -> dict[str, Any]:
    part, result = trained[0]
    train, side = part.training(records), args.side
    anchors = sum((side // stride) ** 2 for stride in (8, 16, 32))
    chosen_on = f"{data.name} fold {part.calibrate}"
    rule = (
        "most sensitive threshold with at most {} false boxes (IoU < 0.3 with every fracture) per image, "
        "normals included"
    )
    split = f"folds {', '.join(map(str, part.train))} of 5, by patient group"
    labelled_by = "the authors of FracAtlas: two radiologists, one orthopaedic surgeon (Abedeen et al. 2023)"
    assert isinstance(result.model, YoloV8)
    return {
        "schema": card.SCHEMA,
        "id": identity,
        "version": args.version,
        "title": f"Fracture detector, YOLOv8{args.size}",
        "task": "detect",
        "architecture": f"YOLOv8{args.size}: C2f, SPPF, decoupled anchor-free head, distribution focal loss; "
        "one grey channel",
        "source": "architecture after Jocher et al. 2023, written anew; weights trained from random values",
        "parameters": parameter_count(result.model),
        "licence": card.LICENCE,
        "file": card.file_entry(file),
        "input": card.letterbox_input(side, NORMALISATION),
        "outputs": [
            {
                "name": "boxes",
                "shape": ["batch", 4, anchors],
                "meaning": "x1, y1, x2, y2 in input pixels; anchors at stride 8, then 16, then 32, each row by row; "
                "before non-maximum suppression (measured with IoU 0.5, at most 100 boxes)",
            },
            {"name": "scores", "shape": ["batch", 1, anchors], "meaning": "raw score, 0 to 1, before calibration"},
        ],
        "classes": ["fracture"],
        "training": {
            "data": [card.data_entry(data, train, split, ids)],
            "protocol": describe(args.protocol),
            "device": device_name(choose_device(args.device)),
            "epochs": result.epochs,
            "seconds": round(sum(r.seconds for _, r in trained)),
            "seed": args.seed,
            "command": _command(args),
            "labelledBy": "a program (drawings)" if data.simulated else labelled_by,
        },
        "simulatedOnly": data.simulated,
        "calibration": {
            "method": "platt",
            "scale": measured.scale,
            "shift": measured.shift,
            "fittedOn": f"{chosen_on}: boxes with raw score >= {CALIBRATED_FROM}; "
            f"target: the box hits a fracture (IoU >= {HIT_IOU})",
        },
        "operatingPoints": [
            {
                "certainty": certainty,
                "region": None,
                "threshold": measured.thresholds[certainty],
                "rule": rule.format(allowed),
                "chosenOn": chosen_on,
            }
            for certainty, allowed in (("definite", DEFINITE_FALSE), ("doubtful", DOUBTFUL_FALSE))
        ],
        "outOfDistribution": None,
        "combiner": None,
        "conformal": None,
        "results": results,
        "intendedUse": card.INTENDED_USE,
        "notFor": list(card.NOT_FOR),
        "limits": _limits(data, train, result, results),
    }


def _limits(
    data: DataSet, train: Sequence[ImageRecord], result: TrainResult, results: list[dict[str, Any]]
) -> list[str]:
    """Plain sentences, with the figures of this card."""
    fractures = sum(len(r.boxes) for r in train)
    lines = [
        f"Trained on {len(train)} images with {fractures} fractures of one collection, for {result.epochs} epochs in "
        f"{result.seconds / 60:.0f} minutes of elapsed time, from random values.",
    ]
    if data.simulated:
        lines.append("Trained and measured on simulated drawings only: its figures say nothing about patients.")
    wanted = f"sensitivity per fracture at {DOUBTFUL_FALSE} false boxes per image (IoU 0.3)"
    of_all = next((r for r in results if r["metric"] == wanted and r["subset"] == "all"), None)
    if of_all is not None:
        lines.append(
            f"At one false box on every second image it finds {of_all['value'] * 100:.0f} % of the fractures "
            f"and misses the others."
        )
    lines.append(
        "Metal, casts, borders and side markers can steer it; see the results without hardware and with borders "
        "cropped."
    )
    lines.append("Images of one patient may still lie in several folds where the collection does not tell.")
    return lines
