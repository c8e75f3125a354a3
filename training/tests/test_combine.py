from dataclasses import dataclass

import numpy as np

from training.combine import decide, with_box

POINTS = [
    {"certainty": "doubtful", "region": None, "threshold": 0.2},
    {"certainty": "definite", "region": None, "threshold": 0.6},
    {"certainty": "definite", "region": "hip", "threshold": 0.8},
]


@dataclass(frozen=True)
class Seen:
    id: str
    regions: frozenset[str]


RECORDS = [Seen("a", frozenset({"leg"})), Seen("b", frozenset({"hip"})), Seen("c", frozenset({"leg"}))]


def test_without_a_place_nothing_is_definite():
    p = np.array([0.7, 0.7, 0.9])
    assert decide(p, RECORDS, POINTS, None)["definite"].tolist() == [True, False, True]
    placed = decide(p, RECORDS, POINTS, {"a", "b"})
    assert placed["definite"].tolist() == [True, False, False]
    assert placed["doubtful"].tolist() == [True, True, True]


def test_a_box_counts_from_the_doubtful_threshold_on():
    card = {
        "calibration": {"scale": 1.0, "shift": 0.0},
        "operatingPoints": [
            {"certainty": "definite", "threshold": 0.8},
            {"certainty": "doubtful", "threshold": 0.3},
        ],
    }
    assert with_box(card, {"a": 0.31, "b": 0.29, "c": 0.0, "d": 1.0}) == ["a", "d"]
