"""Model cards: built by the programs, checked against the contract `lucency.card/1`, written beside the weights."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from training.dataset import DataSet, ImageRecord
from training.errors import TrainingError
from training.fp16 import opset, sha256
from training.metrics import BOOTSTRAPS

SCHEMA = "lucency.card/1"
LICENCE = "Apache-2.0 (weights); training data under their own licences, see training.data"
INTENDED_USE = "Research and decision support by qualified readers; every result must be checked by a radiologist."
NOT_FOR = (
    "diagnosis without a radiologist's review; it is not a medical device",
    "chest, skull, spine, ribs, pelvis other than hip; CT, MR, ultrasound",
    "exclusion of a fracture: a negative result does not rule one out",
)
GROUP_BOOTSTRAP = f"percentile bootstrap over patient groups, {BOOTSTRAPS} draws, seed 1"
NO_INTERVAL = "no interval: too few patient groups hold the figure"

# The contract as data: field -> type. "?" allows null, "~" absence, "[...]" a list, "{...}" a nested table.
_DATA = {
    "name": "str", "licence": "str", "citation": "str", "images": "count", "groups": "count~", "split": "str",
    "idsFile": "str?", "simulated": "bool",
}  # fmt: skip
_RESULT = {
    "metric": "str", "value": "number", "interval": "pair?", "level": "number", "intervalMethod": "str", "set": "str",
    "subset": "str", "unit": "image|box|fracture|rib|patient-group|study", "n": "positive", "positives": "count?",
    "simulated": "bool", "note": "str~",
}  # fmt: skip
_FILE = {"name": "str", "bytes": "positive", "sha256": "hex", "precision": "fp32|fp16|int8", "opset": "count"}
_INPUT = {
    "name": "str", "width": "positive", "height": "positive", "depth": "positive~", "channels": "positive",
    "layout": "NCHW|NCDHW", "range": "pair", "resize": "letterbox|crop|volume", "spacingMm": "triple~",
    "context": "number~", "minimumSide": "number~", "normalisation": "str",
}  # fmt: skip
_TRAINING = {
    "data": [_DATA], "protocol": "str", "device": "str", "epochs": "number", "seconds": "number", "seed": "count",
    "command": "str", "labelledBy": "str",
}  # fmt: skip
_POINT = {
    "certainty": "definite|doubtful", "region": "str?", "threshold": "share", "rule": "str", "chosenOn": "str",
}  # fmt: skip
_CALIBRATION = {"method": "temperature|platt|none", "scale": "number", "shift": "number", "fittedOn": "str"}
_RECORD = {
    "region": "str?", "verdict": "fracture|doubt|no-fracture", "n": "positive", "fractured": "count",
    "interval": "pair?", "method": "str", "set": "str",
}  # fmt: skip
_OOD = {"output": "str", "method": "str", "threshold": "number", "rule": "str", "chosenOn": "str"}
_IMAGE_ANSWER = {"output": "str", "calibration": _CALIBRATION}
_COMBINER = {
    "intercept": "number", "weights": "numbers", "detectorImageCalibration": ("?", _CALIBRATION), "fittedOn": "str",
}  # fmt: skip
_CONFORMAL = {"method": "str", "coverage": "share", "thresholds": "numbers", "fittedOn": "str"}
_CARD: dict[str, Any] = {
    "schema": SCHEMA, "id": "id", "version": "str", "title": "str",
    "task": "detect|classify|region|type|combine|ribs|infection",
    "architecture": "str", "source": "str", "parameters": "count", "licence": "str", "file": ("?", _FILE),
    "input": ("?", _INPUT), "outputs": [{"name": "str", "shape": "list", "meaning": "str"}], "classes": "strings",
    "training": _TRAINING, "simulatedOnly": "bool", "calibration": ("?", _CALIBRATION), "operatingPoints": [_POINT],
    "imageAnswer": ("~", _IMAGE_ANSWER),
    "outOfDistribution": ("?", _OOD), "combiner": ("?", _COMBINER), "conformal": ("?", _CONFORMAL),
    "results": [_RESULT], "records": ("~", [_RECORD]), "intendedUse": "str", "notFor": "strings", "limits": "strings",
}  # fmt: skip


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_CHECKS = {
    "str": lambda v: isinstance(v, str),
    "bool": lambda v: isinstance(v, bool),
    "number": _number,
    "share": lambda v: _number(v) and 0 <= v <= 1,
    "count": lambda v: _whole(v) and v >= 0,
    "positive": lambda v: _whole(v) and v > 0,
    "pair": lambda v: isinstance(v, list) and len(v) == 2 and all(_number(x) for x in v),
    "triple": lambda v: isinstance(v, list) and len(v) == 3 and all(_number(x) for x in v),
    "hex": lambda v: isinstance(v, str) and re.fullmatch(r"[0-9a-f]{64}", v) is not None,
    "id": lambda v: isinstance(v, str) and re.fullmatch(r"[a-z0-9][a-z0-9-]*", v) is not None,
    "list": lambda v: isinstance(v, list),
    "strings": lambda v: isinstance(v, list) and all(isinstance(x, str) for x in v),
    "numbers": lambda v: isinstance(v, dict) and all(_number(x) for x in v.values()),
}


def card_problems(value: Any, spec: Any = None, path: str = "card") -> list[str]:
    """What breaks the contract; empty for a valid card. Mirrors the zod schema of the TypeScript side."""
    spec = _CARD if spec is None else spec
    if isinstance(spec, tuple):
        return [] if value is None and spec[0] == "?" else card_problems(value, spec[1], path)
    if isinstance(spec, list):
        if not isinstance(value, list):
            return [f"{path} is no list"]
        return [p for i, v in enumerate(value) for p in card_problems(v, spec[0], f"{path}[{i}]")]
    if isinstance(spec, dict):
        if not isinstance(value, dict):
            return [f"{path} is no table"]
        problems = [f"{path}.{k} is unknown" for k in value if k not in spec]
        for key, inner in spec.items():
            if key in value:
                problems += card_problems(value[key], inner, f"{path}.{key}")
            elif not (isinstance(inner, str) and inner.endswith("~")) and not (
                isinstance(inner, tuple) and inner[0] == "~"
            ):
                problems.append(f"{path}.{key} is missing")
        return problems
    optional, kind = spec.endswith("?"), spec.rstrip("?~")
    if value is None and optional:
        return []
    fits = _CHECKS[kind](value) if kind in _CHECKS else value in kind.split("|")
    return [] if fits else [f"{path} = {value!r} is not {kind}"]


def write_card(card: dict[str, Any], folder: Path) -> Path:
    """Check and write `card.json`; refuses a card that breaks the contract or does not match its weights."""
    problems = card_problems(card)
    if not problems and card["file"] is not None and sha256(folder / card["file"]["name"]) != card["file"]["sha256"]:
        problems.append("card.file.sha256 does not match the weights")
    if problems:
        raise TrainingError(
            "TRN_CARD", f"The card of {folder.name} is not valid: {'; '.join(problems)}.", "Report this."
        )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "card.json"
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    temporary.replace(path)
    return path


def read_card(folder: Path) -> dict[str, Any]:
    """A card written earlier."""
    path = folder / "card.json"
    if not path.exists():
        raise TrainingError("TRN_NO_CARD", f"There is no card {path}.", "Train that network first.")
    return json.loads(path.read_text(encoding="utf-8"))


def file_entry(path: Path, precision: str = "fp16") -> dict[str, Any]:
    """The `file` entry for weights on disk."""
    return {
        "name": path.name,
        "bytes": path.stat().st_size,
        "sha256": sha256(path),
        "precision": precision,
        "opset": opset(path),
    }


def letterbox_input(size: int, normalisation: str) -> dict[str, Any]:
    """The `input` entry of a whole-image network."""
    return {
        "name": "image",
        "width": size,
        "height": size,
        "channels": 1,
        "layout": "NCHW",
        "range": [0, 1],
        "resize": "letterbox",
        "normalisation": normalisation,
    }


def data_entry(data: DataSet, used: Sequence[ImageRecord], split: str, ids_file: str | None) -> dict[str, Any]:
    """The `training.data` entry: `used` are the images trained on."""
    return {
        "name": data.name,
        "licence": data.licence,
        "citation": data.citation,
        "images": len(used),
        "groups": len({r.group for r in used}),
        "split": split,
        "idsFile": ids_file,
        "simulated": data.simulated,
    }


def result_entry(
    metric: str,
    value: float,
    interval: tuple[float, float] | None,
    where: str,
    subset: str,
    unit: str,
    n: int,
    positives: int | None,
    simulated: bool,
    method: str = GROUP_BOOTSTRAP,
    note: str | None = None,
) -> dict[str, Any]:
    """One entry of `results`, rounded to four places."""
    entry: dict[str, Any] = {
        "metric": metric,
        "value": round(float(value), 4),
        "interval": None if interval is None else [round(float(interval[0]), 4), round(float(interval[1]), 4)],
        "level": 0.95,
        "intervalMethod": NO_INTERVAL if interval is None and method == GROUP_BOOTSTRAP else method,
        "set": where,
        "subset": subset,
        "unit": unit,
        "n": int(n),
        "positives": None if positives is None else int(positives),
        "simulated": simulated,
    }
    if note is not None:
        entry["note"] = note
    return entry


def write_ids(folder: Path, roles: dict[str, Sequence[ImageRecord]]) -> str:
    """`training-ids.json`: image ids by role (such as train, calibrate, report); returns its name."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {role: [r.id for r in records] for role, records in roles.items()}
    (folder / "training-ids.json").write_text(json.dumps(content, indent=0) + "\n", encoding="utf-8")
    return "training-ids.json"
