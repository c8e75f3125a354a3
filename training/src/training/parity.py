"""`python -m training.parity --out DIR`: what PyTorch says of a few SIMULATED pictures, for the tests of the readers.

Logits and probabilities by PyTorch, Grad-CAM by automatic differentiation, on the shipped weights. Deterministic.
Needs the runs of the trainings (`final.pt`), so it is the last step of `training.all`. A network that was not trained
anew keeps what was written of the same weights (same sum, same pictures) before.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training.calibration import apply_platt, logit, sigmoid
from training.card import read_card
from training.dataset import ImageRecord, read_shared
from training.decisions import softmax
from training.detector_report import ExportedDetector
from training.errors import TrainingError, run_program
from training.export import Network
from training.gradcam import grad_cam
from training.lite_detector import LiteDetector
from training.networks import FractureNetwork, RegionNetwork, TypeNetwork
from training.pixels import crop_square, letterbox, load_grey, percentile_stretch
from training.smoke import make_simulated
from training.trainer import load_checkpoint

SCHEMA = "lucency.parity/1"
PICTURES = 4
SEED = 11
# The networks that read radiographs; those of volumes have tests of their own.
TASKS = ("detect", "classify", "region", "type")
NETWORKS: dict[str, type[FractureNetwork] | type[RegionNetwork] | type[TypeNetwork]] = {
    "fracture": FractureNetwork,
    "region": RegionNetwork,
    "type": TypeNetwork,
}


def load_shipped(path: Path) -> tuple[Network, int]:
    """The network whose weights were exported, and its input side."""
    if not path.exists():
        raise TrainingError("TRN_NO_CHECKPOINT", f"{path}, the shipped weights, is missing.", "Train that network.")
    state = load_checkpoint(path)
    network = NETWORKS[state["kind"]](**state["arguments"])
    network.load_state_dict(state["state"])
    return network.eval(), int(state["size"])


def network_input(record: ImageRecord, card: dict[str, Any]) -> tuple[Tensor, list[float] | None]:
    """The tensor that a model sees, and the box it was cut around (types only)."""
    stretched = percentile_stretch(load_grey(record.file))
    entry = card["input"]
    if entry["resize"] == "letterbox":
        return letterbox(stretched, entry["width"])[0], None
    if record.boxes:
        b = record.boxes[0]
        box = (b.x, b.y, b.width, b.height)
    else:
        # Overhangs the corner, so that the zeros outside the image are tested too.
        box = (4.0, 6.0, 60.0, 40.0)
    return crop_square(stretched, box, entry["context"], entry["minimumSide"], entry["width"]), list(box)


def expected(network: Network, image: Tensor, card: dict[str, Any]) -> dict[str, Any]:
    """Logits, calibrated probabilities and Grad-CAM of one picture."""
    logits, maps = grad_cam(network, image)
    raw = logits.double().numpy()
    calibration = card["calibration"] or {"scale": 1.0, "shift": 0.0}
    if raw.shape[1] == 1:
        probabilities = sigmoid(calibration["scale"] * raw[0] + calibration["shift"])
    else:
        probabilities = softmax(calibration["scale"] * raw)[0]
    entry: dict[str, Any] = {
        "logits": [round(float(v), 6) for v in raw[0]],
        "probabilities": [round(float(v), 7) for v in probabilities],
        "camShape": list(maps.shape),
        "cams": [float(f"{float(v):.6g}") for v in maps.flatten()],
    }
    if isinstance(network, RegionNetwork):
        with torch.no_grad():
            entry["distance"] = round(float(network.with_maps(image)[3][0]), 5)
    return entry


def written_before(out: Path) -> dict[str, Any]:
    """What an earlier run wrote, by model id."""
    file = out / "expected.json"
    return json.loads(file.read_text(encoding="utf-8"))["models"] if file.exists() else {}


def same_pictures(out: Path, records: Sequence[ImageRecord]) -> bool:
    """Whether the pictures in `out` are the ones that would be written now."""
    return all((out / r.id).exists() and (out / r.id).read_bytes() == r.file.read_bytes() for r in records)


def shipped_file(runs: Path, model: str) -> Path:
    """Where a training left its shipped weights."""
    return runs / model / "round0" / "final.pt"


def write_parity(models: Path, runs: Path, out: Path) -> None:
    """Pictures and `expected.json` into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        data = read_shared(make_simulated(Path(folder), images=16, seed=SEED))
        # Two with and two without a fracture.
        chosen = [data.records[i] for i in (0, 5, 10, 15)[:PICTURES]]
        content: dict[str, Any] = {"schema": SCHEMA, "simulated": True, "models": {}}
        before = written_before(out) if same_pictures(out, chosen) else {}
        for record in chosen:
            shutil.copyfile(record.file, out / record.id)
        for path in sorted(models.glob("*/card.json")):
            card = read_card(path.parent)
            if card["task"] not in TASKS:
                continue
            images: dict[str, Any] = {}
            kept = before.get(card["id"])
            by_boxes = card["task"] == "detect" and card.get("imageAnswer") is None
            trained = by_boxes or shipped_file(runs, card["id"]).exists()
            if not trained and kept is not None and kept["sha256"] == card["file"]["sha256"]:
                content["models"][card["id"]] = kept
                continue
            network = None if card["task"] == "detect" else load_shipped(shipped_file(runs, card["id"]))[0]
            whole = None if by_boxes or network is not None else load_lite(shipped_file(runs, card["id"]))
            for record in chosen:
                image, box = network_input(record, card)
                if network is None:
                    images[record.id] = _detected(path.parent, image, card)
                    if whole is not None:
                        images[record.id]["image"] = _image_answer(whole, image, card)
                else:
                    images[record.id] = expected(network, image, card) | ({"box": box} if box else {})
            content["models"][card["id"]] = {"sha256": card["file"]["sha256"], "task": card["task"], "images": images}
    text = json.dumps(content, separators=(",", ":"))
    (out / "expected.json").write_text(text.replace('},"SIM', '},\n"SIM') + "\n", encoding="utf-8")


def _detected(folder: Path, image: Tensor, card: dict[str, Any]) -> dict[str, Any]:
    """Highest raw score of the detector, by onnxruntime (its own program compares that with PyTorch)."""
    _, scores = ExportedDetector(folder / card["file"]["name"], 1)(image)
    highest = scores.double().numpy().max().reshape(1)
    calibrated = apply_platt(highest, card["calibration"]["scale"], card["calibration"]["shift"])
    return {
        "highestRawScore": round(float(highest[0]), 7),
        "logits": [round(float(logit(highest)[0]), 6)],
        "probabilities": [round(float(calibrated[0]), 7)],
    }


def load_lite(path: Path) -> LiteDetector:
    """The detector with an image answer whose weights were exported."""
    if not path.exists():
        raise TrainingError("TRN_NO_CHECKPOINT", f"{path}, the shipped weights, is missing.", "Export that network.")
    network = LiteDetector(pretrained=False)
    network.load_state_dict(load_checkpoint(path)["state"])
    return network.eval()


def _image_answer(network: LiteDetector, image: Tensor, card: dict[str, Any]) -> dict[str, Any]:
    """Logit, probability and Grad-CAM (by automatic differentiation) of the whole image, by PyTorch."""
    with torch.no_grad():
        features = network.with_features((image - network.mean) / network.deviation)[2]
    features.requires_grad_()
    logit_ = network.image_logit(features)
    (gradient,) = torch.autograd.grad(logit_.sum(), features)
    cam = (gradient.mean((2, 3), keepdim=True) * features).sum(1).relu().detach()
    raw = logit_.detach().double().numpy()[0]
    calibration = card["imageAnswer"]["calibration"]
    return {
        "logits": [round(float(v), 6) for v in raw],
        "probabilities": [round(float(v), 7) for v in sigmoid(calibration["scale"] * raw + calibration["shift"])],
        "camShape": list(cam.shape),
        "cams": [float(f"{float(v):.6g}") for v in cam.flatten()],
    }


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.parity", description=__doc__)
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--runs", type=Path, default=Path("training/runs"))
    parser.add_argument("--out", type=Path, default=Path("test/fixtures/parity"))
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Write the pictures and what is expected of them."""
    args = parse(argv)
    write_parity(args.models, args.runs, args.out)
    return 0


if __name__ == "__main__":
    run_program(main)
