from dataclasses import replace

import pytest

from training.dataset import read_shared
from training.errors import TrainingError
from training.protocol import describe, rounds
from training.smoke import make_simulated
from training.splits import assign_folds, count_once


@pytest.fixture
def records(tmp_path):
    return list(read_shared(make_simulated(tmp_path, images=60)).records)


def test_groups_and_duplicates_stay_together(records):
    records[0] = replace(records[0], duplicate_group="d")
    records[-1] = replace(records[-1], duplicate_group="d")
    folded = assign_folds(records)
    by_group = {}
    for record in folded:
        by_group.setdefault(record.group, set()).add(record.fold)
    assert all(len(folds) == 1 for folds in by_group.values())
    assert folded[0].fold == folded[-1].fold
    fractured = [sum(r.fractured for r in folded if r.fold == k) for k in range(5)]
    assert max(fractured) - min(fractured) <= 4


def test_too_few_groups(records):
    with pytest.raises(TrainingError, match="TRN_SPLIT_GROUPS"):
        assign_folds([replace(r, group="one") for r in records])


def test_duplicates_count_once(records):
    tied = [replace(r, duplicate_group="d") for r in records[:3]]
    assert count_once([*tied, records[3]]) == [tied[0], records[3]]


def test_no_fold_has_two_roles_in_a_round():
    for part in rounds("five-fold"):
        assert sorted([part.report, part.calibrate, *part.train]) == [0, 1, 2, 3, 4]
    assert [part.report for part in rounds("five-fold")] == [0, 1, 2, 3, 4]
    (only,) = rounds("holdout")
    assert (only.report, only.calibrate, only.train) == (0, 1, (2, 3, 4))
    assert "fold 0" in describe("holdout")
