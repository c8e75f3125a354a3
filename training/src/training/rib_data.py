"""Straightened ribs written by `tools/rib-patches.mjs`, and the segments that the rib network learns from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.errors import TrainingError

# What the network sees: samples across the rib (inside to outside) and upwards; samples along in training.
ACROSS, HIGH, LENGTH = 24, 32, 64
# Samples along a rib per answer of the network.
STRIDE = 2
# The rib finder starts where the rib leaves the spine: samples before are not learned from.
FIRST = 40


@dataclass(frozen=True)
class Fracture:
    """Where a fracture lies along its rib, in samples, and what it is."""

    start: float
    stop: float
    kind: str
    old: bool
    displaced: bool


@dataclass(frozen=True)
class Rib:
    """One straightened rib: `values` [along, across, high], 0 to 255."""

    values: NDArray[np.uint8]
    fractures: tuple[Fracture, ...]


def read_scan(path: Path) -> list[Rib]:
    """The ribs of one scan. @param path its JSON file"""
    truth: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    shape = (truth["across"], truth["high"])
    pixels = np.fromfile(path.with_suffix(".bin"), dtype=np.uint8)
    ribs, start = [], 0
    for rib in truth["ribs"]:
        stop = start + rib["count"] * shape[0] * shape[1]
        found = tuple(
            Fracture(f["from"], f["to"], f["kind"], f["age"] == "old", f["displaced"]) for f in rib["fractures"]
        )
        ribs.append(Rib(pixels[start:stop].reshape(rib["count"], *shape), found))
        start = stop
    return [rib for rib in ribs if rib.values.shape[0] >= FIRST + LENGTH]


def read_scans(folder: Path, skip: Sequence[str] = ()) -> dict[str, list[Rib]]:
    """All scans of a folder by name. Raises TRN_NO_RIBS when there is none."""
    scans = {p.stem: read_scan(p) for p in sorted(folder.glob("scan-*.json")) if p.stem not in skip}
    if not scans and not skip:
        raise TrainingError("TRN_NO_RIBS", f"There are no ribs in {folder}.", "Run node tools/rib-patches.mjs first.")
    return scans


@dataclass(frozen=True)
class SegmentBatch:
    """`image` [B, 1, LENGTH, ACROSS, HIGH] 0 to 1; targets [B, LENGTH / STRIDE]: fracture, old, displaced."""

    image: Tensor
    fracture: Tensor
    old: Tensor
    displaced: Tensor


class SegmentMaker:
    """Draws segments: half of them with a fracture, every fracture as often as the others."""

    def __init__(self, ribs: Sequence[Rib]) -> None:
        self.ribs = list(ribs)
        self.fractured = [(i, f) for i, rib in enumerate(self.ribs) for f in rib.fractures]

    def draw(self, count: int, random: np.random.Generator, augment: bool = True) -> SegmentBatch:
        """`count` segments."""
        images = np.zeros((count, LENGTH, ACROSS, HIGH), np.float32)
        targets = np.zeros((3, count, LENGTH // STRIDE), np.float32)
        for row in range(count):
            index, start = self._place(random)
            rib = self.ribs[index]
            depth, height = rib.values.shape[1] - ACROSS, rib.values.shape[2] - HIGH
            a, h = depth // 2, height // 2
            if augment:
                a, h = int(random.integers(0, depth + 1)), int(random.integers(0, height + 1))
            image = rib.values[start : start + LENGTH, a : a + ACROSS, h : h + HIGH].astype(np.float32)
            image /= 255
            target = segment_targets(rib.fractures, start)
            if augment:
                image, target = _augmented(image, target, random)
            images[row], targets[:, row] = image, target
        tensors = [torch.from_numpy(t) for t in targets]
        return SegmentBatch(torch.from_numpy(images).unsqueeze(1), *tensors)

    def _place(self, random: np.random.Generator) -> tuple[int, int]:
        if self.fractured and random.random() < 0.5:
            index, fracture = self.fractured[random.integers(len(self.fractured))]
            middle = (fracture.start + fracture.stop) / 2
            start = int(middle - LENGTH * random.uniform(0.15, 0.85))
        else:
            index = int(random.integers(len(self.ribs)))
            start = int(random.integers(FIRST, self.ribs[index].values.shape[0] - LENGTH + 1))
        return index, max(FIRST, min(start, self.ribs[index].values.shape[0] - LENGTH))


def segment_targets(fractures: Sequence[Fracture], start: int, length: int = LENGTH) -> NDArray[np.float32]:
    """[3, length / STRIDE]: inside a fracture, and there old and displaced."""
    target = np.zeros((3, length // STRIDE), np.float32)
    centres = start + STRIDE * (np.arange(length // STRIDE) + 0.5)
    for f in fractures:
        inside = (centres >= f.start) & (centres <= f.stop)
        target[0, inside], target[1, inside], target[2, inside] = 1, float(f.old), float(f.displaced)
    return target


def _augmented(
    image: NDArray[np.float32], target: NDArray[np.float32], random: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Turned end for end and head over feet; other contrast, noise and sharpness."""
    if random.random() < 0.5:
        image, target = image[::-1], target[:, ::-1]
    if random.random() < 0.5:
        image = image[:, :, ::-1]
    if random.random() < 0.25:
        kept = random.uniform(0.4, 0.8)
        blurred = np.pad(image, ((1, 1), (0, 0), (0, 0)), mode="edge")
        image = kept * image + (1 - kept) * 0.5 * (blurred[:-2] + blurred[2:])
    image = image * random.uniform(0.85, 1.15) + random.uniform(-0.03, 0.03)
    if random.random() < 0.5:
        image = image + random.uniform(0, 0.03) * random.standard_normal(image.shape, dtype=np.float32)
    return np.clip(image, 0, 1).astype(np.float32), target


def batches(maker: SegmentMaker, count: int, size: int, seed: int) -> Iterator[SegmentBatch]:
    """`count` batches of an epoch."""
    random = np.random.default_rng(seed)
    for _ in range(count):
        yield maker.draw(size, random)
