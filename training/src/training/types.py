"""`python -m training.types`: trains the Swin Transformer that names the pattern of a located fracture.

`five-fold`: the cases are few, so every one is predicted by a network that did not train on its patient group: five
networks, each trained on four folds (cross-fitting). Figures, temperature and conformal thresholds come from those
predictions; the shipped weights are trained in the same way on all five folds.
`holdout`: one network, trained on folds 2, 3, 4; temperature and thresholds on fold 1; figures on fold 0.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.augment import AugmentConfig, affine_matrices, cutout, photometric, warp
from training.card import (
    INTENDED_USE,
    LICENCE,
    NOT_FOR,
    SCHEMA,
    data_entry,
    file_entry,
    write_card,
    write_ids,
)  # fmt: skip
from training.dataset import ImageRecord
from training.detector_export import DEVIATION, MEAN, NORMALISATION
from training.errors import TrainingError, run_program
from training.export import export_with_maps, save_shipped
from training.fracture_synthesis import PATTERNS, synthesise
from training.metrics import Floats
from training.networks import TypeNetwork, parameters
from training.options import Sources, add_shared, command_line, prepare, sources, wants_resume
from training.pixels import crop_square, load_grey, percentile_stretch
from training.presets import Preset
from training.protocol import FOLDS, rounds
from training.trainer import TrainConfig, TrainResult, choose_device, device_name, fit
from training.type_results import COVERAGE, THREE, Case, Outcome, by_cross_fitting, by_holdout

ID = "swin-fracture-type"
CONTEXT = 2.0
SMALLEST_SIDE = 64.0
# Crops are kept larger than the input, so that turning and shifting brings in what lies around them.
MARGIN = 1.5
FEWEST = 25
# Fractures are drawn at this size and reduced: a line of a pixel is too coarse in a smaller crop.
SYNTHESIS_SIZE = 112
# Mild: with stronger turns, noise and patches this network learned nothing in the time it had.
AUGMENT = AugmentConfig(
    flip_horizontal=0.5, flip_vertical=0.5, rotate_degrees=15, scale=(0.9, 1.15), translate=0.04, shear_degrees=2.0,
    gamma=(0.85, 1.2), contrast=(0.9, 1.15), brightness=0.05, blur=0.05, noise=0.1, noise_sigma=0.015, cutout=0.0,
    border=0.0,
)  # fmt: skip
RATERS = "two independent ratings by eye, without clinical training (agreement kappa 0.64); `agreed` ones only"


def read_cases(root: Path, records: Sequence[ImageRecord]) -> tuple[list[Case], tuple[str, ...]]:
    """Rated fractures and the patterns that at least `FEWEST` agreed ratings support (smoke data: all present)."""
    file = root / "fracture_types.csv"
    if not file.exists():
        raise TrainingError("TRN_DATA_MISSING", f"The ratings {file} are missing.", "Types need rated fractures.")
    with file.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    agreed = [row["agreed"] for row in rows]
    fewest = FEWEST if len(rows) > 300 else 2
    classes = tuple(p for p in PATTERNS if agreed.count(p) >= fewest)
    if not set(THREE) <= set(classes):
        raise TrainingError(
            "TRN_TYPES_FEW", "Too few agreed ratings of transverse, oblique or spiral.", "Rate more fractures."
        )
    by_annotation = {box.annotation_id: (r, box) for r in records for box in r.boxes}
    cases = []
    for row in rows:
        found = by_annotation.get(int(row["annotation_id"]))
        ratings = [p for p in (row["pattern_a"], row["pattern_b"]) if p in classes]
        if found is None or not ratings:
            continue
        record, box = found
        share = tuple(ratings.count(c) / len(ratings) for c in classes)
        label = classes.index(row["agreed"]) if row["agreed"] in classes else None
        cases.append(Case(record, (box.x, box.y, box.width, box.height), box.annotation_id, share, label))
    return cases, classes


def normal_places(records: Sequence[ImageRecord], count: int, seed: int) -> list[tuple[ImageRecord, int]]:
    """Images without fracture, of patient groups without any fracture: safe for every fold."""
    fractured = {r.group for r in records if r.fractured}
    free = [r for r in records if not r.fractured and not r.hardware and r.group not in fractured]
    order = np.random.default_rng(seed).permutation(len(free))
    return [(free[int(i)], int(k)) for k, i in enumerate(order[:count])]


def bone_crops(records: Sequence[ImageRecord], size: int, count: int, seed: int) -> Tensor:
    """Crops [N, 1, S, S] around bright places of images without fracture."""
    crops = []
    for record, number in normal_places(records, count, seed):
        rng = np.random.default_rng((seed, number))
        stretched = percentile_stretch(load_grey(record.file))
        height, width = stretched.shape
        for _ in range(2):
            places = [(rng.uniform(0.15, 0.85) * width, rng.uniform(0.15, 0.85) * height) for _ in range(6)]
            x, y = max(places, key=lambda p: stretched[int(p[1]), int(p[0])])
            side = rng.uniform(0.09, 0.22) * max(width, height)
            crops.append(crop_square(stretched, (x - side / 2, y - side / 2, side, side), CONTEXT, SMALLEST_SIDE, size))
    return torch.cat(crops)


def synthetic_pool(normals: Tensor, classes: Sequence[str], per_crop: int, seed: int) -> tuple[Tensor, Tensor]:
    """Synthesised fractures of every pattern and crops left as they are (label = number of classes)."""
    rng = np.random.default_rng(seed)
    images, labels = [], []
    for crop in normals[:, 0].numpy():
        images.append(crop)
        labels.append(len(classes))
        for k in rng.choice(len(classes), size=per_crop, replace=per_crop > len(classes)):
            images.append(synthesise(crop, classes[int(k)], rng))
            labels.append(int(k))
    return torch.from_numpy(np.stack(images))[:, None], torch.tensor(labels)


def case_crops(cases: Sequence[Case], size: int) -> tuple[Tensor, Tensor]:
    """Crops as the reader cuts them [N, 1, S, S], and larger ones to turn and shift [N, 1, 1.5 S, 1.5 S]."""
    exact, wide = [], []
    for case in cases:
        stretched = percentile_stretch(load_grey(case.record.file))
        exact.append(crop_square(stretched, case.box, CONTEXT, SMALLEST_SIDE, size))
        wide.append(crop_square(stretched, case.box, CONTEXT * MARGIN, SMALLEST_SIDE * MARGIN, round(size * MARGIN)))
    return torch.cat(exact), torch.cat(wide)


class TypeTask:
    """Type training for the loop, on crops with a share per class, drawn so that classes come equally often."""

    def __init__(
        self, model: TypeNetwork, crops: Tensor, shares: Tensor, size: int, batch: int, device: torch.device,
        check: tuple[Tensor, Tensor] | None,
    ) -> None:  # fmt: skip
        self.model: nn.Module = model
        self.crops, self.shares, self.size, self.batch, self.device, self.check = (
            crops, shares, size, batch, device, check,
        )  # fmt: skip
        frequency = shares.sum(0).clamp_min(1e-6)
        self.weights = (shares / frequency).sum(1).double()
        self.zoom = crops.shape[-1] / size

    def steps(self, progress: float) -> int:
        """Batches per epoch."""
        return max(1, min(len(self.crops), 1600) // self.batch)

    def batches(self, generator: torch.Generator, progress: float) -> Iterator[tuple[Tensor, Tensor]]:
        """Augmented crops and class shares."""
        for _ in range(self.steps(progress)):
            rows = torch.multinomial(self.weights, self.batch, replacement=True, generator=generator)
            matrices = affine_matrices(self.batch, AUGMENT, generator)
            matrices[:, :2] *= self.zoom
            images = warp(self.crops[rows], matrices, self.size)
            yield cutout(photometric(images, AUGMENT, generator), AUGMENT, generator), self.shares[rows]

    def loss(self, model: nn.Module, batch: tuple[Tensor, Tensor]) -> tuple[Tensor, dict[str, float]]:
        """Cross-entropy against the shares, smoothed."""
        return F.cross_entropy(model(batch[0].to(self.device)), batch[1].to(self.device), label_smoothing=0.1), {}

    def evaluate(self, model: nn.Module) -> dict[str, float]:
        """Accuracy on held-out crops, where there are any."""
        if self.check is None:
            return {}
        with torch.inference_mode():
            said = model(self.check[0].to(self.device)).argmax(1).cpu()
        return {"accuracy": float((said == self.check[1]).float().mean())}


def network_arguments(preset: Preset, classes: int) -> dict[str, Any]:
    """What the network of a preset is built from."""
    return {
        "classes": classes, "dimension": preset.swin_dimension, "depths": preset.swin_depths,
        "heads": preset.swin_heads, "mean": MEAN, "deviation": DEVIATION,
    }  # fmt: skip


def make_network(preset: Preset, classes: int) -> TypeNetwork:
    """The network of a preset."""
    return TypeNetwork(**network_arguments(preset, classes))


def pretrain(args: argparse.Namespace, preset: Preset, source: Sources, classes: Sequence[str]) -> TrainResult | None:
    """Start on synthesised fractures; None where the preset gives no time for it."""
    if preset.type_pretraining_minutes <= 0:
        return None
    size, device = preset.types.size, choose_device(args.device)
    normals = bone_crops(source.records, max(size, SYNTHESIS_SIZE), args.synthetic_images, args.seed)
    images, labels = synthetic_pool(normals, classes, 3, args.seed)
    if images.shape[-1] != size:
        images = F.interpolate(images, size=(size, size), mode="bilinear", antialias=True, align_corners=False)
    shares = F.one_hot(labels, len(classes) + 1).float()
    # All pictures of the last crops: a held-out one shares its bone with none that is trained on.
    held = torch.arange(len(images)) >= len(images) - len(images) // 30
    config = TrainConfig(
        name="swin-start", budget_minutes=preset.type_pretraining_minutes, learning_rate=preset.types.learning_rate,
        weight_decay=0.05, ema_decay=0.99, seed=args.seed, batch=preset.types.batch, evaluate_every=2,
        options={"size": size, "crops": len(images)},
    )  # fmt: skip
    network = make_network(preset, len(classes) + 1)
    task = TypeTask(network, images[~held], shares[~held], size, preset.types.batch, device,
                    (images[held], labels[held]))  # fmt: skip
    folder = args.runs / ID / "start"
    return fit(task, config, folder, device, resume=wants_resume(args, folder))


def train_fold(
    args: argparse.Namespace, preset: Preset, classes: Sequence[str], start: TrainResult | None,
    cases: Sequence[Case], exact: Tensor, wide: Tensor, name: str, folds: Sequence[int], check_fold: int | None,
) -> TrainResult:  # fmt: skip
    """Train on some folds; the accuracy in the log is that on `check_fold`."""
    device, size = choose_device(args.device), preset.types.size
    train = [i for i, c in enumerate(cases) if c.record.fold in folds]
    held = [i for i, c in enumerate(cases) if c.record.fold == check_fold and c.agreed is not None]
    network = make_network(preset, len(classes))
    if start is not None:
        state = {k: v.cpu() for k, v in start.model.state_dict().items()}
        for key in ("head.weight", "head.bias"):
            state[key] = state[key][: len(classes)]
        network.load_state_dict(state)
    shares = torch.tensor([cases[i].share for i in train])
    check = (exact[held], torch.tensor([cases[i].agreed for i in held])) if held else None
    config = TrainConfig(
        name=f"swin-{name}",
        budget_minutes=args.budget_minutes or preset.types.minutes,
        learning_rate=preset.types.learning_rate * (0.6 if start is not None else 1.0),
        weight_decay=0.05, ema_decay=0.99, seed=args.seed, batch=preset.types.batch, evaluate_every=8,
        options={"size": size, "folds": list(folds), "started": start is not None},
    )  # fmt: skip
    task = TypeTask(network, wide[train], shares, size, preset.types.batch, device, check)
    folder = args.runs / ID / name
    return fit(task, config, folder, device, resume=wants_resume(args, folder))


def predict(model: nn.Module, crops: Tensor) -> Floats:
    """Raw logits."""
    device = next(model.parameters()).device
    with torch.inference_mode():
        parts = [model(crops[i : i + 64].to(device)).float().cpu() for i in range(0, len(crops), 64)]
    return torch.cat(parts).numpy().astype(np.float64)


def write(
    args: argparse.Namespace, preset: Preset, source: Sources, classes: Sequence[str], cases: Sequence[Case],
    outcome: Outcome, trained: Sequence[TrainResult], start: TrainResult | None,
) -> None:  # fmt: skip
    """The card; `cases` are all rated ones, `trained[-1]` is shipped."""
    folder = args.models / ID
    rated = {c.record.id for c in cases}
    records = [r for r in outcome.trained_on if r.id in rated]
    ids = write_ids(folder, {"train": records})
    size = preset.types.size
    cells = -(-size // 32)
    channels = preset.swin_dimension * 8
    started = " Started on fractures synthesised on real normal bones." if start is not None else ""
    card = {
        "schema": SCHEMA,
        "id": ID,
        "version": args.version,
        "title": "Pattern of a located fracture",
        "task": "type",
        "architecture": f"Swin Transformer (torchvision), smaller than Swin-T: width {preset.swin_dimension}, depths "
        f"{', '.join(map(str, preset.swin_depths))}, window 7, one input channel; random start.{started}",
        "source": "trained by this project, training/src/training/types.py; Liu et al. 2021 (Swin Transformer)",
        "parameters": parameters(trained[-1].model),
        "licence": LICENCE,
        "file": file_entry(folder / "model.onnx"),
        "input": {
            "name": "image", "width": size, "height": size, "channels": 1, "layout": "NCHW", "range": [0, 1],
            "resize": "crop", "context": CONTEXT, "minimumSide": SMALLEST_SIDE, "normalisation": NORMALISATION,
        },
        "outputs": [
            {"name": "logits", "shape": ["batch", len(classes)], "meaning": "raw logits in the order of `classes`"},
            {"name": "features", "shape": ["batch", channels, cells, cells],
             "meaning": "last feature map after the final norm, for Grad-CAM"},
            {"name": "alpha", "shape": ["batch", len(classes), channels],
             "meaning": "gradient of each logit by the features, averaged over positions"},
        ],
        "classes": list(classes),
        "training": {
            "data": [data_entry(source.data, records, f"{outcome.split}; images with a fracture whose ratings name a "
                                "pattern", ids)],
            "protocol": outcome.protocol,
            "device": device_name(choose_device(args.device)),
            "epochs": trained[-1].epochs,
            "seconds": round(float(sum(t.seconds for t in trained) + (start.seconds if start else 0)), 1),
            "seed": args.seed,
            "command": command_line("types", args),
            "labelledBy": RATERS,
        },
        "simulatedOnly": source.data.simulated,
        "calibration": {"method": "temperature", "scale": outcome.scale, "shift": 0.0, "fittedOn": outcome.chosen_on},
        "operatingPoints": [],
        "outOfDistribution": None,
        "combiner": None,
        "conformal": {
            "method": "class-conditional: a label joins the set when its probability reaches its own threshold, the "
            "finite-sample quantile of the probabilities of its own cases",
            "coverage": COVERAGE, "thresholds": outcome.thresholds, "fittedOn": outcome.chosen_on,
        },
        "results": outcome.results,
        "intendedUse": INTENDED_USE,
        "notFor": list(NOT_FOR),
        "limits": [
            f"ratings: {RATERS}",
            f"only {sum(c.agreed is not None for c in cases)} agreed cases in all folds; trained also on the fractures "
            "whose two ratings differ, half a case each",
            "measured on crops around the annotated box; boxes of the detector lie less well",
            "patterns outside the classes (avulsion, healed deformity, intra-articular) are named as one of them",
            outcome.limit,
        ],
    }  # fmt: skip
    write_card(card, folder)


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.types", description=__doc__)
    add_shared(parser)
    parser.add_argument("--synthetic-images", type=int, default=500, help="images to synthesise fractures on")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Cross-fit five networks, train the shipped one, export it with a card."""
    args = parse(argv)
    smoke = args.smoke
    preset = prepare(args)
    if smoke:
        args.synthetic_images = 12
    source = sources(args)
    cases, classes = read_cases(source.data.root, source.records)
    exact, wide = case_crops(cases, preset.types.size)
    start = pretrain(args, preset, source, classes)
    logits = np.zeros((len(cases), len(classes)))
    trained = []
    everything = range(FOLDS)
    part = rounds("holdout")[0]
    if args.protocol == "holdout":
        folds, check = part.train, part.calibrate
        trained.append(train_fold(args, preset, classes, start, cases, exact, wide, "holdout", folds, check))
    else:
        for fold in everything:
            rest = [k for k in everything if k != fold]
            result = train_fold(args, preset, classes, start, cases, exact, wide, f"without{fold}", rest, fold)
            held = [i for i, c in enumerate(cases) if c.record.fold == fold]
            logits[held] = predict(result.model, exact[held])
            trained.append(result)
        trained.append(train_fold(args, preset, classes, start, cases, exact, wide, "all", list(everything), None))
    shipped = trained[-1].model
    export_with_maps(shipped, preset.types.size, args.models / ID / "model.onnx")
    arguments = network_arguments(preset, len(classes))
    save_shipped(shipped, "type", arguments, preset.types.size, args.runs / ID / "round0" / "final.pt")
    if args.protocol == "holdout":
        logits = predict(shipped, exact)
    agreed = [i for i, c in enumerate(cases) if c.agreed is not None]
    known = [cases[i] for i in agreed]
    if args.protocol == "holdout":
        outcome = by_holdout(known, logits[agreed], classes, source, part)
    else:
        outcome = by_cross_fitting(known, logits[agreed], classes, source)
    write(args, preset, source, classes, cases, outcome, trained, start)
    return 0


if __name__ == "__main__":
    run_program(main)
