"""Platt calibration: `p = sigmoid(scale * logit + shift)`, as the card and the readers have it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from training.metrics import Floats

# Scores are kept off 0 and 1 by this much before a logit is taken.
EDGE = 1e-6


def logit(probability: Floats) -> Floats:
    """log(p / (1 - p)), finite everywhere."""
    p = np.clip(np.asarray(probability, dtype=np.float64), EDGE, 1 - EDGE)
    return np.log(p / (1 - p))


def sigmoid(value: Floats) -> Floats:
    """1 / (1 + exp(-value)), without overflow."""
    v = np.asarray(value, dtype=np.float64)
    return np.where(v >= 0, 1 / (1 + np.exp(-np.abs(v))), np.exp(-np.abs(v)) / (1 + np.exp(-np.abs(v))))


def fit_platt(logits: Floats, labels: NDArray[np.bool_]) -> tuple[float, float]:
    """Scale (> 0) and shift of highest likelihood, with Platt's softened targets; (1, 0) where one class is absent."""
    y = np.asarray(labels, dtype=bool)
    positives, negatives = int(y.sum()), int((~y).sum())
    if positives == 0 or negatives == 0:
        return 1.0, 0.0
    target = np.where(y, (positives + 1) / (positives + 2), 1 / (negatives + 2))

    def loss(parameters: Floats) -> float:
        z = np.exp(parameters[0]) * logits + parameters[1]
        return float((np.logaddexp(0, z) - target * z).mean())

    found = minimize(loss, np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-10, "maxiter": 4000})
    return float(np.exp(found.x[0])), float(found.x[1])


def apply_platt(scores: Floats, scale: float, shift: float) -> Floats:
    """Raw scores (0 to 1) to calibrated probabilities."""
    return sigmoid(scale * logit(scores) + shift)
