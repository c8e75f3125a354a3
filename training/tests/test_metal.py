from dataclasses import replace

import pytest
import torch

from test_views import STILL
from training.dataset import read_shared
from training.metal import KINDS, Canvas, add_metal
from training.pixels import PixelPack
from training.smoke import make_simulated
from training.views import ViewConfig, ViewMaker

BONE = torch.full((160, 160), 0.5)


@pytest.mark.parametrize("kind", range(len(KINDS)))
def test_each_device_is_one_bright_shape_of_limited_size(kind):
    generator = torch.Generator().manual_seed(kind)
    for _ in range(10):
        canvas = Canvas(160, torch.tensor([80.0, 80.0]), 0.4)
        KINDS[kind][1](canvas, 10.0, lambda low, high: low + (high - low) * float(torch.rand(1, generator=generator)))
        share = float((canvas.distance < 0).float().mean())
        assert 0.0001 < share < 0.35


def test_metal_hides_no_fracture():
    boxes = torch.tensor([[60.0, 70, 90, 100]])
    generator = torch.Generator().manual_seed(2)
    drawn = 0
    for _ in range(30):
        seen = add_metal(BONE, boxes, generator)
        assert 0 <= float(seen.min()) <= float(seen.max()) <= 1
        drawn += int((seen > 0.8).sum() > 10)
        assert float((seen[70:101, 60:91] > 0.8).float().mean()) <= 0.12
    assert drawn >= 20


def test_an_image_without_bone_or_without_room_stays_as_it_is():
    generator = torch.Generator().manual_seed(3)
    dark = torch.zeros(64, 64)
    assert torch.equal(add_metal(dark, torch.zeros(0, 4), generator), dark)
    everywhere = torch.tensor([[0.0, 0, 160, 160]])
    assert torch.equal(add_metal(BONE, everywhere, generator), BONE)


def test_images_with_and_without_a_fracture_get_metal_alike(tmp_path):
    data = read_shared(make_simulated(tmp_path / "data", images=24))
    maker = ViewMaker(PixelPack(data.records, 128, tmp_path / "cache"), data.records)
    plain = ViewConfig(128, 0.5, 0.0, 0.0, STILL, True)
    shares = {}
    for fractured, positives in ((True, 1.0), (False, 0.0)):
        config = replace(plain, positives=positives, metal=1.0)
        generator = torch.Generator().manual_seed(5)
        bright = [float((maker.draw(1, config, generator).images > 0.85).float().mean()) for _ in range(24)]
        shares[fractured] = sum(v > 0.003 for v in bright) / len(bright)
    assert shares[True] > 0.5
    assert shares[False] > 0.5
