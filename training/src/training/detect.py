"""`python -m training.detect`: trains the fracture detector and writes its weights, card and predictions."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from training.augment import AugmentConfig
from training.dataset import ImageRecord, read_any
from training.detection_loss import detection_loss
from training.detector_export import DetectorNetwork
from training.detector_report import export_detector
from training.detectors import DETECTOR_SIZES, Detector, build_detector, network_name
from training.errors import TrainingError, run_program
from training.leaks import refuse_leaks
from training.metrics import auc, box_ap, froc, match_boxes
from training.pixels import DEFAULT_CACHE, PixelPack
from training.predict import detect_all, highest_scores, truths_of
from training.protocol import PROTOCOLS, Round, rounds
from training.shipped import load_merged, noted_effort, read_effort
from training.smoke import make_simulated
from training.splits import with_folds
from training.trainer import TrainConfig, TrainResult, channels_last, choose_device, fit, load_checkpoint
from training.views import ViewBatch, ViewConfig, ViewMaker

DEFAULT_DATA = Path("../shared/data/fracatlas")
DEFAULT_MODELS = Path("models")
DEFAULT_RUNS = Path("training/runs")
CLOSE_UPS = AugmentConfig(
    flip_vertical=0.25, rotate_degrees=25, scale=(0.75, 1.35), translate=0.0, cutout=0.15, cutout_side=0.1, border=0.2
)
# The second half of a short training learns more from views that look like the images it will meet.
MILD = AugmentConfig(
    shear_degrees=0, gamma=(0.85, 1.2), contrast=(0.9, 1.15), brightness=0.05, blur=0.05, noise=0.1, border=0.2
)
EASED = replace(MILD, rotate_degrees=12, scale=(0.85, 1.2), translate=0.0, cutout=0.05, cutout_side=0.1)
WHOLE = replace(MILD, flip_vertical=0.05, rotate_degrees=10, scale=(0.9, 1.12), translate=0.05, border=0.3)
# A turned box is larger than what it holds: the extent of boxes is learnt on images that are hardly turned.
UPRIGHT = replace(WHOLE, rotate_degrees=3)
EASED_FROM = 0.45
UPRIGHT_FROM = 0.6
# Images that tell the statistics of normalisations which an export has merged away.
STATISTICS_IMAGES = 24


@dataclass(frozen=True)
class DetectorOptions:
    """What of the command line decides the outcome."""

    size: str
    side: int
    view: int
    views_per_epoch: int
    whole_from: float
    metal: float


class DetectionTask:
    """The detector for the training loop: close-up views first, whole images from `whole_from` on."""

    def __init__(
        self,
        options: DetectorOptions,
        batch: int,
        pack: PixelPack,
        train: Sequence[ImageRecord],
        check: Sequence[ImageRecord],
        device: torch.device,
    ) -> None:
        self.options, self.batch, self.pack, self.check, self.device = options, batch, pack, list(check), device
        self.model: nn.Module = channels_last(build_detector(options.size))
        self.maker = ViewMaker(pack, train)

    def view_config(self, progress: float) -> ViewConfig:
        """Close-ups, close-ups with milder augmentation, or whole images."""
        metal = self.options.metal
        if progress >= self.options.whole_from:
            augment = UPRIGHT if progress >= UPRIGHT_FROM else WHOLE
            return ViewConfig(self.options.side, 0.5, 0.0, 0.08, augment, True, metal)
        if progress >= EASED_FROM:
            return ViewConfig(self.options.view, 0.6, 0.5, 0.1, EASED, False, metal)
        return ViewConfig(self.options.view, 0.6, 0.5, 0.15, CLOSE_UPS, False, metal)

    def batch_size(self, progress: float) -> int:
        """Half as many whole images as views: they take more memory, and a step should not take minutes."""
        return max(1, self.batch // 2) if progress >= self.options.whole_from else self.batch

    def steps(self, progress: float) -> int:
        """Batches per epoch; whole images cost more, so there are fewer of them."""
        share = (self.options.view / self.view_config(progress).side) ** 2
        return max(1, round(self.options.views_per_epoch * share / self.batch_size(progress)))

    def batches(self, generator: torch.Generator, progress: float) -> Iterator[ViewBatch]:
        """The views of one epoch."""
        config, size = self.view_config(progress), self.batch_size(progress)
        for _ in range(self.steps(progress)):
            yield self.maker.draw(size, config, generator)

    def loss(self, model: nn.Module, batch: ViewBatch) -> tuple[Tensor, dict[str, float]]:
        """Detection loss; remembers which images without fracture look like one."""
        assert isinstance(model, Detector)
        images = batch.images.to(self.device).contiguous(memory_format=torch.channels_last)
        found = detection_loss(
            model,
            model((images - model.mean) / model.deviation),
            batch.truths.to(self.device),
            batch.valid.to(self.device),
            images.shape[-1],
        )
        self.maker.learn_hardness(batch.rows, found.highest.tolist())
        return found.total, found.parts

    def evaluate(self, model: nn.Module) -> dict[str, float]:
        """AP, sensitivity at 0.5 false boxes per image and AUC on images that were not trained on."""
        assert isinstance(model, Detector)
        network = DetectorNetwork(model, self.options.side)
        whole: list[Tensor] = []

        def run(images: Tensor) -> tuple[Tensor, Tensor]:
            boxes, scores, *image_answer = network(images)
            whole.extend(value.float().cpu() for value in image_answer[:1])
            return boxes, scores

        found = detect_all(run, self.pack, self.check, self.device)
        boxes, truths = [(d.boxes, d.scores) for d in found], truths_of(self.check)
        matches = match_boxes(boxes, truths)
        labels = torch.tensor([r.fractured for r in self.check]).numpy()
        figures = {
            "ap50": box_ap(matches),
            "ap30": box_ap(match_boxes(boxes, truths, 0.3)),
            "sensitivity": froc(matches, [0.5])[0][0],
            "auc": auc(highest_scores(found), labels),
        }
        if whole:
            figures["image_auc"] = auc(torch.cat(whole)[:, 0].double().numpy(), labels)
        return figures


def thinned(records: Sequence[ImageRecord], most_normals: int) -> list[ImageRecord]:
    """All fractured images and evenly spaced others: a quick look while training, not a reported figure."""
    normals = [r for r in records if not r.fractured]
    step = max(1, len(normals) // max(1, most_normals))
    return [r for r in records if r.fractured] + normals[::step]


def train_round(args: argparse.Namespace, part: Round, records: Sequence[ImageRecord], pack: PixelPack) -> TrainResult:
    """Train (or resume) one round and return the averaged weights."""
    device = choose_device(args.device)
    options = DetectorOptions(args.size, args.side, args.view, args.views_per_epoch, args.whole_from, args.metal)
    history = earlier(args)
    config = TrainConfig(
        name=f"{network_name(args.size)}-fold{part.report}",
        epochs=args.epochs,
        budget_minutes=args.budget_minutes,
        learning_rate=args.learning_rate,
        weight_decay=0.02,
        ema_decay=0.996,
        seed=args.seed,
        batch=args.batch,
        evaluate_every=args.evaluate_every,
        precision=args.precision,
        options={**options.__dict__, "protocol": args.protocol, "round": part.number, **history},
    )
    check = thinned(part.calibration(records), args.check_normals)
    task = DetectionTask(options, args.batch, pack, part.training(records), check, device)
    if args.start is not None and args.start.is_dir():
        examples = part.training(records)
        rows = [pack.index[r.id] for r in examples[:: max(1, len(examples) // STATISTICS_IMAGES)]]
        assert isinstance(task.model, Detector)
        images = (pack.batch(rows) - task.model.mean) / task.model.deviation
        load_merged(task.model, args.start / "model.onnx", images)
    elif args.start is not None:
        task.model.load_state_dict(load_checkpoint(args.start)["ema"])
    return fit(task, config, run_folder(args, part), device, resume=args.resume)


def earlier(args: argparse.Namespace) -> dict[str, float]:
    """Epochs and seconds that went into the weights named with `--start`, theirs before included."""
    if args.start is None:
        return {"earlier_epochs": 0, "earlier_seconds": 0}
    if args.start.is_dir() and args.protocol == "holdout":
        part = rounds(args.protocol)[0]
        own = run_folder(args, part) / "checkpoint.pt"
        # A resumed run keeps what it noted: its own export may have replaced those weights since.
        resumed = args.resume and own.exists()
        effort = noted_effort(load_checkpoint(own)) if resumed else read_effort(args.start, part)
        return {"earlier_epochs": effort.epochs, "earlier_seconds": effort.seconds}
    if args.protocol != "holdout":
        raise TrainingError(
            "TRN_OPTIONS", "--start takes one round's weights; other rounds would have seen their reported fold.",
            "Use --protocol holdout, or train without --start.",
        )  # fmt: skip
    state = load_checkpoint(args.start)
    options = state["config"]["options"]
    if options["round"] != 0 or options["protocol"] not in PROTOCOLS:
        raise TrainingError("TRN_OPTIONS", f"{args.start} is not of round 0.", "Its training folds would differ.")
    return {
        "earlier_epochs": state["epoch"] + options.get("earlier_epochs", 0),
        "earlier_seconds": state["seconds"] + options.get("earlier_seconds", 0),
    }


def refuse_other_checkpoint(options: dict[str, Any], args: argparse.Namespace, part: Round) -> None:
    """A checkpoint of another round has seen the reported fold; one of another size does not fit."""
    wanted = {"round": part.number, "size": args.size, "side": args.side}
    for name, value in wanted.items():
        if options[name] != value:
            raise TrainingError(
                "TRN_OTHER_CHECKPOINT",
                f"The checkpoint was trained with {name} {options[name]}, not {value}.",
                "Name the checkpoint's own options; --checkpoint serves one round (--protocol holdout).",
            )


def run_folder(args: argparse.Namespace, part: Round) -> Path:
    """Folder of checkpoint, log and curve."""
    return Path(args.runs) / network_name(args.size) / f"round{part.number}"


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.detect", description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="folder of the data set")
    parser.add_argument("--layout", default="auto", choices=("auto", "shared", "fracatlas", "grazpedwri", "coco"))
    parser.add_argument("--models", type=Path, default=DEFAULT_MODELS, help="folder that receives the weights")
    parser.add_argument("--runs", type=Path, default=DEFAULT_RUNS, help="checkpoints and logs")
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE)
    parser.add_argument("--protocol", choices=PROTOCOLS, default="five-fold")
    parser.add_argument("--size", choices=DETECTOR_SIZES, default="n")
    parser.add_argument("--side", type=int, default=512, help="input side in pixels, a multiple of 32")
    parser.add_argument("--view", type=int, default=320, help="side of the close-up views, a multiple of 32")
    parser.add_argument("--views-per-epoch", type=int, default=1600)
    parser.add_argument("--whole-from", type=float, default=0.7, help="share of training after which views are whole")
    parser.add_argument("--metal", type=float, default=0.0, help="share of views that get simulated metal")
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--budget-minutes", type=float, default=0.0, help="end after this time instead, per round")
    parser.add_argument("--learning-rate", type=float, default=2e-3)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--evaluate-every", type=int, default=5)
    parser.add_argument("--check-normals", type=int, default=150, help="images without fracture in the quick look")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--precision", choices=("auto", "fp32", "bf16"), default="auto", help="mixed or full")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads (0: all cores)")
    parser.add_argument("--version", default="1.0.0", help="version in the card")
    parser.add_argument(
        "--start", type=Path, help="train on, with a new schedule, from a checkpoint or a folder of models/"
    )
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--export-only", action="store_true", help="export a checkpoint without training")
    parser.add_argument("--checkpoint", type=Path, help="checkpoint for --export-only (default: that of round 0)")
    parser.add_argument("--smoke", action="store_true", help="tiny run on simulated pictures, for CI")
    return parser.parse_args(argv)


def shrink(args: argparse.Namespace) -> None:
    """`--smoke`: minutes of work on simulated pictures; where no folder was named, everything lies in a new one."""
    root = Path(tempfile.mkdtemp(prefix="lucency-smoke-"))
    if args.data == DEFAULT_DATA:
        args.data, args.layout = make_simulated(root / "data", 80), "shared"
    if args.models == DEFAULT_MODELS:
        # Models of a smoke run never replace real ones.
        args.models = root / "models"
    args.runs = root / "runs" if args.runs == DEFAULT_RUNS else args.runs
    args.cache = root / "cache" if args.cache == DEFAULT_CACHE else args.cache
    args.protocol, args.side, args.view, args.batch = "holdout", 128, 96, 8
    args.views_per_epoch, args.epochs, args.budget_minutes, args.evaluate_every = 160, 6, 0.0, 3


def main(argv: Sequence[str] | None = None) -> int:
    """Train all rounds of the protocol, then export the first one's weights with a card."""
    args = parse(argv)
    if args.smoke:
        shrink(args)
    if args.side % 32 or args.view % 32 or args.view > args.side:
        raise TrainingError(
            "TRN_OPTIONS", "--side and --view must be multiples of 32, --view at most --side.", "Change them."
        )
    if args.threads:
        torch.set_num_threads(args.threads)
    data = read_any(args.data, args.layout)
    records = with_folds(data.records)
    refuse_leaks(records, args.cache)
    pack = PixelPack(records, args.side, args.cache)
    parts = rounds(args.protocol)
    trained: list[tuple[Round, TrainResult]] = []
    for part in parts:
        if args.export_only:
            state = load_checkpoint(args.checkpoint or run_folder(args, part) / "checkpoint.pt")
            refuse_other_checkpoint(state["config"]["options"], args, part)
            model = build_detector(args.size, pretrained=False)
            model.load_state_dict(state["ema"])
            result = TrainResult(model.eval(), state["epoch"], state["seconds"], state["history"])
            before = state["config"]["options"]
        else:
            # Asked before the training, whose export may replace the weights that it started from.
            before = earlier(args)
            result = train_round(args, part, records, pack)
        result.epochs += int(before.get("earlier_epochs", 0))
        result.seconds += before.get("earlier_seconds", 0)
        trained.append((part, result))
    export_detector(args, data, records, pack, trained)
    return 0


if __name__ == "__main__":
    run_program(main)
