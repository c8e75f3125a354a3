"""`python -m training.classify --network NAME`: trains one whole-image classifier and writes weights and card."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.augment import AugmentConfig
from training.calibration import fit_platt, sigmoid
from training.card import (
    INTENDED_USE,
    LICENCE,
    NOT_FOR,
    SCHEMA,
    data_entry,
    file_entry,
    letterbox_input,
    write_card,
    write_ids,
)  # fmt: skip
from training.dataset import REGIONS, ImageRecord
from training.decisions import operating_points
from training.detector_export import DEVIATION, MEAN, NORMALISATION
from training.detector_report import BORDER_CUT
from training.errors import TrainingError, run_program
from training.export import export_with_maps, save_shipped
from training.image_results import all_figures, figures
from training.image_scores import RawScores, image_batches, score, scores_file, write_scores
from training.image_views import BalancedViews, cell_targets
from training.metrics import BOOTSTRAPS, auc
from training.networks import CLASSIFIERS, FractureNetwork, RegionNetwork, backbone, parameters
from training.options import (
    Sources,
    add_shared,
    command_line,
    earlier_weights,
    prepare,
    shipped_weights,
    sources,
    trained_before,
    wants_resume,
)
from training.pixels import PixelPack
from training.presets import NetworkPreset
from training.protocol import Round, rounds
from training.protocol import describe as describe_protocol
from training.region import set_name, split_words
from training.splits import count_once
from training.trainer import TrainConfig, TrainResult, channels_last, choose_device, device_name, fit, load_checkpoint
from training.views import ViewBatch, ViewConfig

CLOSE_UPS = AugmentConfig(
    flip_vertical=0.25, rotate_degrees=25, scale=(0.75, 1.35), translate=0.0, cutout=0.15, cutout_side=0.1, border=0.2
)
WHOLE = AugmentConfig(flip_vertical=0.1, rotate_degrees=12, scale=(0.85, 1.15), translate=0.06, border=0.4)
# Share of training after which whole images take over from close-up views.
WHOLE_FROM = 0.75
VIEWS_PER_EPOCH = 1600
TITLES = {
    "resnet18": ("ResNet18", "He et al. 2016"),
    "mobilenetv3-small": ("MobileNetV3-Small", "Howard et al. 2019"),
    "efficientnet-b0": ("EfficientNet-B0", "Tan and Le 2019"),
}


class ClassificationTask:
    """Fracture or not, for the training loop: close-up views first, whole images from `whole_from` on."""

    def __init__(
        self,
        network: FractureNetwork,
        preset: NetworkPreset,
        pack: PixelPack,
        train: Sequence[ImageRecord],
        check: Sequence[ImageRecord],
        device: torch.device,
        whole_from: float,
    ) -> None:
        self.whole_from = whole_from
        self.model: nn.Module = channels_last(network)
        self.preset, self.pack, self.check, self.device = preset, pack, list(check), device
        self.maker = BalancedViews(pack, train)
        self.regions = {pack.index[r.id]: [float(k in r.regions) for k in REGIONS] for r in train}

    def _whole(self, progress: float) -> bool:
        return progress >= self.whole_from

    def steps(self, progress: float) -> int:
        """Batches per epoch; whole images cost more, so there are fewer of them."""
        if self._whole(progress):
            share = (self.preset.crop / self.preset.size) ** 2
            return max(1, round(VIEWS_PER_EPOCH * share / self.preset.batch))
        return max(1, VIEWS_PER_EPOCH // self.preset.crop_batch)

    def batches(self, generator: torch.Generator, progress: float) -> Iterator[ViewBatch]:
        """The views of one epoch."""
        whole = self._whole(progress)
        config = (
            ViewConfig(self.preset.size, 0.4, 0.0, 0.0, WHOLE, True)
            if whole
            else ViewConfig(self.preset.crop, 0.5, 0.0, 0.1, CLOSE_UPS, False)
        )
        count = self.preset.batch if whole else self.preset.crop_batch
        for _ in range(self.steps(progress)):
            yield self.maker.draw(count, config, generator)

    def loss(self, model: nn.Module, batch: ViewBatch) -> tuple[Tensor, dict[str, float]]:
        """Cross-entropy of the image (smoothed), of the map against the boxes, and of the regions (auxiliary)."""
        images = batch.images.to(self.device).contiguous(memory_format=torch.channels_last)
        logit, local, region = model(images)
        label = batch.valid.any(dim=1).float().to(self.device)
        image_loss = F.binary_cross_entropy_with_logits(logit[:, 0].float(), label * 0.95 + 0.025)
        target, counts = cell_targets(batch.truths, batch.valid, images.shape[-1], local.shape[-1])
        target, counts = target.to(self.device), counts.to(self.device)
        cell = F.binary_cross_entropy_with_logits(local[:, 0].float(), target, reduction="none")
        shown, free = target * counts, (1 - target) * counts
        map_loss = 0.5 * (cell * shown).sum() / shown.sum().clamp_min(1)
        map_loss = map_loss + 0.5 * (cell * free).sum() / free.sum().clamp_min(1)
        total = image_loss + 0.7 * map_loss
        if images.shape[-1] == self.preset.size:
            known = [i for i, row in enumerate(batch.rows) if row >= 0]
            truth = torch.tensor([self.regions[batch.rows[i]] for i in known]).to(self.device)
            total = total + 0.1 * F.binary_cross_entropy_with_logits(region[known].float(), truth)
        self.maker.learn_hardness(batch.rows, logit[:, 0].detach().float().sigmoid().tolist())
        return total, {"image_loss": float(image_loss.detach()), "map_loss": float(map_loss.detach())}

    def evaluate(self, model: nn.Module) -> dict[str, float]:
        """AUC on a part of the calibration fold."""
        scores: list[float] = []
        with torch.inference_mode():
            for batch in image_batches(self.pack, self.check):
                images = batch.to(self.device).contiguous(memory_format=torch.channels_last)
                scores += model(images)[0][:, 0].float().cpu().tolist()
        return {"auc": auc(np.array(scores), np.array([r.fractured for r in self.check]))}


def network_id(name: str) -> str:
    """Id of the model."""
    return f"{name}-fracture"


@dataclass(frozen=True)
class Calibrated:
    """Calibration and thresholds of one round, chosen on its calibration fold."""

    scale: float
    shift: float
    points: list[dict[str, Any]]


def calibrate(raw: RawScores, part: Round, source: Sources) -> Calibrated:
    """Platt scaling and operating points on the calibration fold."""
    records = part.calibration(source.records)
    labels = np.array([r.fractured for r in records])
    scale, shift = fit_platt(raw.calibration, labels)
    p = sigmoid(scale * raw.calibration + shift)
    chosen_on = f"{source.data.name} fold {part.calibrate}"
    return Calibrated(scale, shift, operating_points(p, labels, None, chosen_on))


def report(
    raws: Sequence[RawScores], chosen: Sequence[Calibrated], parts: Sequence[Round], source: Sources, bootstraps: int
) -> list[dict[str, Any]]:
    """All figures of the card, pooled over the rounds."""
    records, p, cropped = [], [], []
    decided: dict[str, list[np.ndarray]] = {"doubtful": [], "definite": []}
    decided_cropped: dict[str, list[np.ndarray]] = {"doubtful": [], "definite": []}
    for raw, c, part in zip(raws, chosen, parts, strict=True):
        own = part.reporting(source.records)
        once = {r.id for r in count_once(own)}
        keep = np.array([r.id in once for r in own])
        records += [r for r in own if r.id in once]
        p.append(sigmoid(c.scale * raw.reporting + c.shift)[keep])
        cropped.append(sigmoid(c.scale * raw.cropped + c.shift)[keep])
        for point in c.points:
            decided[point["certainty"]].append(p[-1] >= point["threshold"])
            decided_cropped[point["certainty"]].append(cropped[-1] >= point["threshold"])
    where, simulated = set_name(source, parts), source.data.simulated
    joined = {k: np.concatenate(v) for k, v in decided.items()}
    joined_cropped = {k: np.concatenate(v) for k, v in decided_cropped.items()}
    return [
        *all_figures(np.concatenate(p), joined, records, where, simulated, bootstraps),
        *figures(np.concatenate(cropped), joined_cropped, records, where, "borders cropped", simulated, bootstraps),
    ]


def write(
    args: argparse.Namespace,
    preset: NetworkPreset,
    source: Sources,
    parts: Sequence[Round],
    trained: Sequence[TrainResult],
    raws: Sequence[RawScores],
) -> None:
    """The card of the shipped (first) round."""
    model, part = network_id(args.network), parts[0]
    folder = args.models / model
    chosen = [calibrate(raw, p, source) for raw, p in zip(raws, parts, strict=True)]
    train = part.training(source.records)
    ids = write_ids(
        folder,
        {
            "train": train,
            "calibrate": part.calibration(source.records),
            "report": part.reporting(source.records),
        },
    )
    title, paper = TITLES[args.network]
    channels, cells = backbone(args.network)[1], preset.size // 32
    card = {
        "schema": SCHEMA,
        "id": model,
        "version": args.version,
        "title": f"Fracture on a limb radiograph, whole image ({title})",
        "task": "classify",
        "architecture": f"{title} (torchvision), one input channel, linear head at every position, log-mean-exp "
        "pooling; random start" + ("; backbone started from the region network" if args.start else ""),
        "source": f"trained by this project, training/src/training/classify.py; {paper}",
        "parameters": parameters(trained[0].model),
        "licence": LICENCE,
        "file": file_entry(folder / "model.onnx"),
        "input": letterbox_input(preset.size, NORMALISATION),
        "outputs": [
            {"name": "logits", "shape": ["batch", 1], "meaning": "raw logit of `fracture`"},
            {"name": "features", "shape": ["batch", channels, cells, cells],
             "meaning": "last feature map, for Grad-CAM"},
            {"name": "alpha", "shape": ["batch", 1, channels],
             "meaning": "gradient of the logit by the features, averaged over positions"},
        ],
        "classes": ["fracture"],
        "training": {
            "data": [data_entry(source.data, train, split_words(part), ids)],
            "protocol": describe_protocol(args.protocol),
            "device": device_name(choose_device(args.device)),
            "epochs": trained[0].epochs,
            "seconds": round(float(sum(t.seconds for t in trained)), 1),
            "seed": args.seed,
            "command": command_line("classify", args, own_options(args)),
            "labelledBy": labelled_by(source),
        },
        "simulatedOnly": source.data.simulated,
        "calibration": {
            "method": "platt", "scale": chosen[0].scale, "shift": chosen[0].shift,
            "fittedOn": f"{source.data.name} fold {part.calibrate}",
        },
        "operatingPoints": chosen[0].points,
        "outOfDistribution": None,
        "combiner": None,
        "conformal": None,
        "results": report(raws, chosen, parts, source, args.bootstraps),
        "intendedUse": INTENDED_USE,
        "notFor": list(NOT_FOR),
        "limits": limits(source, choose_device(args.device).type == "cpu"),
    }  # fmt: skip
    write_card(card, folder)


def labelled_by(source: Sources) -> str:
    """Who says what is fractured."""
    if source.data.simulated:
        return "a program (drawings)"
    return "the authors of FracAtlas: two radiologists, one orthopaedic surgeon (Abedeen et al. 2023)"


def limits(source: Sources, on_cpu: bool) -> list[str]:
    """What must be known before trusting the figures."""
    if source.data.simulated:
        return ["trained on drawn pictures only: of no use on radiographs"]
    found = [
        "one data set of one country; no external test",
        "metal is nearly always beside a fracture in the data; see the figures without hardware",
        "follow-up films of one patient may carry numbers far apart, so a few may lie on two sides of the split",
        f"borders cropped: {BORDER_CUT:.0%} of each side cut off before anything else; this also enlarges the rest",
    ]
    if on_cpu:
        found.insert(0, "trained for minutes on a CPU: a GPU run with larger inputs is expected to do better")
    return found


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.classify", description=__doc__)
    add_shared(parser)
    parser.add_argument("--network", choices=CLASSIFIERS, required=True)
    parser.add_argument("--start", action="store_true", help="start the backbone from the region network of the round")
    parser.add_argument("--whole-from", type=float, default=WHOLE_FROM, help="share after which images are whole")
    parser.add_argument("--bootstraps", type=int, default=BOOTSTRAPS)
    return parser.parse_args(argv)


def own_options(args: argparse.Namespace) -> list[str]:
    """The options of this program that decide the outcome, for the card."""
    named = [f"--network {args.network}", *(["--start"] if args.start else [])]
    return named if args.whole_from == WHOLE_FROM else [*named, f"--whole-from {args.whole_from:g}"]


def start_from_region(network: FractureNetwork, runs: Path, part: Round) -> None:
    """Take over the backbone of the region network, which was trained on the same folds."""
    state = load_checkpoint(runs / "mobilenetv3-small-region" / f"round{part.number}" / "checkpoint.pt")["ema"]
    region = RegionNetwork(len(REGIONS) + 1, len(REGIONS), MEAN, DEVIATION)
    region.load_state_dict(state)
    network.backbone.load_state_dict(region.backbone.state_dict())


def thinned(records: Sequence[ImageRecord], most_normals: int = 150) -> list[ImageRecord]:
    """All fractured images and evenly spaced others: a quick look while training, not a reported figure."""
    normals = [r for r in records if not r.fractured]
    step = max(1, len(normals) // most_normals)
    return [r for r in records if r.fractured] + normals[::step]


def train_round(
    args: argparse.Namespace, preset: NetworkPreset, part: Round, source: Sources, pack: PixelPack
) -> TrainResult:
    """Train (or resume) one round."""
    device = choose_device(args.device)
    network = FractureNetwork(args.network, len(REGIONS), MEAN, DEVIATION)
    folder = args.runs / network_id(args.network) / f"round{part.number}"
    effort = shipped_weights(args, network, network_id(args.network), part, folder)
    if args.start and args.network != "mobilenetv3-small":
        raise TrainingError("TRN_OPTIONS", "--start is for mobilenetv3-small.", "The region network is one of those.")
    config = TrainConfig(
        name=f"{args.network}-fold{part.report}",
        budget_minutes=args.budget_minutes or preset.minutes,
        learning_rate=preset.learning_rate * (0.5 if args.further or args.from_shipped else 1.0),
        ema_decay=0.995,
        seed=args.seed,
        batch=preset.batch,
        evaluate_every=4,
        precision=args.precision,
        options={
            "size": preset.size, "crop": preset.crop, "crop_batch": preset.crop_batch, "start": args.start,
            "protocol": args.protocol, "round": part.number, "further": args.further,
            "whole_from": args.whole_from, "earlier_epochs": effort.epochs, "earlier_seconds": effort.seconds,
        },
    )  # fmt: skip
    check = thinned(part.calibration(source.records))
    task = ClassificationTask(network, preset, pack, part.training(source.records), check, device, args.whole_from)
    if args.start and not args.resume and not args.further:
        start_from_region(network, args.runs, part)
    epochs, seconds = earlier_weights(args, network, folder)
    result = fit(task, config, folder, device, resume=wants_resume(args, folder))
    result.epochs += epochs + effort.epochs
    result.seconds += seconds + effort.seconds
    return result


def main(argv: Sequence[str] | None = None) -> int:
    """Train all rounds of the protocol, export the first one's weights with a card."""
    args = parse(argv)
    preset = prepare(args).classifiers[args.network]
    source = sources(args)
    pack = PixelPack(source.records, preset.size, args.cache)
    parts = rounds(args.protocol)
    model = network_id(args.network)
    trained, raws = [], []
    for part in parts:
        if args.export_only:
            network = FractureNetwork(args.network, len(REGIONS), MEAN, DEVIATION)
            result = trained_before(network, args.runs / model, part)
        else:
            result = train_round(args, preset, part, source, pack)
        shipped = part.number == 0
        file = args.models / model / "model.onnx" if shipped else args.runs / model / f"round{part.number}/model.onnx"
        export_with_maps(result.model, preset.size, file)
        arguments = {"name": args.network, "regions": len(REGIONS), "mean": MEAN, "deviation": DEVIATION}
        final = args.runs / model / f"round{part.number}" / "final.pt"
        save_shipped(result.model, "fracture", arguments, preset.size, final)
        raw = score(file, part, source.records, pack, args.cache)
        write_scores(scores_file(args.runs, model, part), part, source.records, raw)
        raws.append(raw)
        trained.append(result)
    write(args, preset, source, parts, trained, raws)
    return 0


if __name__ == "__main__":
    run_program(main)
