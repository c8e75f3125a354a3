"""Figures and their intervals. Every figure takes weights per image, so that a bootstrap is a change of weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
BOOTSTRAPS = 2000


def _weights(n: int, weights: Floats | None) -> Floats:
    return np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64)


def auc(scores: Floats, labels: NDArray[np.bool_], weights: Floats | None = None) -> float:
    """Area under the ROC curve (ties count half); NaN where one class is absent."""
    s, y = np.asarray(scores, dtype=np.float64), np.asarray(labels, dtype=bool)
    w = _weights(len(s), weights)
    _, where = np.unique(s, return_inverse=True)
    positive = np.bincount(where, weights=w * y)
    negative = np.bincount(where, weights=w * ~y)
    below = np.cumsum(negative) - negative
    total = positive.sum() * negative.sum()
    return float((positive * (below + negative / 2)).sum() / total) if total > 0 else float("nan")


def average_precision(scores: Floats, labels: NDArray[np.bool_], weights: Floats | None = None) -> float:
    """Step-wise area under precision and recall (no interpolation)."""
    order = np.argsort(-np.asarray(scores, dtype=np.float64), kind="stable")
    s = np.asarray(scores, dtype=np.float64)[order]
    y = np.asarray(labels, dtype=bool)[order]
    w = _weights(len(s), weights)[order]
    hits, all_ = np.cumsum(w * y), np.cumsum(w)
    last = np.append(s[1:] != s[:-1], True)
    total = hits[-1] if len(hits) else 0.0
    if total <= 0:
        return float("nan")
    hits, all_ = hits[last], all_[last]
    precision = np.divide(hits, all_, out=np.zeros_like(hits), where=all_ > 0)
    return float((np.diff(np.concatenate([[0.0], hits])) * precision).sum() / total)


def iou_matrix(a: Floats, b: Floats) -> Floats:
    """IoU of corners [N, 4] with corners [M, 4]."""
    left_top = np.maximum(a[:, None, :2], b[None, :, :2])
    right_bottom = np.minimum(a[:, None, 2:], b[None, :, 2:])
    overlap = np.clip(right_bottom - left_top, 0, None).prod(axis=2)
    area_a = (a[:, 2:] - a[:, :2]).prod(axis=1)
    area_b = (b[:, 2:] - b[:, :2]).prod(axis=1)
    union = area_a[:, None] + area_b[None] - overlap
    return np.divide(overlap, union, out=np.zeros_like(overlap), where=union > 0)


@dataclass(frozen=True)
class BoxMatches:
    """Detections of many images, best first, matched with their truth. `image` indexes the images given."""

    score: Floats
    hit: NDArray[np.bool_]
    image: NDArray[np.int64]
    truths: Floats
    # Per truth, the best score of a detection that hits it (-inf where none): for FROC.
    truth_score: Floats
    truth_image: NDArray[np.int64]


def match_boxes(
    detections: Sequence[tuple[Floats, Floats]], truths: Sequence[Floats], threshold: float = 0.5
) -> BoxMatches:
    """Greedy matching by score as COCO does: each truth is hit once, extra boxes on it are false.

    `detections` holds (corners [N, 4], scores [N]) per image, `truths` corners [M, 4] per image.
    """
    scores, hits, images, truth_scores, truth_images = [], [], [], [], []
    for i, ((boxes, score), truth) in enumerate(zip(detections, truths, strict=True)):
        order = np.argsort(-score, kind="stable")
        overlap = iou_matrix(boxes[order].astype(np.float64), np.asarray(truth, dtype=np.float64).reshape(-1, 4))
        best = np.full(overlap.shape[1], -np.inf)
        for row, s in zip(overlap, score[order], strict=True):
            free = np.where(np.isneginf(best), row, -1.0)
            k = int(free.argmax()) if len(free) else -1
            hit = k >= 0 and free[k] >= threshold
            if hit:
                best[k] = s
            scores.append(float(s))
            hits.append(hit)
            images.append(i)
        truth_scores.extend(best.tolist())
        truth_images.extend([i] * len(best))
    # Best first once and for all: sorting again for every bootstrap draw is then nearly free.
    order = np.argsort(-np.array(scores), kind="stable")
    return BoxMatches(
        np.array(scores)[order],
        np.array(hits, dtype=bool)[order],
        np.array(images, dtype=np.int64)[order],
        np.array([len(t) for t in truths], dtype=np.float64),
        np.array(truth_scores),
        np.array(truth_images, dtype=np.int64),
    )


def box_ap(matches: BoxMatches, weights: Floats | None = None) -> float:
    """COCO average precision (101 recall points) over all images, those without fracture included."""
    w = _weights(len(matches.truths), weights)
    total = float((w * matches.truths).sum())
    if total <= 0:
        return float("nan")
    # Boxes weaker than the last hit cannot raise the precision at any recall.
    hit_at = np.flatnonzero(matches.hit)
    if len(hit_at) == 0:
        return 0.0
    needed = slice(0, int(hit_at[-1]) + 1)
    use = w[matches.image[needed]]
    hits = np.cumsum(use * matches.hit[needed])
    all_ = np.cumsum(use)
    precision = np.divide(hits, all_, out=np.zeros_like(hits), where=all_ > 0)
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    at = np.searchsorted(hits / total, np.linspace(0, 1, 101), side="left")
    return float(np.where(at < len(precision), precision[np.minimum(at, len(precision) - 1)], 0.0).mean())


def strongest(matches: BoxMatches, false_boxes: float) -> BoxMatches:
    """Only the best boxes, up to a number of false ones: what figures at few false boxes per image depend on."""
    within = int(np.searchsorted(np.cumsum(~matches.hit), false_boxes, side="right"))
    return replace(matches, score=matches.score[:within], hit=matches.hit[:within], image=matches.image[:within])


def froc(
    matches: BoxMatches, false_per_image: Sequence[float], weights: Floats | None = None
) -> list[tuple[float, float]]:
    """Per wanted number of false boxes per image: (sensitivity per fracture, lowest threshold that keeps to it)."""
    w = _weights(len(matches.truths), weights)
    images, total = float(w.sum()), float((w * matches.truths).sum())
    score, use, hit = matches.score, w[matches.image], matches.hit
    false = np.cumsum(use * ~hit) / max(images, 1e-12)
    true = np.cumsum(use * hit)
    last = np.append(score[1:] != score[:-1], True) if len(score) else np.zeros(0, dtype=bool)
    points = []
    for wanted in false_per_image:
        within = np.flatnonzero(last & (false <= wanted + 1e-12))
        if len(within) == 0 or total <= 0:
            points.append((0.0 if total > 0 else float("nan"), 1.0))
        else:
            k = within[-1]
            points.append((float(true[k] / total), float(score[k])))
    return points


def sensitivity_and_false(matches: BoxMatches, threshold: float, weights: Floats | None = None) -> tuple[float, float]:
    """Sensitivity per fracture and false boxes per image at one threshold."""
    w = _weights(len(matches.truths), weights)
    above = matches.score >= threshold
    use = w[matches.image]
    total = float((w * matches.truths).sum())
    sensitivity = float((use * (above & matches.hit)).sum()) / total if total > 0 else float("nan")
    return sensitivity, float((use * (above & ~matches.hit)).sum() / max(float(w.sum()), 1e-12))


def calibration_error(
    probabilities: Floats, labels: NDArray[np.bool_], weights: Floats | None = None, bins: int = 15
) -> float:
    """Expected calibration error over bins of equal mass."""
    order = np.argsort(probabilities, kind="stable")
    p, y = np.asarray(probabilities, dtype=np.float64)[order], np.asarray(labels, dtype=np.float64)[order]
    w = _weights(len(p), weights)[order]
    total = w.sum()
    # Bin of the middle of each image's mass.
    bin_of = np.minimum(((np.cumsum(w) - w / 2) / total * bins).astype(int), bins - 1)
    gap = np.abs(
        np.bincount(bin_of, weights=w * p, minlength=bins) - np.bincount(bin_of, weights=w * y, minlength=bins)
    )
    return float(gap.sum() / total)


def group_weights(groups: Sequence[str], seed: int = 1, count: int = BOOTSTRAPS) -> Floats:
    """[count, images] weights: how often each image's patient group was drawn, with replacement."""
    _, where = np.unique(np.asarray(groups, dtype=str), return_inverse=True)
    number = int(where.max()) + 1
    draws = np.random.default_rng(seed).multinomial(number, np.full(number, 1 / number), size=count)
    return draws[:, where].astype(np.float64)


def group_bootstrap(
    statistic: Callable[[Floats], float], groups: Sequence[str], seed: int = 1, count: int = BOOTSTRAPS
) -> tuple[float, float] | None:
    """95 % percentile interval over draws of patient groups; None where under half of the draws give a figure."""
    values = np.array([statistic(w) for w in group_weights(groups, seed, count)])
    values = values[np.isfinite(values)]
    if len(values) < count / 2:
        return None
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def wilson(successes: int, n: int) -> tuple[float, float]:
    """95 % Wilson score interval of a share."""
    if n == 0:
        return 0.0, 1.0
    z = 1.959963984540054
    p = successes / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return float(max(0.0, centre - half)), float(min(1.0, centre + half))
