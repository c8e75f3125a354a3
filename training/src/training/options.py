"""The options that all image-level programs share, and what follows from them."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from training.dataset import DataSet, ImageRecord, read_any
from training.errors import TrainingError
from training.leaks import refuse_leaks
from training.pixels import DEFAULT_CACHE
from training.presets import PRESETS, Preset
from training.protocol import PROTOCOLS, Round
from training.shipped import Effort, load_by_name, noted_effort, read_effort
from training.smoke import make_simulated
from training.splits import with_folds
from training.trainer import TrainResult, load_checkpoint

SMOKE_IMAGES = 160
# The auxiliary head of the classifiers, and the constants of the distance, which are measured anew after a training.
NOT_EXPORTED = ("region.", "whitening", "means")


@dataclass(frozen=True)
class Sources:
    """The data of one run: the set and its records, every one with a fold."""

    data: DataSet
    records: tuple[ImageRecord, ...]


def add_shared(parser: argparse.ArgumentParser) -> None:
    """Add the shared options to a parser."""
    parser.add_argument("--data", type=Path, default=Path("../shared/data/fracatlas"), help="folder of the data set")
    parser.add_argument("--layout", default="auto", choices=("auto", "shared", "fracatlas", "grazpedwri", "coco"))
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder that receives the weights")
    parser.add_argument("--runs", type=Path, default=Path("training/runs"), help="checkpoints and logs")
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE)
    parser.add_argument("--protocol", choices=PROTOCOLS, default="five-fold")
    parser.add_argument("--preset", choices=tuple(PRESETS), default=None, help="sizes and times; default by device")
    parser.add_argument("--budget-minutes", type=float, default=0.0, help="training time of a round; 0: the preset's")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads (0: all cores)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument("--further", action="store_true", help="train the weights of an earlier, ended run further")
    parser.add_argument("--from-shipped", action="store_true", help="train the weights in --models further")
    parser.add_argument("--precision", choices=("auto", "fp32", "bf16"), default="auto", help="mixed or full")
    parser.add_argument("--version", default="1.0.0", help="version in the card")
    parser.add_argument("--export-only", action="store_true", help="export the checkpoints without training")
    parser.add_argument("--smoke", action="store_true", help="tiny run on simulated pictures, for CI")


def prepare(args: argparse.Namespace) -> Preset:
    """Apply `--smoke` and `--threads`, choose the preset."""
    if args.further and args.from_shipped:
        raise TrainingError("TRN_OPTIONS", "--further and --from-shipped name two starts.", "Choose one.")
    if args.threads < 0 or args.budget_minutes < 0:
        raise TrainingError("TRN_OPTIONS", "--threads and --budget-minutes cannot be negative.", "Leave them out.")
    if args.threads:
        torch.set_num_threads(args.threads)
    if args.smoke:
        root = Path(tempfile.mkdtemp(prefix="lucency-smoke-"))
        args.data = make_simulated(root / "data", SMOKE_IMAGES)
        args.layout, args.preset = "shared", "smoke"
        args.cache = root / "cache"
        args.runs = root / "runs"
        if args.models == Path("models"):
            # Models of a smoke run never replace real ones.
            args.models = root / "models"
        args.smoke = False
    if args.preset is None:
        wants_gpu = args.device.startswith("cuda") or (args.device == "auto" and torch.cuda.is_available())
        args.preset = "gpu" if wants_gpu else "cpu"
    return PRESETS[args.preset]


def sources(args: argparse.Namespace) -> Sources:
    """Read the data, give folds where there are none, refuse leaks."""
    data = read_any(args.data, args.layout)
    records = with_folds(data.records)
    refuse_leaks(records, args.cache)
    return Sources(data, tuple(records))


def wants_resume(args: argparse.Namespace, folder: Path) -> bool:
    """With `--resume`: go on where this training has begun; those that had not begun yet start anew."""
    return args.resume and (folder / "checkpoint.pt").exists()


def shipped_weights(args: argparse.Namespace, network: nn.Module, model: str, part: Round, runs: Path) -> Effort:
    """With `--from-shipped`: start from the weights in `models/`; the effort that went into them.

    A resumed run in `runs` keeps what it noted when it began: its own export may have replaced those weights since.
    """
    if not args.from_shipped:
        return Effort(0, 0.0)
    if wants_resume(args, runs):
        return noted_effort(load_checkpoint(runs / "checkpoint.pt"))
    folder = args.models / model
    effort = read_effort(folder, part)
    load_by_name(network, folder / "model.onnx", optional=NOT_EXPORTED)
    return effort


def earlier_weights(args: argparse.Namespace, network: nn.Module, folder: Path) -> tuple[int, float]:
    """With `--further`: start from the averaged weights of the run in `folder`; its epochs and seconds."""
    if not args.further:
        return 0, 0.0
    if not wants_resume(args, folder):
        state = load_checkpoint(folder / "checkpoint.pt")
        network.load_state_dict(state["ema"])
        # Kept, so that what the weights went through stays known, also after an interruption.
        (folder / "log.jsonl").replace(folder / f"log-{len(list(folder.glob('log-*.jsonl')))}.jsonl")
        (folder / "checkpoint.pt").replace(folder / "checkpoint-before.pt")
    return earlier_effort(folder)


def earlier_effort(folder: Path) -> tuple[int, float]:
    """Epochs and seconds of the runs that `--further` went on from."""
    ends = [json.loads(file.read_text(encoding="utf-8").splitlines()[-1]) for file in folder.glob("log-*.jsonl")]
    return sum(int(e["epoch"]) for e in ends), sum(float(e["seconds"]) for e in ends)


def trained_before(network: nn.Module, runs: Path, part: Round) -> TrainResult:
    """The averaged weights of a round's checkpoint, as a training would return them."""
    folder = runs / f"round{part.number}"
    state = load_checkpoint(folder / "checkpoint.pt")
    network.load_state_dict(state["ema"])
    epochs, seconds = earlier_effort(folder)
    noted = noted_effort(state)
    return TrainResult(
        network.eval(),
        state["epoch"] + epochs + noted.epochs,
        state["seconds"] + seconds + noted.seconds,
        state["history"],
    )


def command_line(module: str, args: argparse.Namespace, extra: Sequence[str] = ()) -> str:
    """The command that repeats a run, for the card; only what decides the outcome."""
    parts = [f"python -m training.{module}", *extra, f"--preset {args.preset}", f"--protocol {args.protocol}"]
    if args.budget_minutes:
        parts.append(f"--budget-minutes {args.budget_minutes:g}")
    parts += [flag for flag, given in (("--further", args.further), ("--from-shipped", args.from_shipped)) if given]
    if args.seed != 1:
        parts.append(f"--seed {args.seed}")
    return " ".join(parts)
