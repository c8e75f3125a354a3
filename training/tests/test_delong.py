import csv
from pathlib import Path

import numpy as np
import pytest

from training.delong import area, paired_difference
from training.metrics import auc

DATA = Path(__file__).parents[2] / ".." / "shared" / "data" / "statistics" / "aSAH.csv"


def test_area_is_the_auc():
    generator = np.random.default_rng(3)
    labels = generator.random(200) < 0.4
    scores = np.round(generator.normal(size=200) + labels, 1)
    assert area(scores, labels).auc == pytest.approx(auc(scores, labels))


def test_a_test_against_itself_shows_no_difference():
    labels = np.array([True, False, True, False, False])
    scores = np.array([0.9, 0.2, 0.4, 0.5, 0.1])
    found = paired_difference(scores, scores, labels)
    assert (found.difference, found.p) == (0.0, 1.0)


@pytest.mark.skipif(not DATA.exists(), reason="aSAH data is not there")
def test_figures_of_another_program_are_reproduced():
    with DATA.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    labels = np.array([r["outcome"] == "Poor" for r in rows])
    wfns, s100b = (np.array([float(r[name]) for r in rows]) for name in ("wfns", "s100b"))
    # pROC: see the reference values of the statistics.
    assert area(wfns, labels).auc == pytest.approx(0.8236788618, abs=1e-9)
    assert area(wfns, labels).variance == pytest.approx(0.0014699147, abs=1e-9)
    assert area(s100b, labels).interval == pytest.approx((0.630118, 0.832619), abs=1e-6)
    found = paired_difference(wfns, s100b, labels)
    assert found.z == pytest.approx(2.2089836, abs=1e-6)
    assert found.p == pytest.approx(0.02717578, abs=1e-7)
