"""Simulated regions of limbs, as `tools/infection-set.mjs` writes them: 16-bit volumes, and truth as JSON Lines."""

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
from training.metrics import Floats

CELLS, SPACING = 40, 3.5
SUV_PER_UNIT = 100.0
CHANNELS = ("ct", "pet")
TRAIN, CALIBRATE, TEST = ("train", "train-real"), ("calibrate",), ("test", "test-real")


@dataclass(frozen=True)
class Cases:
    """Volumes [N, 2, z, y, x] (int16: HU, SUV in hundredths; on disk) and what is known of each."""

    volumes: NDArray[np.int16]
    truth: list[dict[str, Any]]

    @property
    def labels(self) -> NDArray[np.bool_]:
        """Which are infected."""
        return np.array([t["infected"] for t in self.truth], dtype=bool)

    @property
    def suv_max(self) -> Floats:
        """SUVmax as the reader measures it."""
        return np.array([t["measured"]["measures"]["suvMax"] for t in self.truth], dtype=np.float64)

    def select(self, which: NDArray[np.bool_]) -> Cases:
        """Some of them."""
        return Cases(self.volumes[which], [t for t, w in zip(self.truth, which, strict=True) if w])


def read_set(folder: Path, name: str) -> Cases:
    """One set. Cases without bone or uptake hold no volume: they are left out, and counted by `without_region`."""
    lines, file = folder / f"{name}.jsonl", folder / f"{name}.i16"
    if not lines.exists() or not file.exists():
        raise TrainingError("TRN_NO_SET", f"There is no set {name} in {folder}.", "Make it: tools/infection-set.mjs.")
    truth = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines() if line]
    seen = [t for t in truth if t["tensor"]]
    values = 2 * CELLS**3
    # A set that is still being written has one volume more than lines at times.
    count = min(len(seen), file.stat().st_size // (2 * values))
    if count == 0:
        raise TrainingError(
            "TRN_EMPTY_SET", f"The set {name} in {folder} is empty.", "Make it: tools/infection-set.mjs."
        )
    volumes = np.memmap(file, dtype=np.int16, mode="r", shape=(count, 2, CELLS, CELLS, CELLS))
    return Cases(volumes, seen[:count])


def read_sets(folder: Path, names: Sequence[str]) -> Cases:
    """Several sets as one, in memory."""
    sets = [read_set(folder, name) for name in names]
    return Cases(np.concatenate([s.volumes for s in sets]), [t for s in sets for t in s.truth])


def without_region(folder: Path, names: Sequence[str]) -> int:
    """How many cases the reader found no region in."""
    lines = [line for name in names for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    return sum(not json.loads(line)["tensor"] for line in lines if line)


def to_tensor(volumes: NDArray[np.int16], without: str | None = None) -> Tensor:
    """[N, 2, z, y, x] in HU and SUV; `without` blanks one of `CHANNELS`."""
    values = torch.from_numpy(np.ascontiguousarray(volumes).astype(np.float32))
    values[:, 1] /= SUV_PER_UNIT
    if without is not None:
        values[:, CHANNELS.index(without)] = 0
    return values


def augment(volumes: Tensor, generator: torch.Generator) -> Tensor:
    """Mirrored along each axis, turned by quarters about the limb, a little noise, uptake scaled by a few per cent."""
    draws = torch.rand(6, generator=generator)
    axes = [axis + 2 for axis in range(3) if draws[axis] < 0.5]
    if axes:
        volumes = volumes.flip(axes)
    if draws[3] < 0.5:
        volumes = volumes.transpose(3, 4)
    count = volumes.shape[0]
    noise = torch.randn(volumes.shape, generator=generator)
    hu = volumes[:, :1] + noise[:, :1] * 12 * torch.rand(count, 1, 1, 1, 1, generator=generator)
    suv = volumes[:, 1:]
    scale = torch.exp(0.04 * torch.randn(count, 1, 1, 1, 1, generator=generator))
    grain = 0.06 * torch.rand(count, 1, 1, 1, 1, generator=generator) * noise[:, 1:] * suv.clamp_min(0).sqrt()
    return torch.cat([hu, (suv * scale + grain).clamp_min(0)], dim=1)


def batches(
    cases: Cases, size: int, generator: torch.Generator, without: str | None = None
) -> Iterator[tuple[Tensor, Tensor]]:
    """One epoch in random order, augmented; the last, smaller batch is left out."""
    order = torch.randperm(len(cases.truth), generator=generator).numpy()
    labels = cases.labels
    for start in range(0, len(order) - size + 1, size):
        chosen = order[start : start + size]
        volumes = augment(to_tensor(cases.volumes[chosen], without), generator)
        yield volumes, torch.from_numpy(labels[chosen].astype(np.float32))
