"""`python -m training.all`: every network in order, then combiner, parity fixtures and the table in README.md."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from training import cards_table, classify, combine, detect, leaks, parity, region, types
from training.errors import TrainingError, run_program
from training.networks import CLASSIFIERS
from training.pixels import DEFAULT_CACHE
from training.presets import PRESETS, Preset
from training.protocol import PROTOCOLS, rounds
from training.smoke import make_simulated

SMOKE_IMAGES = 120
TYPE_TRAININGS = 6


@dataclass(frozen=True)
class Step:
    """One program with its options; `minutes` is the training time of a round."""

    name: str
    main: Callable[[Sequence[str] | None], int]
    options: list[str]


def training_minutes(preset: Preset, rounds_: int) -> float:
    """Clock time of all trainings of a preset."""
    per_round = preset.region.minutes + preset.detector_minutes + sum(n.minutes for n in preset.classifiers.values())
    return rounds_ * per_round + TYPE_TRAININGS * preset.types.minutes + preset.type_pretraining_minutes


def steps(args: argparse.Namespace) -> list[Step]:
    """All programs in order, with a budget in proportion to the preset's."""
    preset = PRESETS[args.preset]
    share = args.budget_minutes / training_minutes(preset, len(rounds(args.protocol))) if args.budget_minutes else 1.0
    data = ["--data", str(args.data), "--layout", args.layout, "--cache", str(args.cache)]
    shared = [
        *data, "--models", str(args.models), "--runs", str(args.runs), "--protocol", args.protocol,
        "--device", args.device, "--threads", str(args.threads), "--seed", str(args.seed),
    ]  # fmt: skip
    trained = [*shared, *(["--resume"] if args.resume else [])]

    def minutes(value: float) -> list[str]:
        return ["--budget-minutes", f"{value * share:.3g}"]

    own = ["--preset", args.preset]
    detector = ["--size", args.detector, "--side", str(preset.detector_size), "--view", str(preset.detector_view),
                "--batch", str(preset.detector_batch)]  # fmt: skip
    listed = [
        Step("leaks", leaks.main, data),
        Step("region", region.main, [*trained, *own, *minutes(preset.region.minutes), "--others", str(args.others)]),
        Step("detect", detect.main, [*trained, *detector, *minutes(preset.detector_minutes)]),
    ]
    for name in CLASSIFIERS:
        options = [*trained, *own, *minutes(preset.classifiers[name].minutes), "--network", name]
        listed.append(Step(f"classify {name}", classify.main, options))
    synthetic = ["--synthetic-images", str(args.synthetic_images)]
    parity_options = ["--models", str(args.models), "--runs", str(args.runs), "--out", str(args.parity)]
    listed += [
        Step("types", types.main, [*trained, *own, *minutes(preset.types.minutes), *synthetic]),
        Step("combine", combine.main, [*shared, *own, "--detector", f"yolov8{args.detector}-fracture"]),
        Step("parity", parity.main, parity_options),
    ]
    if args.readme is not None:
        table = ["--models", str(args.models), "--readme", str(args.readme)]
        listed.append(Step("table of cards", cards_table.main, table))
    return listed


def shrink(args: argparse.Namespace) -> None:
    """`--smoke`: everything on a few drawn pictures, into a new folder, so that real models stay as they are."""
    root = Path(tempfile.mkdtemp(prefix="lucency-smoke-"))
    args.data, args.layout = make_simulated(root / "data", SMOKE_IMAGES), "shared"
    args.cache, args.runs, args.models, args.parity = root / "cache", root / "runs", root / "models", root / "parity"
    args.preset, args.protocol, args.synthetic_images = "smoke", "holdout", 12
    args.others, args.detector = root / "none", "n"
    args.readme = root / "README.md"
    args.readme.write_text(f"{cards_table.BEGIN}\n{cards_table.END}\n", encoding="utf-8")


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.all", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/fracatlas"), help="folder of the data set")
    parser.add_argument("--layout", default="auto", choices=("auto", "shared", "fracatlas", "grazpedwri", "coco"))
    parser.add_argument("--others", type=Path, default=Path("../shared/data"), help="folder with ct/, petct/, dicom/")
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--runs", type=Path, default=Path("training/runs"))
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE)
    parser.add_argument("--parity", type=Path, default=Path("test/fixtures/parity"))
    parser.add_argument("--readme", type=Path, default=Path("README.md"), help="file with the markers of the table")
    parser.add_argument("--protocol", choices=PROTOCOLS, default="five-fold")
    parser.add_argument("--preset", choices=("cpu", "gpu"), default=None, help="sizes and times; default by device")
    parser.add_argument("--detector", choices=("n", "s"), default="n", help="size of the detector")
    parser.add_argument("--budget-minutes", type=float, default=0.0, help="for all trainings together; 0: the preset's")
    parser.add_argument("--synthetic-images", type=int, default=500)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads (0: all cores)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoints of an interrupted run")
    parser.add_argument("--smoke", action="store_true", help="everything on drawn pictures in minutes, for CI")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Run all steps; stops at the first that fails."""
    args = parse(argv)
    if args.budget_minutes < 0:
        raise TrainingError("TRN_OPTIONS", "--budget-minutes cannot be negative.", "Leave it out.")
    if args.smoke:
        shrink(args)
    elif args.preset is None:
        wants_gpu = args.device.startswith("cuda") or (args.device == "auto" and torch.cuda.is_available())
        args.preset = "gpu" if wants_gpu else "cpu"
    begun = time.monotonic()
    listed = steps(args)
    for number, step in enumerate(listed, start=1):
        print(f"== {number}/{len(listed)} {step.name} ({(time.monotonic() - begun) / 60:.1f} min)", file=sys.stderr)
        step.main(step.options)
    print(f"Models: {args.models}")
    return 0


if __name__ == "__main__":
    run_program(main)
