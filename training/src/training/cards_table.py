"""`python -m training.cards_table`: the table of all cards, between its markers in README.md."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from training.errors import TrainingError, run_program

BEGIN, END = "<!-- cards:begin -->", "<!-- cards:end -->"
ORDER = ("detect", "classify", "combine", "region", "type", "ribs", "infection")
PLURALS = {
    "image": "images",
    "box": "images (boxes)",
    "fracture": "fractures",
    "rib": "ribs",
    "patient-group": "patient groups",
    "study": "studies",
}
# The figures that stand in the table, per task: (metric starts with, subset), in this order.
SHOWN: dict[str, tuple[tuple[str, str], ...]] = {
    "detect": (
        ("AP@0.5", "all"),
        ("sensitivity per fracture at 0.5 false boxes per image (IoU 0.5)", "all"),
        ("AUC", "all"),
        ("AP@0.5", "without hardware"),
    ),
    "classify": (("AUC", "all"), ("AUC", "without hardware"), ("AUC", "borders cropped"), ("ECE", "all")),
    "combine": (
        ("AUC", "all"),
        ("AUC", "without hardware"),
        ("AUC", "borders cropped"),
        ("sensitivity (doubtful)", "all"),
        ("specificity (doubtful)", "all"),
        ("sensitivity (definite)", "all"),
        ("specificity (definite)", "all"),
        ("ECE", "all"),
        ("sensitivity (one threshold)", "ankle_foot"),
        ("specificity (one threshold)", "ankle_foot"),
    ),
    "region": (("accuracy", "all"), ("share wrongly refused", "all"), ("share refused", "all")),
    "type": (
        ("accuracy, three classes", "transverse, oblique, spiral"),
        ("balanced accuracy, three classes", "transverse, oblique, spiral"),
        ("accuracy,", "all"),
        ("macro F1", "all"),
        ("conformal coverage", "all"),
        ("mean size of the conformal set", "all"),
    ),
    "ribs": (
        ("mean sensitivity at 0.5, 1, 2, 4, 8 false positives per scan", "all"),
        ("sensitivity (doubtful)", "all"),
        ("false positives per scan (doubtful)", "all"),
        ("fresh/old accuracy", "all"),
        ("displaced/nondisplaced accuracy", "all"),
        ("rib numbering correct", "all"),
    ),
    "infection": (
        ("accuracy", "all"),
        ("AUC", "all"),
        ("AUC of the SUVmax rule", "all"),
        ("AUC above the SUVmax rule", "all"),
        ("accuracy of the SUVmax rule", "all"),
        ("accuracy", "real backgrounds"),
        ("ECE", "all"),
    ),
}


def figure(result: dict[str, Any]) -> str:
    """`0.812 (0.760-0.861)`."""
    interval = result["interval"]
    bounds = f" ({interval[0]:.3f}-{interval[1]:.3f})" if interval is not None else " (no interval)"
    return f"{result['value']:.3f}{bounds}"


def rows_of(card: dict[str, Any]) -> list[str]:
    """The lines of one model."""
    lines: list[str] = []
    weights = f"{card['file']['bytes'] / 1e6:.1f} MB" if card["file"] is not None else "in the card"
    name = f"[`{card['id']}`](models/{card['id']}/card.json)"
    for metric, subset in SHOWN[card["task"]]:
        found = next((r for r in card["results"] if r["metric"].startswith(metric) and r["subset"] == subset), None)
        if found is None:
            continue
        label = found["metric"] if subset == "all" else f"{found['metric']}, {subset}"
        simulated = " SIMULATED" if found["simulated"] else ""
        lines.append(
            f"| {name if not lines else ''} | {weights if not lines else ''} | {label}{simulated} | {figure(found)} "
            f"| {found['n']} {PLURALS[found['unit']]} |"
        )
    return lines


def table(models: Path) -> str:
    """The table of all cards in a folder of models, with what it was measured on."""
    cards = [json.loads(p.read_text(encoding="utf-8")) for p in sorted(models.glob("*/card.json"))]
    cards.sort(key=lambda c: (ORDER.index(c["task"]), c["id"]))
    lines = ["| model | weights | figure | value (95 % interval) | n |", "|---|---|---|---|---|"]
    for card in cards:
        lines += rows_of(card)
    sets = sorted({part for c in cards for r in c["results"] for part in r["set"].split("; ")})
    devices = sorted({c["training"]["device"] for c in cards if c["training"]["epochs"]})
    lines += ["", "Measured on: " + "; ".join(sets) + ".", "", "Trained on: " + "; ".join(devices) + "."]
    return "\n".join(lines)


def insert(page: Path, text: str, markers: tuple[str, str] = (BEGIN, END)) -> None:
    """Replace what stands between the markers of a page."""
    begin, end = markers
    content = page.read_text(encoding="utf-8")
    if content.count(begin) != 1 or content.count(end) != 1 or content.index(begin) > content.index(end):
        raise TrainingError(
            "TRN_README", f"{page} has no place for the table.", f"Add the lines {begin} and {end} where it goes."
        )
    before, after = content.split(begin)[0], content.split(end)[1]
    page.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    """Write the table."""
    parser = argparse.ArgumentParser(prog="python -m training.cards_table", description=__doc__)
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--readme", type=Path, default=Path("README.md"))
    args = parser.parse_args(argv)
    insert(args.readme, table(args.models))
    return 0


if __name__ == "__main__":
    run_program(main)
