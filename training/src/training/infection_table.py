"""`python -m training.infection_table`: what the infection network reached, beside what was published, in README.md."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from training.card import read_card
from training.cards_table import insert
from training.errors import run_program
from training.infection import ID

BEGIN, END = "<!-- infection:begin -->", "<!-- infection:end -->"


def _find(card: dict[str, Any], metric: str, subset: str = "all") -> dict[str, Any]:
    return next(r for r in card["results"] if r["metric"] == metric and r["subset"] == subset)


def _percent(result: dict[str, Any]) -> str:
    low, high = result["interval"]
    return f"{100 * result['value']:.1f} % ({100 * low:.1f} to {100 * high:.1f})"


def _area(result: dict[str, Any]) -> str:
    low, high = result["interval"]
    return f"{result['value']:.3f} ({low:.3f} to {high:.3f})"


def table(card: dict[str, Any]) -> str:
    """The rows of the card that answer what was asked for."""
    accuracy, gain = _find(card, "accuracy"), _find(card, "AUC above the SUVmax rule")
    real = _find(card, "accuracy", "real backgrounds")
    n, drawn = accuracy["n"], accuracy["n"] - real["n"]
    sensitivity, specificity = (_find(card, f"{name} of the SUVmax rule") for name in ("sensitivity", "specificity"))
    p = gain["note"].split("two-sided ")[1]
    rows = [
        ("accuracy", _percent(accuracy), "88 % / 95 %", "91.55 % (3DFRINet; primary paper not found)"),
        ("accuracy, drawn limbs", _percent(_find(card, "accuracy", "drawn limbs")), "", ""),
        ("accuracy, real backgrounds", _percent(real), "", ""),
        ("AUC", _area(_find(card, "AUC")), "", "0.823 / 0.811 (FRID-PI nomogram, n = 552)"),
        ("AUC of the SUVmax rule", _area(_find(card, "AUC of the SUVmax rule")), "", "0.84 (429 scans; set so here)"),
        ("AUC above the SUVmax rule", f"{_area(gain)}, {p}", "p < 0.05", ""),
        ("SUVmax >= 4.75: sensitivity", _percent(sensitivity), "", "70.7 % (set so here)"),
        ("SUVmax >= 4.75: specificity", _percent(specificity), "", "85.6 % (set so here)"),
    ]
    lines = [
        f"| infection, {n} SIMULATED cases ({drawn} drawn limbs, {real['n']} in real PET/CT) | reached (95 % interval) "
        "| bar / aim | published, of patients |",
        "|---|---|---|---|",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Write the table."""
    parser = argparse.ArgumentParser(prog="python -m training.infection_table", description=__doc__)
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--readme", type=Path, default=Path("README.md"))
    args = parser.parse_args(argv)
    insert(args.readme, table(read_card(args.models / ID)), (BEGIN, END))
    return 0


if __name__ == "__main__":
    run_program(main)
