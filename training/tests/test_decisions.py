import numpy as np
import pytest

from training.calibration import sigmoid
from training.decisions import (
    fit_combiner,
    group_parts,
    operating_points,
    softmax,
    temperature,
    threshold_for_sensitivity,
    threshold_for_specificity,
)


def drawn(n=4000, seed=1):
    rng = np.random.default_rng(seed)
    labels = rng.random(n) < 0.2
    return np.clip(rng.normal(0.3 + 0.3 * labels, 0.15), 0.001, 0.999), labels


def test_thresholds_keep_to_their_rule_and_no_better_one_does():
    p, labels = drawn()
    low = threshold_for_sensitivity(p, labels, 0.9)
    assert (p[labels] >= low).mean() >= 0.9
    higher = np.sort(p[labels & (p > low + 1e-6)])[0]
    assert (p[labels] >= higher).mean() < 0.9
    high = threshold_for_specificity(p, labels, 0.95)
    assert (p[~labels] < high).mean() >= 0.95
    lower = np.sort(p[~labels & (p < high)])[-1]
    assert (p[~labels] < lower).mean() < 0.95


def test_definite_is_never_below_doubtful():
    labels = np.array([True] * 20 + [False] * 100)
    p = np.where(labels, 0.9, 0.1)
    points = {q["certainty"]: q["threshold"] for q in operating_points(p, labels, None, "drawn")}
    assert points["doubtful"] <= points["definite"]
    assert (p[labels] >= points["definite"]).all()


def test_temperature_undoes_a_known_scaling():
    rng = np.random.default_rng(3)
    logits = rng.normal(0, 1.5, (20000, 4))
    chance = softmax(logits)
    labels = np.array([rng.choice(4, p=row) for row in chance])
    assert temperature(logits * 4, labels) == pytest.approx(0.25, rel=0.05)


def test_combiner_finds_the_weights_and_never_a_negative_one():
    rng = np.random.default_rng(4)
    x = rng.normal(0, 2, (30000, 3))
    labels = rng.random(30000) < sigmoid(-1 + 0.8 * x[:, 0] + 0.4 * x[:, 1] - 0.5 * x[:, 2])
    intercept, weights = fit_combiner(x[:, :2], labels, strength=0.0)
    assert weights[0] > weights[1] > 0
    assert intercept < 0
    _, with_harmful = fit_combiner(x, labels)
    assert with_harmful[2] == 0


def test_parts_keep_groups_whole():
    groups = [f"g{i // 3}" for i in range(60)]
    parts = group_parts(groups)
    assert set(parts.tolist()) == {0, 1, 2, 3, 4}
    for i in range(0, 60, 3):
        assert len(set(parts[i : i + 3].tolist())) == 1
