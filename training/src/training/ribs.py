"""`python -m training.ribs`: trains the rib network on straightened ribs of simulated chests and exports it."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import Tensor, nn

from training.detector_export import OPSET
from training.errors import TrainingError, run_program
from training.export import round_weights, session
from training.fp16 import save_fp16
from training.metrics import auc
from training.rib_data import ACROSS, HIGH, LENGTH, SegmentBatch, SegmentMaker, batches, read_scans
from training.rib_network import RibNetwork, rib_loss
from training.trainer import TrainConfig, choose_device, fit, load_checkpoint

BATCH = 16
BATCHES_PER_EPOCH = 150
# Scans whose seed is a multiple of this choose nothing and train nothing: they tell how training goes.
CHECK_EVERY = 10
# Largest difference in probability that rounding to fp16 and export may bring.
PARITY = 2e-2


def is_check(name: str) -> bool:
    """Whether a scan (`scan-SEED`) is kept from training."""
    return int(name.rsplit("-", 1)[1]) % CHECK_EVERY == 0


class RibTask:
    """Fractures along straightened ribs, for the training loop. Scans that appear in the folder meanwhile join in."""

    def __init__(self, folder: Path, network: RibNetwork, device: torch.device) -> None:
        self.folder, self.device = folder, device
        self.model: nn.Module = network
        self.scans = read_scans(folder)
        self._split()

    def _split(self) -> None:
        train = [rib for name, ribs in self.scans.items() if not is_check(name) for rib in ribs]
        check = [rib for name, ribs in self.scans.items() if is_check(name) for rib in ribs]
        if not train or not check:
            raise TrainingError("TRN_FEW_RIBS", f"There are too few scans in {self.folder}.", "Make at least twenty.")
        self.maker = SegmentMaker(train)
        self.check = list(batches(SegmentMaker(check), 12, BATCH, 1))

    def steps(self, progress: float) -> int:
        """Batches per epoch."""
        return BATCHES_PER_EPOCH

    def batches(self, generator: torch.Generator, progress: float) -> Iterator[SegmentBatch]:
        """One epoch."""
        fresh = read_scans(self.folder, tuple(self.scans))
        if fresh:
            self.scans |= fresh
            self._split()
        yield from batches(self.maker, BATCHES_PER_EPOCH, BATCH, generator.initial_seed())

    def loss(self, model: nn.Module, batch: SegmentBatch) -> tuple[Tensor, dict[str, float]]:
        """See `rib_loss`."""
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.device.type == "cpu"):
            logits = model(batch.image.to(self.device))
        targets = (batch.fracture, batch.old, batch.displaced)
        return rib_loss(logits, *(t.to(self.device) for t in targets))

    def evaluate(self, model: nn.Module) -> dict[str, float]:
        """AUC of positions, accuracy of age and displacement, on scans kept from training."""
        logits, truths = [], []
        with torch.inference_mode():
            for batch in self.check:
                logits.append(model(batch.image.to(self.device)).float().cpu())
                truths.append(torch.stack([batch.fracture, batch.old, batch.displaced], dim=1))
        z, t = torch.cat(logits).numpy(), torch.cat(truths).numpy()
        inside = t[:, 0] > 0
        figures = {"auc": auc(z[:, 0].ravel(), inside.ravel()), "scans": float(len(self.scans))}
        for i, name in ((1, "old"), (2, "displaced")):
            figures[name] = float(((z[:, i] > 0) == (t[:, i] > 0))[inside].mean())
        return figures


def export(model: RibNetwork, path: Path) -> None:
    """ONNX with weights stored as fp16: `image` [batch, 1, along, 24, 32] -> `logits` [batch, 3, along / 2]."""
    model = model.eval().cpu()
    sample = torch.rand(2, 1, LENGTH, ACROSS, HIGH, generator=torch.Generator().manual_seed(0))
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        exact = model(sample).sigmoid()
        round_weights(model)
        raw = Path(folder) / "raw.onnx"
        torch.onnx.export(
            model,
            (sample,),
            str(raw),
            input_names=["image"],
            output_names=["logits"],
            dynamic_axes={"image": {0: "batch", 2: "along"}, "logits": {0: "batch", 2: "along"}},
            opset_version=OPSET,
            dynamo=False,
        )
        onnx.checker.check_model(str(raw))
        path.parent.mkdir(parents=True, exist_ok=True)
        save_fp16(raw, path)
        longer = torch.rand(1, 1, 4 * LENGTH, ACROSS, HIGH, generator=torch.Generator().manual_seed(1))
        wanted = model(longer).sigmoid().numpy()
    runner = session(path, 1)
    got = torch.from_numpy(runner.run(["logits"], {"image": sample.numpy()})[0]).sigmoid()
    got_longer = 1 / (1 + np.exp(-runner.run(["logits"], {"image": longer.numpy()})[0]))
    worst = max(float((exact - got).abs().max()), float(np.abs(wanted - got_longer).max()))
    if worst > PARITY:
        raise TrainingError("TRN_PARITY", f"{path} differs from the network in PyTorch by {worst:.1e}.", "Report this.")


def main(argv: Sequence[str] | None = None) -> int:
    """Train and export, or export only."""
    parser = argparse.ArgumentParser(prog="python -m training.ribs", description=__doc__)
    parser.add_argument("--patches", type=Path, default=Path("training/cache/ribs"))
    parser.add_argument("--out", type=Path, default=Path("models/rib-resnet3d-fracture"))
    parser.add_argument("--runs", type=Path, default=Path("training/runs/ribs"), help="checkpoint and log")
    parser.add_argument("--budget-minutes", type=float, default=40.0)
    parser.add_argument("--width", type=int, default=16)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=Path, default=None, help="checkpoint whose weights are trained further")
    parser.add_argument("--learning-rate", type=float, default=2e-3)
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument("--export-only", action="store_true", help="export the checkpoint without training")
    args = parser.parse_args(argv)
    torch.set_num_threads(args.threads)
    config = TrainConfig(
        name="ribs",
        budget_minutes=args.budget_minutes,
        learning_rate=args.learning_rate,
        ema_decay=0.995,
        seed=args.seed,
        batch=BATCH,
    )
    network = RibNetwork(args.width)
    source = args.runs / "checkpoint.pt" if args.export_only else args.start
    if source is not None:
        network.load_state_dict(load_checkpoint(source)["ema"])
    if not args.export_only:
        device = choose_device(args.device)
        trained = fit(RibTask(args.patches, network, device), config, args.runs, device, args.resume).model
        assert isinstance(trained, RibNetwork)
        network = trained
    export(network, args.out / "model.onnx")
    return 0


if __name__ == "__main__":
    run_program(main)
