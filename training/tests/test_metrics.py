import contextlib
import io

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from training.calibration import apply_platt, fit_platt, logit, sigmoid
from training.metrics import (
    auc,
    average_precision,
    box_ap,
    calibration_error,
    froc,
    group_bootstrap,
    group_weights,
    match_boxes,
    sensitivity_and_false,
    strongest,
    wilson,
)


def test_auc_with_ties_by_hand():
    scores, labels = np.array([0.1, 0.4, 0.4, 0.8]), np.array([False, False, True, True])
    # Pairs: (.4, .1) won, (.4, .4) half, (.8, both) won -> 3.5 of 4.
    assert auc(scores, labels) == pytest.approx(3.5 / 4)


def test_average_precision_by_hand():
    assert average_precision(np.array([0.9, 0.8, 0.7]), np.array([True, False, True])) == pytest.approx((1 + 2 / 3) / 2)


def test_weights_equal_repeated_images():
    rng = np.random.default_rng(0)
    scores, labels, times = rng.random(40), rng.random(40) < 0.4, rng.integers(0, 4, 40)
    again = np.repeat(np.arange(40), times)
    w = times.astype(float)
    assert auc(scores, labels, w) == pytest.approx(auc(scores[again], labels[again]))
    assert average_precision(scores, labels, w) == pytest.approx(average_precision(scores[again], labels[again]))


def test_wilson_against_published_value():
    # Newcombe 1998, table I: 81 of 263.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_calibration_error_by_hand():
    p = np.array([0.1] * 15 + [0.9] * 15)
    y = np.array([False] * 15 + [True] * 15)
    assert calibration_error(p, y, bins=2) == pytest.approx(0.1)


def _random_case(seed=1, images=30):
    rng = np.random.default_rng(seed)
    truths, detections = [], []
    for _ in range(images):
        corner = rng.uniform(0, 80, (rng.integers(0, 3), 2))
        truth = np.concatenate([corner, corner + rng.uniform(10, 30, corner.shape)], axis=1)
        near = np.repeat(truth, 2, axis=0) + rng.uniform(-4, 4, (2 * len(truth), 4))
        far = rng.uniform(0, 60, (2, 2))
        boxes = np.concatenate([near, np.concatenate([far, far + 25], axis=1)])
        truths.append(truth)
        detections.append((boxes, rng.random(len(boxes))))
    return detections, truths


def test_box_ap_equals_pycocotools():
    detections, truths = _random_case()
    coco = COCO()
    to_xywh = lambda b: [b[0], b[1], b[2] - b[0], b[3] - b[1]]  # noqa: E731
    coco.dataset = {
        "images": [{"id": i} for i in range(len(truths))],
        "categories": [{"id": 1}],
        "annotations": [
            {"id": 1 + 10 * i + k, "image_id": i, "category_id": 1, "bbox": to_xywh(b), "iscrowd": 0,
             "area": (b[2] - b[0]) * (b[3] - b[1])}
            for i, t in enumerate(truths) for k, b in enumerate(t)
        ],
    }  # fmt: skip
    results = [
        {"image_id": i, "category_id": 1, "bbox": to_xywh(b), "score": float(s)}
        for i, (boxes, scores) in enumerate(detections)
        for b, s in zip(boxes, scores, strict=True)
    ]
    with contextlib.redirect_stdout(io.StringIO()):
        coco.createIndex()
        evaluation = COCOeval(coco, coco.loadRes(results), "bbox")
        evaluation.params.iouThrs = np.array([0.5])
        evaluation.evaluate()
        evaluation.accumulate()
    assert box_ap(match_boxes(detections, truths)) == pytest.approx(evaluation.eval["precision"][0, :, 0, 0, 2].mean())


def test_froc_by_hand():
    box, away = [0.0, 0, 10, 10], [50.0, 50, 60, 60]
    detections = [(np.array([box, away]), np.array([0.9, 0.8])), (np.array([box, away]), np.array([0.7, 0.3]))]
    matches = match_boxes(detections, [np.array([box]), np.array([box])])
    assert froc(matches, [0.0, 0.5, 1.0]) == [(0.5, 0.9), (1.0, 0.7), (1.0, 0.3)]
    assert sensitivity_and_false(matches, 0.75) == (0.5, 0.5)


def test_second_box_on_one_truth_is_false():
    box = np.array([[0.0, 0, 10, 10]])
    matches = match_boxes([(np.repeat(box, 2, axis=0), np.array([0.9, 0.8]))], [box])
    assert matches.hit.tolist() == [True, False]


def test_bootstrap_draws_whole_groups_and_is_seeded():
    groups = ["a", "a", "b", "c"]
    weights = group_weights(groups, seed=5, count=50)
    assert (weights[:, 0] == weights[:, 1]).all()
    values = np.array([0.0, 0.0, 1.0, 2.0])
    statistic = lambda w: float((w * values).sum() / w.sum())  # noqa: E731
    assert group_bootstrap(statistic, groups, seed=5) == group_bootstrap(statistic, groups, seed=5)


def test_platt_recovers_a_known_distortion():
    rng = np.random.default_rng(2)
    true = rng.normal(0, 2, 20000)
    labels = rng.random(20000) < sigmoid(true)
    raw = sigmoid((true + 1) / 0.5)
    scale, shift = fit_platt(logit(raw), labels)
    assert scale == pytest.approx(0.5, abs=0.03)
    assert shift == pytest.approx(-1, abs=0.05)
    assert calibration_error(apply_platt(raw, scale, shift), labels) < 0.02


def test_weak_boxes_do_not_change_figures_at_few_false_boxes():
    matches = match_boxes(*_random_case(seed=3))
    assert froc(strongest(matches, 30), [0.2, 0.9]) == froc(matches, [0.2, 0.9])
    assert len(strongest(matches, 30).score) < len(matches.score)
