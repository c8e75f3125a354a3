"""Segments of straightened ribs, and the network that reads them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from training.errors import TrainingError
from training.rib_data import ACROSS, HIGH, LENGTH, STRIDE, Fracture, SegmentMaker, read_scans, segment_targets
from training.rib_network import RibNetwork, fold, rib_loss


def write_scan(folder: Path) -> None:
    """One scan of two ribs, the first broken."""
    across, high, count = ACROSS + 4, HIGH + 4, 200
    rng = np.random.default_rng(1)
    rng.integers(0, 255, (2 * count, across, high), dtype=np.uint8).tofile(folder / "scan-1.bin")
    broken = {"from": 90, "to": 110, "kind": "buckle", "age": "old", "displaced": False}
    ribs = [{"count": count, "fractures": [broken]}, {"count": count, "fractures": []}]
    (folder / "scan-1.json").write_text(json.dumps({"across": across, "high": high, "ribs": ribs}), encoding="utf-8")


def test_segments_hold_their_fractures(tmp_path: Path) -> None:
    write_scan(tmp_path)
    maker = SegmentMaker(read_scans(tmp_path)["scan-1"])
    batch = maker.draw(40, np.random.default_rng(1))
    assert batch.image.shape == (40, 1, LENGTH, ACROSS, HIGH)
    assert float(batch.image.min()) >= 0 and float(batch.image.max()) <= 1
    broken = batch.fracture.amax(dim=1) > 0
    assert 0.3 < float(broken.float().mean()) < 0.95
    assert torch.equal(batch.old, batch.fracture)
    assert float(batch.displaced.sum()) == 0


def test_targets_lie_where_the_fracture_lies() -> None:
    target = segment_targets([Fracture(30, 49, "displaced", False, True)], start=20)
    assert target.shape == (3, LENGTH // STRIDE)
    assert np.flatnonzero(target[0]).tolist() == list(range(5, 15))
    assert target[1].sum() == 0
    assert np.array_equal(target[2], target[0])


def test_a_folder_without_ribs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="TRN_NO_RIBS"):
        read_scans(tmp_path)


def test_folding_keeps_every_sample() -> None:
    image = torch.arange(4 * 4 * 4, dtype=torch.float32).reshape(1, 1, 4, 4, 4)
    assert torch.equal(fold(image).flatten().sort().values, image.flatten())


def test_the_network_answers_every_other_sample_at_any_length() -> None:
    network = RibNetwork(4).eval()
    for length in (64, 128):
        logits = network(torch.rand(2, 1, length, ACROSS, HIGH))
        assert logits.shape == (2, 3, length // STRIDE)
    truth = torch.zeros(2, 64)
    truth[0, 10:20] = 1
    loss, parts = rib_loss(logits, truth, truth, truth)
    assert bool(torch.isfinite(loss)) and set(parts) == {"place_loss", "dice_loss"}
