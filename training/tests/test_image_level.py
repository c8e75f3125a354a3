import json

import numpy as np
import pytest
import torch

from training import cards_table, types
from training.dataset import read_shared
from training.decisions import softmax
from training.errors import TrainingError
from training.fracture_synthesis import PATTERNS, bone_axis, synthesise
from training.image_scores import RawScores, read_scores, write_scores
from training.image_views import BalancedViews, cell_targets
from training.others import CT_ROLES, PETCT_ROLES, others
from training.pixels import PixelPack
from training.protocol import rounds
from training.smoke import make_simulated
from training.type_results import conformal_thresholds


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return read_shared(make_simulated(tmp_path_factory.mktemp("simulated"), images=80))


def test_cells_under_a_box_show_a_fracture_and_slight_overlaps_do_not_count():
    boxes = torch.tensor([[[10.0, 10, 40, 40], [100, 100, 130, 110]]])
    target, counts = cell_targets(boxes, torch.tensor([[True, True]]), 160, 5)
    assert target[0, 0, 0] == 1
    assert target[0, 3, 3] == 1
    assert target.sum() == 2
    assert counts[0, 0, 1] == 0
    assert counts[0, 4, 0] == 1
    empty, all_count = cell_targets(boxes, torch.tensor([[False, False]]), 160, 5)
    assert empty.sum() == 0
    assert all_count.min() == 1


def test_normal_images_are_drawn_like_the_fractured_ones(data, tmp_path):
    pack = PixelPack(data.records, 64, tmp_path)
    hands = [r for r in data.records if not r.fractured or "hand" in r.regions]
    views = BalancedViews(pack, hands)
    of_hands = [i for i, row in enumerate(views.negatives) if "hand" in pack.records[row].regions]
    others_ = [i for i in range(len(views.negatives)) if i not in of_hands]
    assert float(views.balance[of_hands].min()) > float(views.balance[others_].max())


def test_scores_are_read_back_in_order_and_refused_for_other_folds(data, tmp_path):
    part = rounds("holdout")[0]
    n, m = len(part.calibration(data.records)), len(part.reporting(data.records))
    raw = RawScores(np.arange(n) * 0.5, np.arange(m) * 0.25, np.arange(m) * -0.25)
    write_scores(tmp_path / "scores.csv", part, data.records, raw)
    back = read_scores(tmp_path / "scores.csv", part, data.records)
    np.testing.assert_allclose(back.calibration, raw.calibration)
    np.testing.assert_allclose(back.cropped, raw.cropped)
    with pytest.raises(TrainingError, match="TRN_SCORES_OTHER"):
        read_scores(tmp_path / "scores.csv", rounds("five-fold")[2], data.records)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_synthesised_fracture_changes_the_middle_of_the_bone_and_repeats_with_its_seed(pattern):
    crop = np.full((112, 112), 0.1, dtype=np.float32)
    crop[:, 40:72] = 0.6
    crop[:, 40:45] = crop[:, 67:72] = 0.9
    made = synthesise(crop, pattern, np.random.default_rng(5))
    again = synthesise(crop, pattern, np.random.default_rng(5))
    np.testing.assert_array_equal(made, again)
    assert made.min() >= 0
    assert made.max() <= 1
    change = np.abs(made - crop)
    assert change[30:82, 35:77].max() > 0.02


def test_the_axis_of_an_upright_bone_is_upright():
    crop = np.full((112, 112), 0.1, dtype=np.float32)
    crop[:, 40:72] = 0.6
    assert abs(np.cos(bone_axis(crop))) < 0.1


def test_no_source_of_strange_pictures_is_on_both_sides(tmp_path):
    found = others(32, tmp_path, None)
    trained = {s for s, r in zip(found.sources, found.roles, strict=True) if r == "train"}
    reported = {s for s, r in zip(found.sources, found.roles, strict=True) if r == "report"}
    assert trained
    assert reported
    assert not trained & reported
    assert set(CT_ROLES.values()) == set(PETCT_ROLES.values()) == {"train", "report"}


def test_normals_for_synthesis_are_of_groups_without_any_fracture(data):
    fractured = {r.group for r in data.records if r.fractured}
    chosen = [r for r, _ in types.normal_places(data.records, 100, 1)]
    assert chosen
    assert not {r.group for r in chosen} & fractured


def test_conformal_sets_cover_every_class():
    rng = np.random.default_rng(6)
    labels = rng.integers(3, size=40000)
    logits = rng.normal(0, 1, (40000, 3))
    logits[np.arange(40000), labels] += 1.0
    p = softmax(logits)
    chosen = conformal_thresholds(p[:20000], labels[:20000], ("a", "b", "c"))
    sets = p[20000:] >= np.array([chosen[c] for c in "abc"])
    for k in range(3):
        rows = labels[20000:] == k
        assert sets[rows, k].mean() == pytest.approx(0.9, abs=0.02)


def test_the_table_goes_between_its_markers_and_nothing_else_changes(tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{cards_table.BEGIN}\nold\n{cards_table.END}\nafter\n")
    cards_table.insert(readme, "new")
    assert readme.read_text() == f"before\n{cards_table.BEGIN}\nnew\n{cards_table.END}\nafter\n"
    readme.write_text("no markers")
    with pytest.raises(TrainingError, match="TRN_README"):
        cards_table.insert(readme, "new")


def test_a_figure_is_shown_with_its_interval_set_and_size(tmp_path):
    result = {"metric": "AUC", "value": 0.8123, "interval": [0.75, 0.86], "set": "fold 0", "subset": "all", "n": 12,
              "unit": "image", "simulated": True}  # fmt: skip
    card = {"id": "x", "task": "classify", "file": None, "results": [result],
            "training": {"device": "CPU, 1 threads", "epochs": 3}}  # fmt: skip
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "card.json").write_text(json.dumps(card))
    text = cards_table.table(tmp_path)
    assert "AUC SIMULATED | 0.812 (0.750-0.860) | 12 images" in text
    assert "fold 0" in text
