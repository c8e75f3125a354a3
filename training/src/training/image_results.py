"""Figures of an image-level answer for a card: whole set and subsets, each with a group bootstrap interval."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.card import GROUP_BOOTSTRAP, result_entry
from training.dataset import REGIONS, ImageRecord
from training.decisions import Bools
from training.metrics import Floats, auc, average_precision, calibration_error, group_bootstrap, wilson

FEWEST_POSITIVES = 5
ECE = "ECE (15 equal-mass bins)"
ECE_NOTE = "resampling adds to this error, so the interval lies high and may not hold the value"
POINT_NAMES = ("doubtful", "definite")


def share_of(hit: Bools, among: Bools) -> Callable[[Floats], float]:
    """Weighted share of `hit` among some images, as a statistic of weights."""

    def statistic(weights: Floats) -> float:
        total = float(weights[among].sum())
        return float(weights[among & hit].sum()) / total if total > 0 else float("nan")

    return statistic


def interval_of(
    statistic: Callable[[Floats], float], value: float, groups: Sequence[str], among: Bools | None, bootstraps: int
) -> tuple[tuple[float, float] | None, str]:
    """Interval and its method. A share of 0 or 1 is the same in every draw, so Wilson's over patient groups stands in.

    `among` says which images a share is taken of; None for other figures.
    """
    if among is not None and value in (0.0, 1.0):
        count = len({group for group, counts in zip(groups, among, strict=True) if counts})
        return wilson(round(value) * count, count), f"Wilson over the {count} patient groups concerned"
    return group_bootstrap(statistic, groups, count=bootstraps), GROUP_BOOTSTRAP


def figures(
    p: Floats,
    decided: Mapping[str, Bools],
    records: Sequence[ImageRecord],
    where: str,
    subset: str,
    simulated: bool,
    bootstraps: int,
) -> list[dict[str, Any]]:
    """AUC, AP, sensitivity and specificity at both points and calibration error; nothing where too few positives."""
    labels = np.array([r.fractured for r in records], dtype=bool)
    positives = int(labels.sum())
    if positives < FEWEST_POSITIVES or positives == len(labels):
        return []
    groups = [r.group for r in records]
    statistics: list[tuple[str, Callable[[Floats], float], Bools | None, str | None]] = [
        ("AUC", lambda w: auc(p, labels, w), None, None),
        ("AP", lambda w: average_precision(p, labels, w), None, None),
    ]
    for name in POINT_NAMES:
        point = f"at the {name} threshold"
        statistics.append((f"sensitivity ({name})", share_of(decided[name], labels), labels, point))
        statistics.append((f"specificity ({name})", share_of(~decided[name], ~labels), ~labels, point))
    statistics.append((ECE, lambda w: calibration_error(p, labels, w), None, ECE_NOTE))
    ones = np.ones(len(labels))
    entries = []
    for metric, statistic, among, note in statistics:
        value = statistic(ones)
        interval, method = interval_of(statistic, value, groups, among, bootstraps)
        entries.append(
            result_entry(
                metric, value, interval, where, subset, "image", len(labels), positives, simulated, method, note
            )
        )
    return entries


def verdict_records(
    decided: Mapping[str, Bools], records: Sequence[ImageRecord], where: str, bootstraps: int
) -> list[dict[str, Any]]:
    """Of the images with a verdict, in a region or in all: how many had a fracture, and the share's 95 % interval."""
    labels = np.array([r.fractured for r in records], dtype=bool)
    groups = [r.group for r in records]
    verdicts = {
        "fracture": decided["definite"],
        "doubt": decided["doubtful"] & ~decided["definite"],
        "no-fracture": ~decided["doubtful"],
    }
    rows = []
    for region in (None, *REGIONS):
        inside = np.array([region is None or region in r.regions for r in records])
        for verdict, said in verdicts.items():
            among = said & inside
            n = int(among.sum())
            if n == 0:
                continue
            statistic = share_of(labels, among)
            interval, method = interval_of(statistic, statistic(np.ones(len(records))), groups, among, bootstraps)
            rows.append(
                {
                    "region": region,
                    "verdict": verdict,
                    "n": n,
                    "fractured": int((labels & among).sum()),
                    "interval": None if interval is None else [float(v) for v in interval],
                    "method": method,
                    "set": where,
                }
            )
    return rows


def subsets(records: Sequence[ImageRecord]) -> list[tuple[str, NDArray[np.bool_]]]:
    """The subsets that every image-level card reports."""
    found = [
        ("all", np.ones(len(records), dtype=bool)),
        ("without hardware", np.array([not r.hardware for r in records])),
    ]
    for region in REGIONS:
        found.append((f"region: {region}", np.array([region in r.regions for r in records])))
    found.append(("ankle_foot", np.array([r.ankle_foot is not None for r in records])))
    return found


def all_figures(
    p: Floats,
    decided: Mapping[str, Bools],
    records: Sequence[ImageRecord],
    where: str,
    simulated: bool,
    bootstraps: int,
) -> list[dict[str, Any]]:
    """`figures` for every subset."""
    entries: list[dict[str, Any]] = []
    for name, rows in subsets(records):
        chosen = [r for r, keep in zip(records, rows, strict=True) if keep]
        cut = {k: v[rows] for k, v in decided.items()}
        entries += figures(p[rows], cut, chosen, where, name, simulated, bootstraps)
    return entries
