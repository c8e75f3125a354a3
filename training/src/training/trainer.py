"""One training loop for all networks, on CPU and GPU: EMA, warm-up and cosine, checkpoints, resume, log, plot."""

from __future__ import annotations

import contextlib
import json
import math
import random
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from training.errors import TrainingError


@dataclass(frozen=True)
class TrainConfig:
    """Everything that decides the outcome of a training; a resumed run must have the same.

    `budget_minutes` > 0 ties the schedule to the clock instead of to `epochs`: training ends when the time is used
    up (the time of earlier, interrupted parts included), wherever the epochs stand. `precision` is `auto` (see
    `half_type`), `bf16` or `fp32`.
    """

    name: str
    epochs: int = 30
    budget_minutes: float = 0.0
    learning_rate: float = 1e-3
    weight_decay: float = 0.02
    warmup_share: float = 0.05
    final_share: float = 0.02
    ema_decay: float = 0.998
    clip_norm: float = 10.0
    seed: int = 1
    batch: int = 16
    evaluate_every: int = 1
    precision: str = "auto"
    options: dict[str, Any] = field(default_factory=dict)


class Task(Protocol):
    """What differs between the networks. `progress` runs from 0 to 1 over the whole training."""

    model: nn.Module

    def steps(self, progress: float) -> int:
        """Number of batches of the coming epoch."""

    def batches(self, generator: torch.Generator, progress: float) -> Iterable[Any]:
        """The batches of one epoch, already augmented."""

    def loss(self, model: nn.Module, batch: Any) -> tuple[Tensor, dict[str, float]]:
        """Loss to descend on, and its parts for the log."""

    def evaluate(self, model: nn.Module) -> dict[str, float]:
        """Figures on the calibration fold (never the reported one), for the log."""


@dataclass
class TrainResult:
    """`model` holds the averaged (EMA) weights, in evaluation mode."""

    model: nn.Module
    epochs: int
    seconds: float
    history: list[dict[str, float]]


def choose_device(name: str) -> torch.device:
    """`auto` takes a GPU where there is one; asking for one that is not there is an error."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if name.startswith("cuda") and not torch.cuda.is_available():
        raise TrainingError("TRN_NO_GPU", "A GPU was asked for and none can be used.", "Run with --device cpu or auto.")
    return torch.device(name)


def half_type(device: torch.device, precision: str) -> torch.dtype | None:
    """The short type of mixed precision, None for none. `auto`: fp16 on a GPU, bf16 on a CPU that computes it fast."""
    if precision == "fp32":
        return None
    if device.type == "cuda":
        return torch.float16
    fast = bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    return torch.bfloat16 if fast or precision == "bf16" else None


def channels_last(model: nn.Module) -> nn.Module:
    """The model with its convolutions' weights in the order that CPUs and tensor cores read fastest."""
    for parameter in model.parameters():
        if parameter.ndim == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
    return model


def device_name(device: torch.device) -> str:
    """For the card."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    threads = torch.get_num_threads()
    return f"CPU, {threads} {'thread' if threads == 1 else 'threads'}"


def seed_everything(seed: int) -> None:
    """Seeds of Python, NumPy and PyTorch."""
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002 - libraries that draw from the global state
    torch.manual_seed(seed)


class Ema:
    """Running average of weights and buffers; the decay grows from 0 so that early weights are forgotten."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay = decay
        self.updates = 0
        self.state = {k: v.detach().clone() for k, v in model.state_dict().items()}

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        """Take one step of `model` in."""
        self.updates += 1
        decay = self.decay * (1 - math.exp(-self.updates / 300))
        for key, value in model.state_dict().items():
            if value.dtype.is_floating_point:
                self.state[key].lerp_(value, 1 - decay)
            else:
                self.state[key].copy_(value)


@contextlib.contextmanager
def _weights(model: nn.Module, state: dict[str, Tensor]) -> Iterator[nn.Module]:
    """The model with other weights and in evaluation mode for a while."""
    own = {k: v.detach().clone() for k, v in model.state_dict().items()}
    model.load_state_dict(state)
    model.eval()
    try:
        yield model
    finally:
        model.load_state_dict(own)


# Pretrained weights move at this share of the rate of new ones.
SLOW_SHARE = 0.3


def parameter_groups(model: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """No decay on biases and normalisation; `share` of the rate is lower for a model's `slow_parameters()`."""
    pretrained = getattr(model, "slow_parameters", None)
    slow = {id(p) for p in pretrained()} if pretrained is not None else set()
    groups: dict[tuple[bool, bool], list[nn.Parameter]] = {}
    for parameter in model.parameters():
        if parameter.requires_grad:
            groups.setdefault((parameter.ndim > 1, id(parameter) in slow), []).append(parameter)
    return [
        {"params": found, "weight_decay": weight_decay if decays else 0.0, "share": SLOW_SHARE if is_slow else 1.0}
        for (decays, is_slow), found in groups.items()
    ]


def learning_rate_share(progress: float, config: TrainConfig) -> float:
    """Linear warm-up, then cosine down to `final_share`."""
    if progress < config.warmup_share:
        return 0.01 + 0.99 * progress / config.warmup_share
    t = (progress - config.warmup_share) / (1 - config.warmup_share)
    return config.final_share + (1 - config.final_share) * 0.5 * (1 + math.cos(math.pi * min(1.0, t)))


def save_atomically(content: Any, path: Path) -> None:
    """`torch.save` beside and rename: an interruption never leaves half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(path.suffix + ".tmp")
    torch.save(content, temporary)
    temporary.replace(path)


def load_checkpoint(path: Path) -> dict[str, Any]:
    """A checkpoint of this loop."""
    if not path.exists():
        raise TrainingError("TRN_NO_CHECKPOINT", f"There is no checkpoint {path}.", "Train first, without --resume.")
    return torch.load(path, map_location="cpu", weights_only=True)


def fit(task: Task, config: TrainConfig, out: Path, device: torch.device, resume: bool = False) -> TrainResult:
    """Train `task` and leave `checkpoint.pt`, `log.jsonl` and `curve.png` in `out`."""
    seed_everything(config.seed)
    out.mkdir(parents=True, exist_ok=True)
    model = task.model.to(device)
    # Decay is per step and scaled to the schedule by AdamW itself.
    optimizer = torch.optim.AdamW(parameter_groups(model, config.weight_decay), lr=config.learning_rate)
    half = half_type(device, config.precision)
    scaler = torch.amp.GradScaler("cuda", enabled=half is torch.float16)
    checkpoint_file, log_file = out / "checkpoint.pt", out / "log.jsonl"
    history: list[dict[str, float]] = []
    epoch, spent = 0, 0.0
    ema = Ema(model, config.ema_decay)
    if resume:
        state = load_checkpoint(checkpoint_file)
        _refuse_other(state["config"], asdict(config), checkpoint_file)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        scaler.load_state_dict(state["scaler"])
        ema.state = {k: v.to(device) for k, v in state["ema"].items()}
        ema.updates, epoch, spent, history = state["updates"], state["epoch"], state["seconds"], state["history"]
    else:
        log_file.unlink(missing_ok=True)
    started = time.monotonic() - spent
    budget = config.budget_minutes * 60

    def progress_at(share_of_epoch: float) -> float:
        by_epochs = (epoch + share_of_epoch) / config.epochs
        by_clock = (time.monotonic() - started) / budget if budget else 0.0
        return min(1.0, by_clock if budget else by_epochs)

    while progress_at(0.0) < 1.0:
        # A seed per epoch, so that a resumed run draws what the uninterrupted one would have drawn.
        generator = torch.Generator().manual_seed(config.seed * 100_003 + epoch)
        model.train()
        sums: dict[str, float] = {}
        begun, steps, done = time.monotonic(), max(1, task.steps(progress_at(0.0))), 0
        for batch in task.batches(generator, progress_at(0.0)):
            progress = progress_at(done / steps)
            if progress >= 1.0 and done > 0:
                break
            rate = config.learning_rate * learning_rate_share(progress, config)
            for group in optimizer.param_groups:
                group["lr"] = rate * group["share"]
            with torch.autocast(device.type, dtype=half, enabled=half is not None):
                loss, parts = task.loss(model, batch)
            if not bool(torch.isfinite(loss)):
                raise TrainingError(
                    "TRN_DIVERGED", f"The loss of {config.name} is not finite in epoch {epoch}.", "Lower the rate."
                )
            optimizer.zero_grad(set_to_none=True)
            scaler.scale(loss).backward()
            scaler.unscale_(optimizer)
            nn.utils.clip_grad_norm_(model.parameters(), config.clip_norm)
            scaler.step(optimizer)
            scaler.update()
            ema.update(model)
            done += 1
            for key, value in {"loss": float(loss.detach()), **parts}.items():
                sums[key] = sums.get(key, 0.0) + value
            if done % 10 == 0:
                _progress_line(config, epoch, done, steps, sums, time.monotonic() - started, progress)
        epoch += 1
        train_seconds = time.monotonic() - begun
        line = {k: v / max(1, done) for k, v in sums.items()}
        line |= {"epoch": epoch, "steps": done, "epoch_seconds": train_seconds, "learning_rate": rate}
        last = progress_at(0.0) >= 1.0
        if config.evaluate_every and (last or epoch % config.evaluate_every == 0):
            with _weights(model, ema.state):
                line |= task.evaluate(model)
        line["seconds"] = time.monotonic() - started
        history.append(line)
        with log_file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")
        save_atomically(
            {
                "config": asdict(config),
                "model": model.state_dict(),
                "ema": ema.state,
                "updates": ema.updates,
                "optimizer": optimizer.state_dict(),
                "scaler": scaler.state_dict(),
                "epoch": epoch,
                "seconds": line["seconds"],
                "history": history,
            },
            checkpoint_file,
        )
        figures = " ".join(f"{k} {v:.4g}" for k, v in line.items() if k not in ("epoch", "seconds", "steps"))
        print(f"[{config.name}] epoch {epoch}: {figures}", file=sys.stderr, flush=True)
    plot_curve(history, out / "curve.png", config.name)
    model.load_state_dict(ema.state)
    model.eval()
    return TrainResult(model, epoch, history[-1]["seconds"] if history else 0.0, history)


def _refuse_other(saved: dict[str, Any], wanted: dict[str, Any], path: Path) -> None:
    differing = sorted(k for k in {*saved, *wanted} if saved.get(k) != wanted.get(k))
    if differing:
        parts = ", ".join(f"{k}: {saved.get(k)!r} then, {wanted.get(k)!r} now" for k in differing)
        raise TrainingError(
            "TRN_RESUME_OTHER",
            f"{path} was trained with another configuration ({parts}).",
            "Resume with the same options, or start anew in another --runs folder.",
        )


def _progress_line(
    config: TrainConfig, epoch: int, done: int, steps: int, sums: dict[str, float], elapsed: float, progress: float
) -> None:
    left = elapsed / progress * (1 - progress) if progress > 0 else float("nan")
    text = " ".join(f"{k} {v / done:.3f}" for k, v in sums.items())
    print(
        f"[{config.name}] epoch {epoch + 1} step {done}/{steps} {text} | {elapsed / 60:.1f} min, "
        f"{left / 60:.1f} min left",
        file=sys.stderr,
        flush=True,
    )


def plot_curve(history: list[dict[str, float]], path: Path, title: str) -> None:
    """Loss above, figures of the calibration fold below."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    skip = {"epoch", "steps", "epoch_seconds", "seconds", "learning_rate"}
    keys = sorted({k for line in history for k in line} - skip)
    losses = [k for k in keys if "loss" in k]
    figures = [k for k in keys if "loss" not in k]
    chart, axes = plt.subplots(2, 1, figsize=(7, 7), sharex=True)
    for axis, names, label in ((axes[0], losses, "training loss"), (axes[1], figures, "calibration fold")):
        for name in names:
            points = [(line["epoch"], line[name]) for line in history if name in line]
            axis.plot([p[0] for p in points], [p[1] for p in points], label=name)
        axis.set_ylabel(label)
        axis.grid(alpha=0.3)
        if names:
            axis.legend(fontsize=8)
    axes[0].set_title(title)
    axes[1].set_xlabel("epoch")
    chart.tight_layout()
    chart.savefig(path, dpi=110)
    plt.close(chart)
