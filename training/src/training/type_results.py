"""Figures, temperature and conformal sets of the type network, by holdout or by cross-fitting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from training.card import result_entry
from training.dataset import ImageRecord
from training.decisions import softmax, temperature
from training.metrics import Floats, group_bootstrap
from training.options import Sources
from training.protocol import FOLDS, Round
from training.protocol import describe as describe_protocol
from training.region import split_words

COVERAGE = 0.9
THREE = ("transverse", "oblique", "spiral")


@dataclass(frozen=True)
class Case:
    """One annotated fracture with the share that each pattern has in its two ratings."""

    record: ImageRecord
    box: tuple[float, float, float, float]
    annotation: int
    share: tuple[float, ...]
    agreed: int | None


def conformal_thresholds(p: Floats, labels: np.ndarray, classes: Sequence[str]) -> dict[str, float]:
    """Per class: the share of its own cases above the threshold is at least the coverage, with the finite-sample
    correction (class-conditional split conformal; Sadinle 2019). A label joins when its probability reaches it."""
    thresholds = {}
    for k, name in enumerate(classes):
        own = np.sort(p[labels == k, k])
        rank = int(np.floor((len(own) + 1) * (1 - COVERAGE) + 1e-9))
        thresholds[name] = float(own[rank - 1]) if rank >= 1 else 0.0
    return thresholds


@dataclass(frozen=True)
class CrossFitted:
    """Out-of-fold probabilities and sets of the agreed cases, each calibrated on the other folds."""

    p: Floats
    sets: np.ndarray


def cross_fit(logits: Floats, labels: np.ndarray, folds: np.ndarray, classes: Sequence[str]) -> CrossFitted:
    """Temperature and conformal thresholds for each fold from the out-of-fold predictions of the other four."""
    p, sets = np.zeros_like(logits), np.zeros(logits.shape, dtype=bool)
    for fold in range(FOLDS):
        own, rest = folds == fold, folds != fold
        if not own.any():
            continue
        scale = temperature(logits[rest], labels[rest])
        thresholds = conformal_thresholds(softmax(scale * logits[rest]), labels[rest], classes)
        p[own] = softmax(scale * logits[own])
        sets[own] = p[own] >= np.array([thresholds[c] for c in classes])
    return CrossFitted(p, sets)


def results(
    fitted: CrossFitted, labels: np.ndarray, cases: Sequence[Case], classes: Sequence[str], where: str, simulated: bool
) -> list[dict[str, Any]]:
    """Every figure of the card."""
    groups = np.array([c.record.group for c in cases])
    entries = []

    def add(metric: str, values: Floats, rows: np.ndarray, subset: str, note: str | None = None) -> None:
        chosen = values[rows].astype(np.float64)
        if len(chosen) == 0:
            return
        interval = group_bootstrap(lambda w: float((w * chosen).sum() / max(w.sum(), 1e-12)), groups[rows].tolist())
        entries.append(
            result_entry(metric, chosen.mean(), interval, where, subset, "fracture", len(chosen), None, simulated,
                         note=note)
        )  # fmt: skip

    everything = np.ones(len(labels), dtype=bool)
    three = [classes.index(c) for c in THREE]
    of_three = np.isin(labels, three)
    best_of_three = np.array(three)[fitted.p[:, three].argmax(1)]
    said = fitted.p.argmax(1)
    counts = np.bincount(labels[of_three], minlength=len(classes))
    floor = counts.max() / max(1, counts.sum())
    add("accuracy, three classes", best_of_three == labels, of_three, "transverse, oblique, spiral",
        f"always saying {classes[int(counts.argmax())]} would score {floor:.3f}")  # fmt: skip
    floor = np.bincount(labels).max() / len(labels)
    add(f"accuracy, {len(classes)} classes", said == labels, everything, "all",
        f"always saying {classes[int(np.bincount(labels).argmax())]} would score {floor:.3f}")  # fmt: skip

    def balanced(w: Floats) -> float:
        own = [w[labels == k] for k in three]
        if any(v.sum() == 0 for v in own):
            return float("nan")
        return float(np.mean([(v * (best_of_three == labels)[labels == k]).sum() / v.sum()
                              for k, v in zip(three, own, strict=True)]))  # fmt: skip

    entries.append(
        result_entry("balanced accuracy, three classes", balanced(np.ones(len(labels))),
                     group_bootstrap(balanced, groups.tolist()), where, "transverse, oblique, spiral", "fracture",
                     int(of_three.sum()), None, simulated)
    )  # fmt: skip

    def macro_f1(w: Floats) -> float:
        scores = []
        for k in range(len(classes)):
            hit = (w * ((said == k) & (labels == k))).sum()
            total = (w * (said == k)).sum() + (w * (labels == k)).sum()
            scores.append(2 * hit / total if total > 0 else 0.0)
        return float(np.mean(scores))

    entries.append(
        result_entry("macro F1", macro_f1(np.ones(len(labels))), group_bootstrap(macro_f1, groups.tolist()), where,
                     "all", "fracture", len(labels), None, simulated)
    )  # fmt: skip
    for k, name in enumerate(classes):
        add("recall", said == labels, labels == k, f"pattern: {name}")
    covered = fitted.sets[np.arange(len(labels)), labels]
    add("conformal coverage", covered, everything, "all", f"wanted: {COVERAGE:.0%}, within every class")
    add("mean size of the conformal set", fitted.sets.sum(1), everything, "all", f"of {len(classes)} classes")
    return entries


@dataclass(frozen=True)
class Outcome:
    """What the protocol gives: calibration, figures, and the words that say on what."""

    scale: float
    thresholds: dict[str, float]
    chosen_on: str
    results: list[dict[str, Any]]
    trained_on: list[ImageRecord]
    split: str
    protocol: str
    limit: str


def by_holdout(cases: Sequence[Case], logits: Floats, classes: Sequence[str], source: Sources, part: Round) -> Outcome:
    """Temperature and thresholds on one fold, figures on another; `cases` are the agreed ones."""
    labels = np.array([c.agreed for c in cases], dtype=np.int64)
    folds = np.array([c.record.fold for c in cases])
    chosen, own = folds == part.calibrate, folds == part.report
    scale = temperature(logits[chosen], labels[chosen])
    thresholds = conformal_thresholds(softmax(scale * logits[chosen]), labels[chosen], classes)
    p = softmax(scale * logits[own])
    fitted = CrossFitted(p, p >= np.array([thresholds[c] for c in classes]))
    reported = [c for c, keep in zip(cases, own, strict=True) if keep]
    name = source.data.name
    where = f"{name} fold {part.report} (held out), agreed ratings, crops around the true box"
    return Outcome(
        scale, thresholds, f"{name} fold {part.calibrate}, agreed ratings",
        results(fitted, labels[own], reported, classes, where, source.data.simulated),
        [r for r in part.training(source.records) if r.boxes], split_words(part), describe_protocol("holdout"),
        f"thresholds were chosen on {int(chosen.sum())} cases and figures measured on {int(own.sum())}: both are rough",
    )  # fmt: skip


def by_cross_fitting(cases: Sequence[Case], logits: Floats, classes: Sequence[str], source: Sources) -> Outcome:
    """Out-of-fold predictions of all five folds; `cases` are the agreed ones."""
    labels = np.array([c.agreed for c in cases], dtype=np.int64)
    folds = np.array([c.record.fold for c in cases])
    scale = temperature(logits, labels)
    name = source.data.name
    where = f"{name}, out-of-fold predictions of all five folds, agreed ratings, crops around the true box"
    return Outcome(
        scale, conformal_thresholds(softmax(scale * logits), labels, classes),
        f"{name}, out-of-fold predictions of all five folds, agreed ratings",
        results(cross_fit(logits, labels, folds, classes), labels, cases, classes, where, source.data.simulated),
        [r for r in source.records if r.boxes], "all five folds (figures: cross-fitting by patient group)",
        "cross-fitting by patient group: five networks, each trained on four folds, predict the fifth; temperature and "
        "conformal thresholds for a fold's figures come from the other four; the shipped weights are trained on all "
        "five folds and were not measured themselves",
        "the temperature and thresholds of the shipped weights were chosen on the cross-fitted networks",
    )  # fmt: skip
