"""`python -m training.infection`: trains the network that reads PET/CT of fractures, on simulated limbs only."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.detector_export import OPSET
from training.errors import TrainingError, run_program
from training.export import OUTPUTS, round_weights, session
from training.fp16 import save_fp16
from training.infection_data import CALIBRATE, CELLS, CHANNELS, TEST, TRAIN, Cases, batches, read_sets, to_tensor
from training.infection_network import InfectionNetwork
from training.infection_report import scored_id, write_results
from training.metrics import Floats, auc
from training.trainer import TrainConfig, TrainResult, choose_device, fit, load_checkpoint

ID = "resnet3d-infection"
WIDTH, BATCH = 16, 16
# Labels are softened by this: a simulated truth is exact, but the network must not grow certain of it.
SMOOTHING = 0.03
# Largest difference in probability that rounding to fp16 and export may bring.
PARITY = 1e-2


class InfectionTask:
    """Infected or not, for the training loop. Cases that join the folder meanwhile are taken up with the next epoch."""

    def __init__(self, folder: Path, device: torch.device, without: str | None = None) -> None:
        self.folder, self.device, self.without = folder, device, without
        self.model: nn.Module = InfectionNetwork(WIDTH)
        self.cases = read_sets(folder, TRAIN)
        self.check = read_sets(folder, CALIBRATE)

    def steps(self, progress: float) -> int:
        """Batches of the coming epoch."""
        self.cases = read_sets(self.folder, TRAIN)
        return len(self.cases.truth) // BATCH

    def batches(self, generator: torch.Generator, progress: float) -> Iterator[tuple[Tensor, Tensor]]:
        """One epoch."""
        yield from batches(self.cases, BATCH, generator, self.without)

    def loss(self, model: nn.Module, batch: tuple[Tensor, Tensor]) -> tuple[Tensor, dict[str, float]]:
        """Cross-entropy; the convolutions run in bfloat16, which processors multiply faster."""
        volumes, labels = (part.to(self.device) for part in batch)
        with torch.autocast(self.device.type, dtype=torch.bfloat16):
            logits = model(volumes)
        target = labels * (1 - 2 * SMOOTHING) + SMOOTHING
        loss = F.binary_cross_entropy_with_logits(logits[:, 0].float(), target)
        right = ((logits[:, 0] > 0) == (labels > 0.5)).float().mean()
        return loss, {"accuracy": float(right)}

    @torch.no_grad()
    def scores(self, model: nn.Module, cases: Cases) -> Floats:
        """Raw logits of cases, in PyTorch."""
        parts = []
        for start in range(0, len(cases.truth), BATCH):
            volumes = to_tensor(cases.volumes[start : start + BATCH], self.without).to(self.device)
            with torch.autocast(self.device.type, dtype=torch.bfloat16):
                parts.append(model(volumes)[:, 0].float().cpu())
        return torch.cat(parts).numpy().astype(np.float64)

    def evaluate(self, model: nn.Module) -> dict[str, float]:
        """AUC and accuracy on the calibration set."""
        scores = self.scores(model, self.check)
        labels = self.check.labels
        return {"check_auc": auc(scores, labels), "check_accuracy": float(((scores > 0) == labels).mean())}


class _WithMaps(nn.Module):
    def __init__(self, model: InfectionNetwork) -> None:
        super().__init__()
        self.model = model

    def forward(self, volumes: Tensor) -> tuple[Tensor, ...]:
        return self.model.with_maps(volumes)


def export(model: InfectionNetwork, path: Path, sample: Tensor) -> None:
    """Write `with_maps` to `path`: input `volumes` [batch, 2, z, y, x]; compared with PyTorch on a sample."""
    view = _WithMaps(model).eval().cpu()
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        exact = model(sample).sigmoid()
        round_weights(model)
        raw = Path(folder) / "raw.onnx"
        torch.onnx.export(
            view,
            (sample,),
            str(raw),
            input_names=["volumes"],
            output_names=list(OUTPUTS),
            dynamic_axes={name: {0: "batch"} for name in ("volumes", *OUTPUTS)},
            opset_version=OPSET,
            dynamo=False,
        )
        onnx.checker.check_model(str(raw))
        save_fp16(raw, path)
    (got,) = session(path).run(["logits"], {"volumes": sample.numpy()})
    apart = float((torch.from_numpy(got).sigmoid() - exact).abs().max())
    if apart > PARITY:
        raise TrainingError("TRN_PARITY", f"{path} differs from the network in PyTorch by {apart:.1e}.", "Report this.")


def logits_of(path: Path, cases: Cases) -> Floats:
    """Raw logits of the exported file, case by case: what is shipped is what is measured."""
    runner = session(path)
    found = [runner.run(["logits"], {"volumes": to_tensor(v[None]).numpy()})[0][0, 0] for v in cases.volumes]
    return np.array(found, dtype=np.float64)


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.infection", description=__doc__)
    parser.add_argument("--sets", type=Path, required=True, help="folder of sets made by tools/infection-set.mjs")
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--runs", type=Path, default=Path("training/runs"))
    parser.add_argument("--budget-minutes", type=float, default=35.0)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument(
        "--without", choices=CHANNELS, help="train blind to CT or PET, for comparison; nothing is shipped"
    )
    parser.add_argument("--export-only", action="store_true", help="weights, figures and card from the checkpoint")
    return parser.parse_args(argv)


def configuration(args: argparse.Namespace) -> TrainConfig:
    """What decides the outcome."""
    return TrainConfig(
        name="infection",
        budget_minutes=args.budget_minutes,
        learning_rate=2e-3,
        weight_decay=0.03,
        ema_decay=0.99,
        seed=args.seed,
        batch=BATCH,
    )


def train_blind(args: argparse.Namespace) -> None:
    """Train without a channel and leave the test sets' logits for the card."""
    name = scored_id(args.without)
    device = choose_device(args.device)
    task = InfectionTask(args.sets, device, args.without)
    trained = fit(task, configuration(args), args.runs / name, device, resume=args.resume)
    logits = task.scores(trained.model, read_sets(args.sets, TEST))
    content = {"epochs": trained.epochs, "logits": logits.round(5).tolist()}
    (args.runs / f"{name}.json").write_text(json.dumps(content) + "\n", encoding="utf-8")


def train(args: argparse.Namespace) -> TrainResult:
    """Train, or take the weights of an earlier training."""
    device = choose_device(args.device)
    folder = args.runs / ID
    if args.export_only:
        state = load_checkpoint(folder / "checkpoint.pt")
        # The card names the budget that was trained with, not the one of the export.
        args.budget_minutes = state["config"]["budget_minutes"]
        network = InfectionNetwork(WIDTH)
        network.load_state_dict(state["ema"])
        return TrainResult(network.eval(), state["epoch"], state["seconds"], state["history"])
    return fit(InfectionTask(args.sets, device), configuration(args), folder, device, resume=args.resume)


def main(argv: Sequence[str] | None = None) -> int:
    """Train, export, calibrate, measure, write the card."""
    args = parse(argv)
    torch.set_num_threads(args.threads)
    if args.without is not None:
        train_blind(args)
        return 0
    trained = train(args)
    assert isinstance(trained.model, InfectionNetwork)
    model = trained.model.cpu().eval()
    path = args.models / ID / "model.onnx"
    calibrate = read_sets(args.sets, CALIBRATE)
    export(model, path, to_tensor(calibrate.volumes[:2]))
    write_results(path, args, trained, lambda cases: logits_of(path, cases))
    return 0


assert CELLS % 8 == 0, "the network halves the region three times"

if __name__ == "__main__":
    run_program(main)
