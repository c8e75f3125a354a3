from dataclasses import replace

import pytest
import torch

from training.augment import AugmentConfig, affine_matrices, warp
from training.dataset import read_shared
from training.pixels import PixelPack
from training.smoke import make_simulated
from training.views import ViewConfig, ViewMaker, _move

STILL = AugmentConfig(
    flip_horizontal=0, flip_vertical=0, rotate_degrees=0, scale=(1, 1), translate=0, shear_degrees=0, gamma=(1, 1),
    contrast=(1, 1), brightness=0, blur=0, noise=0, cutout=0, border=0,
)  # fmt: skip


def test_boxes_move_with_the_pixels():
    generator = torch.Generator().manual_seed(4)
    config = replace(STILL, flip_horizontal=0.5, flip_vertical=0.5, scale=(0.7, 1.4), translate=0.1)
    for _ in range(20):
        image = torch.zeros(1, 1, 100, 100)
        image[0, 0, 40:60, 30:42] = 1
        matrix = affine_matrices(1, config, generator)
        seen = warp(image, matrix, 80)[0, 0] > 0.5
        ys, xs = seen.nonzero(as_tuple=True)
        box = _move(torch.tensor([[30.0, 40, 42, 60]]), matrix[0], 100, 80)[0]
        seen_box = [int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1]
        assert box.tolist() == pytest.approx(seen_box, abs=1.1)


@pytest.fixture
def maker(tmp_path):
    data = read_shared(make_simulated(tmp_path / "data", images=24))
    return ViewMaker(PixelPack(data.records, 128, tmp_path / "cache"), data.records)


@pytest.mark.parametrize("mosaic", [0.0, 1.0])
def test_close_ups_hold_valid_boxes(maker, mosaic):
    config = ViewConfig(96, 1.0, mosaic, 0.0, AugmentConfig(), False)
    batch = maker.draw(16, config, torch.Generator().manual_seed(1))
    assert batch.images.shape == (16, 1, 96, 96)
    assert 0 <= float(batch.images.min()) <= float(batch.images.max()) <= 1
    boxes = batch.truths[batch.valid]
    assert len(boxes) >= 12
    assert bool((boxes[:, 2:] > boxes[:, :2]).all())
    assert float(boxes.min()) >= 0
    assert float(boxes.max()) <= 96


def test_a_seed_gives_the_same_views(maker):
    config = ViewConfig(96, 0.5, 0.5, 0.5, AugmentConfig(), False)
    a = maker.draw(4, config, torch.Generator().manual_seed(9))
    b = maker.draw(4, config, torch.Generator().manual_seed(9))
    assert torch.equal(a.images, b.images)
    assert torch.equal(a.truths, b.truths)


def test_normals_that_look_fractured_are_drawn_more_often(maker):
    target = maker.negatives[0]
    for _ in range(10):
        maker.learn_hardness([target], [1.0])
        maker.learn_hardness(maker.negatives[1:], [0.0] * (len(maker.negatives) - 1))
    config = ViewConfig(96, 0.0, 0.0, 0.0, STILL, True)
    rows = maker.draw(60, config, torch.Generator().manual_seed(2)).rows
    assert rows.count(target) > 60 / len(maker.negatives) * 2
