"""Who trains, who calibrates and who reports. A fold that reports was never seen before, in any role.

Round k reports on fold k, calibrates and chooses thresholds on fold k + 1, and trains on the other three.
`five-fold` runs rounds 0-4 and reports the out-of-fold predictions together; `holdout` is round 0 alone.
The shipped weights are those of round 0 in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from training.dataset import ImageRecord
from training.splits import in_folds

FOLDS = 5
PROTOCOLS = ("five-fold", "holdout")


@dataclass(frozen=True)
class Round:
    """The folds of one training."""

    number: int
    report: int
    calibrate: int
    train: tuple[int, ...]

    def training(self, records: Sequence[ImageRecord]) -> list[ImageRecord]:
        """Images to train on."""
        return in_folds(records, self.train)

    def calibration(self, records: Sequence[ImageRecord]) -> list[ImageRecord]:
        """Images for calibration and thresholds."""
        return in_folds(records, (self.calibrate,))

    def reporting(self, records: Sequence[ImageRecord]) -> list[ImageRecord]:
        """Images to report on."""
        return in_folds(records, (self.report,))


def rounds(protocol: str) -> tuple[Round, ...]:
    """The rounds of a protocol; the first one's weights are shipped."""
    count = {"holdout": 1, "five-fold": FOLDS}[protocol]
    made = []
    for k in range(count):
        calibrate = (k + 1) % FOLDS
        train = tuple(sorted(set(range(FOLDS)) - {k, calibrate}))
        made.append(Round(number=k, report=k, calibrate=calibrate, train=train))
    return tuple(made)


def describe(protocol: str) -> str:
    """The sentence for the card."""
    if protocol == "holdout":
        return (
            "holdout by patient group: weights trained on folds 2, 3, 4 only; calibration and thresholds fitted on "
            "fold 1; results on fold 0, which nothing was fitted or chosen on"
        )
    return (
        "five-fold by patient group: round k reports on fold k, calibrates on fold k + 1, trains on the other three; "
        "results are the pooled out-of-fold predictions; the shipped weights are those of round 0"
    )
