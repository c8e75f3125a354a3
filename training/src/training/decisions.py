"""From logits to decisions: temperature, thresholds by rule, parts for cross-fitting, the combiner's regression."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar

from training.calibration import sigmoid
from training.metrics import Floats

Bools = NDArray[np.bool_]
DOUBTFUL_RULE = "highest threshold with sensitivity >= 0.90"
DEFINITE_RULE = "lowest threshold with specificity >= 0.95"


def softmax(logits: Floats) -> Floats:
    """Rows of probabilities."""
    shifted = np.asarray(logits, dtype=np.float64)
    shifted = np.exp(shifted - shifted.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def temperature(logits: Floats, labels: NDArray[np.int64]) -> float:
    """Scale of `softmax(scale * logits)` by maximum likelihood."""
    rows = np.arange(len(labels))

    def loss(v: float) -> float:
        p = softmax(logits * np.exp(v))[rows, labels]
        return float(-np.log(np.clip(p, 1e-12, None)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-3, 3), method="bounded").x))


def threshold_for_sensitivity(p: Floats, labels: Bools, wanted: float = 0.90) -> float:
    """Highest threshold t such that p >= t finds at least `wanted` of the positives."""
    found = np.sort(p[labels])[::-1]
    need = int(np.ceil(wanted * len(found) - 1e-9))
    return _rounded_down(float(found[max(0, need - 1)])) if len(found) else 0.5


def threshold_for_specificity(p: Floats, labels: Bools, wanted: float = 0.95) -> float:
    """Lowest threshold t such that p >= t holds for at most 1 - `wanted` of the negatives."""
    free = np.sort(p[~labels])[::-1]
    if not len(free):
        return 0.5
    allowed = int(np.floor((1 - wanted) * len(free) + 1e-9))
    # Just above the first negative that must stay below.
    return min(1.0, float(np.ceil((free[min(allowed, len(free) - 1)] + 1e-6) * 1e6) / 1e6))


def _rounded_down(value: float) -> float:
    return float(np.floor(value * 1e6) / 1e6)


def point(certainty: str, region: str | None, threshold: float, rule: str, chosen_on: str) -> dict[str, object]:
    """One operating point of a card."""
    return {
        "certainty": certainty,
        "region": region,
        "threshold": threshold,
        "rule": rule,
        "chosenOn": chosen_on,
    }


def operating_points(p: Floats, labels: Bools, region: str | None, chosen_on: str) -> list[dict[str, object]]:
    """Doubtful and definite by rule; definite is never below doubtful."""
    doubtful = threshold_for_sensitivity(p, labels)
    definite = threshold_for_specificity(p, labels)
    rule = DEFINITE_RULE
    if definite < doubtful:
        definite, rule = doubtful, DEFINITE_RULE + "; raised to the doubtful threshold, which is higher"
    return [
        point("doubtful", region, doubtful, DOUBTFUL_RULE, chosen_on),
        point("definite", region, definite, rule, chosen_on),
    ]


def group_parts(groups: Sequence[str], parts: int = 5, seed: int = 1) -> NDArray[np.int64]:
    """Part 0..parts-1 per image, groups kept whole: for cross-fitting inside one fold."""
    names = sorted(set(groups))
    order = np.random.default_rng(seed).permutation(len(names))
    part_of = {names[int(i)]: k % parts for k, i in enumerate(order)}
    return np.array([part_of[g] for g in groups], dtype=np.int64)


def fit_combiner(x: Floats, labels: Bools, strength: float = 0.01) -> tuple[float, Floats]:
    """Intercept and non-negative weights of a logistic regression on logits [N, M], with an L2 penalty on weights."""
    y = labels.astype(np.float64)

    def loss(v: Floats) -> tuple[float, Floats]:
        z = v[0] + x @ v[1:]
        gap = sigmoid(z) - y
        value = float(np.mean(np.logaddexp(0, z) - y * z) + strength * float(v[1:] @ v[1:]))
        gradient = np.concatenate([[gap.mean()], x.T @ gap / len(y) + 2 * strength * v[1:]])
        return value, gradient

    start = np.concatenate([[0.0], np.full(x.shape[1], 1 / x.shape[1])])
    bounds = [(None, None)] + [(0.0, None)] * x.shape[1]
    best = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B")
    return float(best.x[0]), np.asarray(best.x[1:], dtype=np.float64)
