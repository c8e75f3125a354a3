"""`python -m training.leaks`: no patient group, no duplicate and no near-duplicate on two sides of the split.

Near-duplicate: the distances of two 64-bit perceptual hashes (low frequencies of the cosine transform; brightness
differences of neighbours) add up to at most 12 of 128 bits AND the correlation of 32 x 32 thumbnails is at least 0.98.
The hashes alone cannot decide: radiographs of one projection look alike (in FracAtlas 250 pairs across folds have
hash distances of 12 bits or less, all of them other hands and feet by eye), a correlation of 0.98 none of them has.
Of the 112 pairs in FracAtlas's own duplicate groups the rule finds 108.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.fft import dctn

from training.dataset import ImageRecord, read_any
from training.errors import TrainingError, run_program
from training.pixels import DEFAULT_CACHE, load_grey
from training.splits import with_folds

LARGEST_DISTANCE = 12
SMALLEST_CORRELATION = 0.98
THUMBNAIL = 32


@dataclass(frozen=True)
class Fingerprints:
    """Per image: two hashes as uint64 [N, 2] and its thumbnail, centred and of length one [N, 1024]."""

    hashes: NDArray[np.uint64]
    thumbnails: NDArray[np.float32]


@dataclass(frozen=True)
class Leak:
    """What ties two sides: `kind` group, duplicate or near-duplicate, and the images on them."""

    kind: str
    name: str
    images: tuple[str, ...]


def fingerprint(grey: NDArray[np.generic]) -> tuple[NDArray[np.uint64], NDArray[np.float32]]:
    """Hashes [2] and thumbnail [1024] of one image."""
    picture = Image.fromarray(grey.astype(np.float32))
    small = np.asarray(picture.resize((THUMBNAIL, THUMBNAIL), Image.Resampling.BOX), dtype=np.float64)
    low = dctn(small, norm="ortho")[:8, :8].ravel()
    strip = np.asarray(picture.resize((9, 8), Image.Resampling.BOX))
    bits = np.stack([low > np.median(low[1:]), (strip[:, 1:] > strip[:, :-1]).ravel()])
    hashes = np.packbits(bits, axis=1).view(np.uint64).ravel()
    centred = (small - small.mean()).ravel()
    return hashes, (centred / (np.linalg.norm(centred) + 1e-9)).astype(np.float32)


def fingerprints(records: Sequence[ImageRecord], cache: Path = DEFAULT_CACHE) -> Fingerprints:
    """Fingerprints of all images, kept in the cache folder."""
    key = json.dumps([(r.id, str(r.file), r.file.stat().st_size) for r in records])
    file = cache / f"fingerprints-{hashlib.sha256(key.encode()).hexdigest()[:16]}.npz"
    if file.exists():
        with np.load(file) as kept:
            return Fingerprints(kept["hashes"], kept["thumbnails"])
    made = [fingerprint(load_grey(r.file)) for r in records]
    found = Fingerprints(np.stack([m[0] for m in made]), np.stack([m[1] for m in made]))
    cache.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(".tmp.npz")
    np.savez(temporary, hashes=found.hashes, thumbnails=found.thumbnails)
    temporary.replace(file)
    return found


def near_duplicates(prints: Fingerprints) -> list[tuple[int, int]]:
    """Pairs of rows that are near-duplicates."""
    pairs = []
    for i in range(len(prints.hashes) - 1):
        bits = np.bitwise_count(prints.hashes[i + 1 :] ^ prints.hashes[i]).sum(axis=1)
        for j in np.flatnonzero(bits <= LARGEST_DISTANCE) + i + 1:
            if float(prints.thumbnails[i] @ prints.thumbnails[j]) >= SMALLEST_CORRELATION:
                pairs.append((i, int(j)))
    return pairs


def find_leaks(records: Sequence[ImageRecord], prints: Fingerprints) -> list[Leak]:
    """Everything that lies on more than one side (fold)."""
    leaks = []
    for kind in ("group", "duplicate"):
        members: dict[str, list[ImageRecord]] = defaultdict(list)
        for record in records:
            name = record.group if kind == "group" else record.duplicate_group
            if name is not None:
                members[name].append(record)
        for name, tied in members.items():
            if len({r.fold for r in tied}) > 1:
                leaks.append(Leak(kind, name, tuple(f"{r.id} (fold {r.fold})" for r in tied)))
    for i, j in near_duplicates(prints):
        a, b = records[i], records[j]
        if a.fold != b.fold:
            leaks.append(Leak("near-duplicate", "", (f"{a.id} (fold {a.fold})", f"{b.id} (fold {b.fold})")))
    return leaks


def refuse_leaks(records: Sequence[ImageRecord], cache: Path = DEFAULT_CACHE) -> None:
    """Raise where the split leaks, naming what does."""
    leaks = find_leaks(records, fingerprints(records, cache))
    if leaks:
        lines = [f"{leak.kind} {leak.name}: {', '.join(leak.images[:6])}" for leak in leaks[:20]]
        raise TrainingError(
            "TRN_LEAK",
            f"{len(leaks)} ties across folds:\n  " + "\n  ".join(lines) + "\n",
            "Put tied images into one group (or one fold) and split again.",
        )


def main(argv: Sequence[str] | None = None) -> int:
    """Check a data set; exit code 1 and the names of what leaks where it does."""
    parser = argparse.ArgumentParser(prog="python -m training.leaks", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/fracatlas"))
    parser.add_argument("--layout", default="auto")
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE)
    args = parser.parse_args(argv)
    records = with_folds(read_any(args.data, args.layout).records)
    refuse_leaks(records, args.cache)
    groups = len({r.group for r in records})
    print(f"No leak: {len(records)} images, {groups} groups, {len({r.fold for r in records})} folds.")
    return 0


if __name__ == "__main__":
    run_program(main)
