"""`python -m training.combine`: fuses detector and classifiers into one calibrated probability per image.

Logistic regression on the logits of the calibrated probabilities, weights >= 0, fitted on the calibration fold.
Thresholds are chosen there too, on probabilities cross-fitted within that fold. Also writes
`models/evaluation/image-scores.csv`, from which `lucency evaluate` repeats the figures.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.calibration import apply_platt, fit_platt, logit, sigmoid
from training.card import (
    INTENDED_USE,
    LICENCE,
    NOT_FOR,
    SCHEMA,
    data_entry,
    read_card,
    result_entry,
    write_card,
    write_ids,
)  # fmt: skip
from training.classify import labelled_by, limits, network_id
from training.dataset import REGIONS, VIEWS, ImageRecord
from training.decisions import Bools, fit_combiner, group_parts, operating_points
from training.detector_report import BORDER_CUT, ExportedDetector, logits_file
from training.errors import TrainingError, run_program
from training.image_results import all_figures, figures, share_of, verdict_records
from training.image_scores import read_scores, scores_file
from training.metrics import BOOTSTRAPS, Floats, group_bootstrap
from training.networks import CLASSIFIERS
from training.options import Sources, add_shared, command_line, prepare, sources
from training.pixels import PixelPack
from training.predict import detect_all, highest_scores
from training.protocol import Round, rounds
from training.protocol import describe as describe_protocol
from training.region import set_name
from training.splits import count_once
from training.trainer import choose_device, device_name

ID = "fracture-combiner"
FEWEST_FOR_REGION = 40
KEPT_SUFFIXES = (" logit", " probability")


@dataclass(frozen=True)
class Side:
    """Images of one role with the raw logit of every model: [N, M]."""

    records: list[ImageRecord]
    raw: Floats

    def labels(self) -> Bools:
        """Fractured or not."""
        return np.array([r.fractured for r in self.records], dtype=bool)


@dataclass(frozen=True)
class Fused:
    """One round: calibrations per model, the regression, thresholds."""

    calibrations: list[tuple[float, float]]
    intercept: float
    weights: Floats
    points: list[dict[str, Any]]
    ankle_threshold: float

    def probabilities(self, raw: Floats) -> Floats:
        """Calibrated probability of every model [N, M]."""
        return np.stack([sigmoid(s * raw[:, k] + t) for k, (s, t) in enumerate(self.calibrations)], axis=1)

    def combined(self, raw: Floats) -> Floats:
        """The fused probability [N]."""
        return sigmoid(self.intercept + logit(self.probabilities(raw)) @ self.weights)


@dataclass(frozen=True)
class ImageLogits:
    """One network's raw logit of an image, by image id; `cropped` with the borders cut off (reported fold only)."""

    whole: dict[str, float]
    cropped: dict[str, float]
    calibration: tuple[float, float]


def image_logits(args: argparse.Namespace, source: Sources, part: Round, model: str) -> ImageLogits:
    """What a network says of whole images: a classifier, a detector with an image answer, or a detector's best box."""
    card = read_card(args.models / model)
    calibrate, reporting = part.calibration(source.records), part.reporting(source.records)
    if card["task"] == "classify":
        raw = read_scores(scores_file(args.runs, model, part), part, source.records)
        calibration = fit_platt(raw.calibration, np.array([r.fractured for r in calibrate]))
        whole = dict(zip((r.id for r in (*calibrate, *reporting)), (*raw.calibration, *raw.reporting), strict=True))
        return ImageLogits(whole, dict(zip((r.id for r in reporting), raw.cropped, strict=True)), calibration)
    if card.get("imageAnswer") is not None:
        whole, cropped = read_logits(logits_file(args.runs, model, part))
    else:
        scores = detector_scores(args.models / "evaluation" / f"image-scores-{model}.csv")
        whole = {image: float(logit(np.array(score))) for image, score in scores.items()}
        cut = cropped_scores(args, part, count_once(reporting), model)
        cropped = {image: float(logit(np.array(score))) for image, score in cut.items()}
    counted = count_once(calibrate)
    calibration = fit_platt(np.array([whole[r.id] for r in counted]), np.array([r.fractured for r in counted]))
    return ImageLogits(whole, cropped, calibration)


@dataclass(frozen=True)
class Placed:
    """Images in which a detector shows a box: without a place the reader calls no image fractured.

    `cropped`: with the borders cut off. Both None where no detector takes part.
    """

    whole: set[str] | None
    cropped: set[str] | None


def placed_images(
    args: argparse.Namespace, models: Sequence[str], parts: Sequence[Round], records: Sequence[ImageRecord]
) -> Placed:
    """Which reported images get a box from one of the networks."""
    detectors = [m for m in models if read_card(args.models / m)["task"] == "detect"]
    if not detectors:
        return Placed(None, None)
    placed = Placed(set(), set())
    assert placed.whole is not None
    assert placed.cropped is not None
    for model in detectors:
        card = read_card(args.models / model)
        placed.whole.update(with_box(card, detector_scores(args.models / "evaluation" / f"image-scores-{model}.csv")))
        for part in parts:
            counted = count_once(part.reporting(records))
            placed.cropped.update(with_box(card, cropped_scores(args, part, counted, model)))
    return placed


def with_box(card: dict[str, Any], highest: Mapping[str, float]) -> list[str]:
    """Images whose highest raw box score reaches the card's doubtful threshold."""
    scale, shift = card["calibration"]["scale"], card["calibration"]["shift"]
    shown = next(p["threshold"] for p in card["operatingPoints"] if p["certainty"] == "doubtful")
    return [image for image, raw in highest.items() if float(apply_platt(np.array(raw), scale, shift)) >= shown]


def detector_scores(path: Path) -> dict[str, float]:
    """Highest raw box score per image, written by the detector's training."""
    if not path.exists():
        raise TrainingError("TRN_NO_SCORES", f"There are no scores {path}.", "Train the detector first.")
    with path.open(newline="", encoding="utf-8") as stream:
        return {row["file_name"]: float(row["score"]) for row in csv.DictReader(stream)}


def read_logits(path: Path) -> tuple[dict[str, float], dict[str, float]]:
    """What `write_logits` wrote: logits of whole images, and of those with their borders cut off."""
    if not path.exists():
        raise TrainingError("TRN_NO_SCORES", f"There are no scores {path}.", "Export that network first.")
    with path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    whole = {row["image"]: float(row["logit"]) for row in rows}
    return whole, {row["image"]: float(row["cropped"]) for row in rows if row["cropped"]}


def gather(records: Sequence[ImageRecord], networks: Sequence[dict[str, float]]) -> Side:
    """Raw logits of the images that are counted (one of every near-duplicate group)."""
    counted = count_once(records)
    missing = [r.id for r in counted for logits in networks if r.id not in logits]
    if missing:
        raise TrainingError(
            "TRN_SCORES_OTHER",
            f"A network has no score for {len(missing)} images, the first is {missing[0]}.",
            "Train the detector and the classifiers with the same data and protocol.",
        )
    return Side(list(counted), np.array([[logits[r.id] for logits in networks] for r in counted]))


def fuse(side: Side, calibrations: list[tuple[float, float]], chosen_on: str) -> Fused:
    """Fit regression and thresholds on one calibration side."""
    labels = side.labels()
    plain = Fused(calibrations, 0.0, np.ones(side.raw.shape[1]), [], 0.5)
    x = logit(plain.probabilities(side.raw))
    intercept, weights = fit_combiner(x, labels)
    crossed = np.zeros(len(labels))
    parts = group_parts([r.group for r in side.records])
    for part in range(int(parts.max()) + 1):
        own = parts == part
        if labels[~own].any() and not labels[~own].all():
            a, b = fit_combiner(x[~own], labels[~own])
        else:
            a, b = intercept, weights
        crossed[own] = sigmoid(a + x[own] @ b)
    points = operating_points(crossed, labels, None, chosen_on)
    for region in REGIONS:
        rows = np.array([region in r.regions for r in side.records])
        if int(labels[rows].sum()) >= FEWEST_FOR_REGION:
            points += operating_points(crossed[rows], labels[rows], region, chosen_on)
    ankle = np.array([r.ankle_foot is not None for r in side.records])
    return Fused(calibrations, intercept, weights, points, balanced_threshold(crossed[ankle], labels[ankle]))


def balanced_threshold(p: Floats, labels: Bools) -> float:
    """Threshold at which the smaller of sensitivity and specificity is largest."""
    if not labels.any() or labels.all():
        return 0.5
    found = [(min((p[labels] >= t).mean(), (p[~labels] < t).mean()), -t) for t in np.unique(p)]
    return -max(found)[1]


def decide(
    p: Floats, records: Sequence[ImageRecord], points: Sequence[dict[str, Any]], placed: set[str] | None
) -> dict[str, Bools]:
    """What the operating points say; an image of one region takes that region's point where there is one.

    `placed` are the images with a box: no other is definite. None where no detector takes part.
    """
    decided = {}
    for certainty in ("doubtful", "definite"):
        by_region = {q["region"]: q["threshold"] for q in points if q["certainty"] == certainty}
        limit = [
            by_region.get(next(iter(r.regions)), by_region[None]) if len(r.regions) == 1 else by_region[None]
            for r in records
        ]
        decided[certainty] = p >= np.array(limit)
    if placed is not None:
        decided["definite"] &= np.array([r.id in placed for r in records])
    return decided


def cropped_scores(
    args: argparse.Namespace, part: Round, records: Sequence[ImageRecord], model: str
) -> dict[str, float]:
    """The detector's highest raw scores on images with their borders cut off."""
    folder = args.models / model
    shipped = part.number == 0
    file = folder / "model.onnx" if shipped else args.runs / model.split("-")[0] / f"round{part.number}.onnx"
    size = int(read_card(folder)["input"]["width"])
    pack = PixelPack(records, size, args.cache, border_cut=BORDER_CUT)
    found = detect_all(ExportedDetector(file, max(1, args.threads)), pack, records, torch.device("cpu"))
    return {r.id: float(s) for r, s in zip(records, highest_scores(found), strict=True)}


def report(
    fused: Sequence[Fused], reporting: Sequence[Side], cropped: Sequence[Side], placed: Placed, where: str,
    simulated: bool, bootstraps: int,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:  # fmt: skip
    """All figures of the card and its record of verdicts, pooled over the rounds."""
    records = [r for side in reporting for r in side.records]
    p = [f.combined(s.raw) for f, s in zip(fused, reporting, strict=True)]
    p_cropped = [f.combined(s.raw) for f, s in zip(fused, cropped, strict=True)]

    def joined(values: Sequence[Floats], shown: set[str] | None) -> dict[str, Bools]:
        each = [decide(v, s.records, f.points, shown) for v, s, f in zip(values, reporting, fused, strict=True)]
        return {k: np.concatenate([e[k] for e in each]) for k in ("doubtful", "definite")}

    decided = joined(p, placed.whole)
    entries = all_figures(np.concatenate(p), decided, records, where, simulated, bootstraps)
    entries += figures(
        np.concatenate(p_cropped),
        joined(p_cropped, placed.cropped),
        records,
        where,
        "borders cropped",
        simulated,
        bootstraps,
    )
    ankle = np.array([r.ankle_foot is not None for r in records])
    labels = np.array([r.fractured for r in records], dtype=bool)
    said = np.concatenate([v >= f.ankle_threshold for v, f in zip(p, fused, strict=True)])
    if (labels & ankle).any() and (~labels & ankle).any():
        groups = [r.group for r, keep in zip(records, ankle, strict=True) if keep]
        for metric, hit, among in (("sensitivity", said, labels), ("specificity", ~said, ~labels)):
            statistic = share_of(hit[ankle], among[ankle])
            value = statistic(np.ones(int(ankle.sum())))
            entries.append(
                result_entry(f"{metric} (one threshold)", value, group_bootstrap(statistic, groups, count=bootstraps),
                             where, "ankle_foot", "image", int(ankle.sum()), int((labels & ankle).sum()), simulated,
                             note="one threshold, at which the smaller of both is largest in the calibration fold")
            )  # fmt: skip
    return entries, verdict_records(decided, records, where, bootstraps)


def kept_columns(path: Path, folder: Path, models: Sequence[str]) -> dict[str, dict[str, str]]:
    """Column -> image -> value of networks in an earlier table that still ship and are not fused now.

    They were measured on the same images and stay comparable with what is.
    """
    if not path.exists():
        return {}
    with path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    columns = [
        name
        for name in (rows[0] if rows else {})
        if name.endswith(KEPT_SUFFIXES)
        and (model := name.rsplit(" ", 1)[0]) not in models
        and (folder / model).exists()
    ]
    return {name: {row["image"]: row[name] for row in rows} for name in columns}


def write_table(
    path: Path, models: Sequence[str], rows: Sequence[tuple[Round, str, Side, Fused]], kept: dict[str, dict[str, str]]
) -> None:
    """`image-scores.csv`: what every model says of every image of the calibration and report folds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    header = ["image", "fold", "role", "group", "fractured", "region", "hardware", "ankle_foot", *VIEWS]
    header += [f"{m}{suffix}" for m in models for suffix in KEPT_SUFFIXES] + [*kept, "combined"]
    written: set[str] = set()
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        for _, role, side, fused in rows:
            p, combined = fused.probabilities(side.raw), fused.combined(side.raw)
            for i, r in enumerate(side.records):
                if r.id in written:
                    continue
                written.add(r.id)
                line: list[object] = [
                    r.id, r.fold, role, r.group, int(r.fractured), "+".join(sorted(r.regions)), int(r.hardware),
                    r.ankle_foot or "", *(int(v in r.views) for v in VIEWS),
                ]  # fmt: skip
                for k in range(len(models)):
                    line += [f"{side.raw[i, k]:.5f}", f"{p[i, k]:.6f}"]
                writer.writerow([*line, *(column.get(r.id, "") for column in kept.values()), f"{combined[i]:.6f}"])


def write(
    args: argparse.Namespace, source: Sources, parts: Sequence[Round], fused: Sequence[Fused],
    models: Sequence[str], results: list[dict[str, Any]], verdicts: list[dict[str, Any]],
) -> None:  # fmt: skip
    """The combiner's card; it has no weights file."""
    part, first, folder = parts[0], fused[0], args.models / ID
    chosen_on = f"{source.data.name} fold {part.calibrate}, near-duplicates counted once"
    used = count_once(part.calibration(source.records))
    ids = write_ids(folder, {"calibrate": used, "report": count_once(part.reporting(source.records))})
    by_boxes = next(
        (
            k
            for k, m in enumerate(models)
            if (c := read_card(args.models / m))["task"] == "detect" and not c.get("imageAnswer")
        ),
        None,
    )
    scale, shift = first.calibrations[by_boxes] if by_boxes is not None else (1.0, 0.0)
    card = {
        "schema": SCHEMA,
        "id": ID,
        "version": args.version,
        "title": "Fracture on a limb radiograph: the verdict",
        "task": "combine",
        "architecture": "logistic regression on the logits of the calibrated probabilities, weights >= 0, L2 penalty",
        "source": "fitted by this project, training/src/training/combine.py",
        "parameters": len(models) + 1,
        "licence": LICENCE,
        "file": None,
        "input": None,
        "outputs": [],
        "classes": ["fracture"],
        "training": {
            "data": [data_entry(source.data, used, f"fold {part.calibrate} of 5, split by patient group; the networks "
                                "below it did not train on it", ids)],
            "protocol": describe_protocol(args.protocol),
            "device": device_name(choose_device("cpu")),
            "epochs": 0,
            "seconds": 0,
            "seed": args.seed,
            "command": command_line("combine", args, ["--networks", *args.networks] if args.networks else []),
            "labelledBy": labelled_by(source),
        },
        "simulatedOnly": source.data.simulated,
        "calibration": None,
        "operatingPoints": [
            {**p, "rule": f"{p['rule']}, on probabilities cross-fitted within the fold"} for p in first.points
        ],
        "outOfDistribution": None,
        "combiner": {
            "intercept": first.intercept,
            "weights": {m: float(w) for m, w in zip(models, first.weights, strict=True)},
            "detectorImageCalibration": None if by_boxes is None else {
                "method": "platt", "scale": scale, "shift": shift,
                "fittedOn": f"{chosen_on}: logit of the highest raw box score of the image",
            },
            "fittedOn": chosen_on,
        },
        "conformal": None,
        "results": results,
        "records": verdicts,
        "intendedUse": INTENDED_USE,
        "notFor": list(NOT_FOR),
        "limits": [
            *limits(source, "CPU" in read_card(args.models / models[-1])["training"]["device"]),
            "thresholds by region were reported with the regions of the data set, not with those of the region network",
        ],
    }  # fmt: skip
    write_card(card, folder)


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.combine", description=__doc__)
    add_shared(parser)
    parser.add_argument("--detector", default="yolov8n-fracture", help="id of the detector whose scores are used")
    parser.add_argument("--networks", nargs="*", help="ids of the networks to fuse; default: classifiers and detector")
    parser.add_argument("--bootstraps", type=int, default=BOOTSTRAPS)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Fit, measure and write the combiner."""
    args = parse(argv)
    prepare(args)
    source = sources(args)
    parts = rounds(args.protocol)
    models: list[str] = args.networks or [*(network_id(name) for name in CLASSIFIERS), args.detector]
    fused, reporting, cropped, table = [], [], [], []
    for part in parts:
        networks = [image_logits(args, source, part, model) for model in models]
        calibrate = gather(part.calibration(source.records), [n.whole for n in networks])
        own = gather(part.reporting(source.records), [n.whole for n in networks])
        cropped.append(gather(part.reporting(source.records), [n.cropped for n in networks]))
        fused.append(fuse(calibrate, [n.calibration for n in networks], f"{source.data.name} fold {part.calibrate}"))
        reporting.append(own)
        table.append((part, "report", own, fused[-1]))
        if args.protocol == "holdout":
            table.append((part, "calibrate", calibrate, fused[-1]))
    where = set_name(source, parts)
    placed = placed_images(args, models, parts, source.records)
    results, verdicts = report(fused, reporting, cropped, placed, where, source.data.simulated, args.bootstraps)
    write(args, source, parts, fused, models, results, verdicts)
    file = args.models / "evaluation" / "image-scores.csv"
    write_table(file, models, table, kept_columns(file, args.models, models))
    return 0


if __name__ == "__main__":
    run_program(main)
