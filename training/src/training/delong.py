"""AUC with its variance, and the difference of two AUCs on the same cases (DeLong 1988)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from training.metrics import Floats

Z95 = float(norm.ppf(0.975))


def _placements(scores: Floats, labels: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Per positive the share of negatives below it, per negative the share of positives above it; ties count half."""
    positive, negative = scores[labels][:, None], scores[~labels][None, :]
    wins = (positive > negative) + 0.5 * (positive == negative)
    return wins.mean(axis=1), wins.mean(axis=0)


@dataclass(frozen=True)
class Area:
    """An AUC with its 95 % interval, cut at 0 and 1."""

    auc: float
    variance: float

    @property
    def interval(self) -> tuple[float, float]:
        """Normal approximation."""
        half = Z95 * math.sqrt(self.variance)
        return max(0.0, self.auc - half), min(1.0, self.auc + half)


@dataclass(frozen=True)
class AreaDifference:
    """The first AUC minus the second on the same cases."""

    difference: float
    interval: tuple[float, float]
    z: float
    p: float


def area(scores: Floats, labels: NDArray[np.bool_]) -> Area:
    """AUC of scores; both classes must be there."""
    positives, negatives = _placements(np.asarray(scores, dtype=np.float64), np.asarray(labels, dtype=bool))
    variance = positives.var(ddof=1) / len(positives) + negatives.var(ddof=1) / len(negatives)
    return Area(float(positives.mean()), float(variance))


def paired_difference(first: Floats, second: Floats, labels: NDArray[np.bool_]) -> AreaDifference:
    """Two-sided test of equal AUCs, paired by case."""
    y = np.asarray(labels, dtype=bool)
    p1, n1 = _placements(np.asarray(first, dtype=np.float64), y)
    p2, n2 = _placements(np.asarray(second, dtype=np.float64), y)
    difference = float(p1.mean() - p2.mean())
    variance = float((p1 - p2).var(ddof=1) / len(p1) + (n1 - n2).var(ddof=1) / len(n1))
    error = math.sqrt(variance)
    z = difference / error if error > 0 else 0.0
    return AreaDifference(
        difference, (difference - Z95 * error, difference + Z95 * error), z, float(2 * norm.sf(abs(z)))
    )
