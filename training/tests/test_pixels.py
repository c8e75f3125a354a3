import numpy as np
import pytest
import torch

from training.dataset import Box, read_shared
from training.pixels import PixelPack, crop_square, letterbox, letterbox_geometry, percentile_stretch
from training.smoke import make_simulated


def test_percentiles_are_cumulative_counts():
    # 1000 values 0..999: lo is the 5th smallest (4), hi the 995th smallest (994).
    grey = np.arange(1000, dtype=np.uint16).reshape(25, 40)
    stretched = percentile_stretch(grey)
    assert stretched.reshape(-1)[4] == 0
    assert stretched.reshape(-1)[994] == 1
    assert stretched.reshape(-1)[499] == pytest.approx((499 - 4) / 990)
    assert stretched.reshape(-1)[999] == 1


def test_flat_images_become_zero():
    assert not percentile_stretch(np.full((5, 5), 7, dtype=np.uint8)).any()


def test_padding_is_left_out_of_the_percentiles():
    grey = np.full((10, 10), 60000, dtype=np.uint16)
    grey[:5] = np.arange(50).reshape(5, 10)
    padding = grey == 60000
    stretched = percentile_stretch(grey, padding)
    assert stretched[4, 9] == 1
    assert not stretched[5:].any()


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [(373, 454, (421, 512, 45, 0)), (1280, 1024, (512, 410, 0, 51)), (1, 4000, (1, 512, 255, 0))],
)
def test_geometry_by_hand(width, height, expected):
    g = letterbox_geometry(width, height, 512)
    assert (g.new_width, g.new_height, g.left, g.top) == expected


def test_letterbox_by_hand():
    # 2 x 1 enlarged to 4 x 2: bilinear without aligned corners gives 0, 0.25, 0.75, 1.
    square, _ = letterbox(np.array([[0.0, 1.0]], dtype=np.float32), 4)
    expected = torch.tensor([0.0, 0.25, 0.75, 1.0])
    assert torch.allclose(square[0, 0, 1], expected)
    assert torch.allclose(square[0, 0, 2], expected)
    assert not square[0, 0, 0].any()


def test_shrinking_is_antialiased():
    # Triangle filter of half-width 2 over 0, 0, 1, 1: weights 1/8, 3/8 | ... renormalised at the border.
    square, _ = letterbox(np.tile(np.array([0, 0, 1, 1], dtype=np.float32), (4, 1)), 2)
    assert torch.allclose(square[0, 0, 0], torch.tensor([1 / 7, 6 / 7]))


def test_boxes_go_to_the_square_and_back():
    g = letterbox_geometry(373, 454, 512)
    corners = g.to_square(Box(10, 20, 30, 40, 0))
    assert g.to_image(np.array([corners]))[0] == pytest.approx([10, 20, 40, 60])


def test_crops_reach_over_the_border_with_zeros():
    image = np.ones((10, 10), dtype=np.float32)
    crop = crop_square(image, (0, 0, 4, 2), context=2, minimum_side=4, size=8)
    # Side 8 centred on (2, 1): columns -2..5, rows -3..4.
    assert crop.shape == (1, 1, 8, 8)
    assert not crop[0, 0, :3].any()
    assert not crop[0, 0, :, :2].any()
    assert crop[0, 0, 3:, 2:].min() == 1


def test_pack_holds_the_letterboxed_images(tmp_path):
    data = read_shared(make_simulated(tmp_path / "data", images=4))
    pack = PixelPack(data.records, 64, tmp_path / "cache")
    again = PixelPack(data.records, 64, tmp_path / "cache")
    assert pack.batch([1, 3]).shape == (2, 1, 64, 64)
    assert torch.equal(pack.batch([2]), again.batch([2]))
    assert len(list((tmp_path / "cache").iterdir())) == 1
