"""Raw logits of a classifier on the calibration and the reported fold, kept as a table for the combiner."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from torch import Tensor

from training.dataset import ImageRecord
from training.detector_report import BORDER_CUT
from training.errors import TrainingError
from training.export import run_batches
from training.metrics import Floats
from training.pixels import PixelPack
from training.protocol import Round


def image_batches(pack: PixelPack, records: Sequence[ImageRecord], count: int = 16) -> Iterator[Tensor]:
    """Whole images of a pack, in batches."""
    for start in range(0, len(records), count):
        yield pack.batch([pack.index[r.id] for r in records[start : start + count]])


@dataclass(frozen=True)
class RawScores:
    """Raw logits of one round, in the order of the round's records; `cropped` with the borders cut off."""

    calibration: Floats
    reporting: Floats
    cropped: Floats


def scores_file(runs: Path, model: str, part: Round) -> Path:
    """Where the raw scores of a round lie, for the combiner."""
    return runs / model / f"round{part.number}" / "scores.csv"


def write_scores(path: Path, part: Round, records: Sequence[ImageRecord], raw: RawScores) -> None:
    """image, role (calibrate, report, report-cropped), logit."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [("calibrate", r, s) for r, s in zip(part.calibration(records), raw.calibration, strict=True)]
    rows += [("report", r, s) for r, s in zip(part.reporting(records), raw.reporting, strict=True)]
    rows += [("report-cropped", r, s) for r, s in zip(part.reporting(records), raw.cropped, strict=True)]
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(("image", "role", "logit"))
        writer.writerows((r.id, role, f"{s:.6f}") for role, r, s in rows)


def read_scores(path: Path, part: Round, records: Sequence[ImageRecord]) -> RawScores:
    """Scores written by `write_scores`, in the order of the records."""
    if not path.exists():
        raise TrainingError("TRN_NO_SCORES", f"There are no scores {path}.", "Train that network first.")
    with path.open(newline="", encoding="utf-8") as stream:
        found = {(row["role"], row["image"]): float(row["logit"]) for row in csv.DictReader(stream)}
    try:
        return RawScores(
            np.array([found["calibrate", r.id] for r in part.calibration(records)]),
            np.array([found["report", r.id] for r in part.reporting(records)]),
            np.array([found["report-cropped", r.id] for r in part.reporting(records)]),
        )
    except KeyError as error:
        raise TrainingError(
            "TRN_SCORES_OTHER", f"{path} was made for other images or folds ({error}).", "Train that network again."
        ) from error


def score(file: Path, part: Round, records: Sequence[ImageRecord], pack: PixelPack, cache: Path) -> RawScores:
    """Run the exported network over the calibration and the reported fold."""
    reporting = part.reporting(records)
    cut = PixelPack(reporting, pack.size, cache, border_cut=BORDER_CUT)

    def logits(source: PixelPack, wanted: Sequence[ImageRecord]) -> Floats:
        return run_batches(file, image_batches(source, wanted), ("logits",))[0][:, 0].astype(np.float64)

    return RawScores(logits(pack, part.calibration(records)), logits(pack, reporting), logits(cut, reporting))
