"""Calibration, operating points and figures of the infection network, and its card. Everything here is simulated."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from training.calibration import fit_platt, sigmoid
from training.card import LICENCE, SCHEMA, file_entry, result_entry, write_card
from training.decisions import operating_points
from training.delong import area, paired_difference
from training.infection_data import CALIBRATE, CELLS, CHANNELS, SPACING, TEST, TRAIN, Cases, read_sets, without_region
from training.infection_network import NORMALISATION, InfectionNetwork
from training.metrics import Floats, calibration_error, group_bootstrap, wilson
from training.networks import parameters
from training.trainer import TrainResult

# Cut-off of the literature: 429 scans, AUC 0.84, sensitivity 70.7 %, specificity 85.6 %.
SUVMAX_CUT_OFF = 4.75
DELONG, WILSON = "DeLong", "Wilson score"
BOOTSTRAP = "percentile bootstrap over cases, 2000 draws, seed 1"
CHOSEN_ON = "SIMULATED limbs of the calibration set (seeds and limbs that were not trained on, same scanners)"
WHERE = (
    "SIMULATED limbs, other seeds and other scanners than in training, some implanted into real PET/CT of patients "
    "that were not used in training"
)


@dataclass(frozen=True)
class Scored:
    """Cases with the network's calibrated probability and its raw logit."""

    cases: Cases
    logits: Floats
    probability: Floats

    def select(self, which: NDArray[np.bool_]) -> Scored:
        """Some of them."""
        return Scored(self.cases.select(which), self.logits[which], self.probability[which])


def _share(
    metric: str, right: NDArray[np.bool_], subset: str, positives: int | None, note: str | None = None
) -> dict[str, Any]:
    n = len(right)
    value = float(right.mean())
    return result_entry(
        metric, value, wilson(int(right.sum()), n), WHERE, subset, "study", n, positives, True, WILSON, note
    )


def main_figures(scored: Scored, subset: str) -> list[dict[str, Any]]:
    """Accuracy, AUC, and both beside the SUVmax rule."""
    y, suv = scored.cases.labels, scored.cases.suv_max
    n, positives = len(y), int(y.sum())
    ours, rule = area(scored.logits, y), area(suv, y)
    gain = paired_difference(scored.logits, suv, y)
    positive = suv >= SUVMAX_CUT_OFF

    def entry(metric: str, value: float, interval: tuple[float, float], note: str | None = None) -> dict[str, Any]:
        return result_entry(metric, value, interval, WHERE, subset, "study", n, positives, True, DELONG, note)

    p = f"{gain.p:.1e}" if gain.p >= 1e-12 else "below 1e-12"
    return [
        _share("accuracy", (scored.probability >= 0.5) == y, subset, positives, "at a calibrated probability of 0.5"),
        entry("AUC", ours.auc, ours.interval),
        entry("AUC of the SUVmax rule", rule.auc, rule.interval, "SUVmax of the hottest region near bone, no network"),
        entry(
            "AUC above the SUVmax rule",
            gain.difference,
            gain.interval,
            f"paired DeLong on the same cases: z = {gain.z:.2f}, two-sided p {'=' if gain.p >= 1e-12 else 'is'} {p}",
        ),
        _share("accuracy of the SUVmax rule", positive == y, subset, positives, f"SUVmax >= {SUVMAX_CUT_OFF}"),
    ]


def rule_figures(scored: Scored) -> list[dict[str, Any]]:
    """What the cut-off of the literature does here: by construction near 70.7 and 85.6 %."""
    y = scored.cases.labels
    positive = scored.cases.suv_max >= SUVMAX_CUT_OFF
    note = f"SUVmax >= {SUVMAX_CUT_OFF}; the simulation was set to the 70.7 % and 85.6 % of the literature"
    return [
        _share("sensitivity of the SUVmax rule", positive[y], "all", int(y.sum()), note),
        _share("specificity of the SUVmax rule", ~positive[~y], "all", 0, note),
    ]


def point_figures(scored: Scored, points: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sensitivity and specificity at the thresholds chosen on the calibration set."""
    y = scored.cases.labels
    figures = []
    for point in points:
        called = scored.probability >= point["threshold"]
        name = point["certainty"]
        figures += [
            _share(f"sensitivity ({name})", called[y], "all", int(y.sum())),
            _share(f"specificity ({name})", ~called[~y], "all", 0),
        ]
    return figures


def subsets(scored: Scored) -> dict[str, NDArray[np.bool_]]:
    """Parts of the test set that are told apart in the card."""
    truth = scored.cases.truth
    real = np.array([t["background"] is not None for t in truth])
    metal = np.array([t["implant"] != "none" for t in truth])
    return {"drawn limbs": ~real, "real backgrounds": real, "with metal": metal, "without metal": ~metal}


def pattern_figures(scored: Scored) -> list[dict[str, Any]]:
    """How many of each form of infection, or of healing without it, are called right at a probability of 0.5."""
    y = scored.cases.labels
    right = (scored.probability >= 0.5) == y
    patterns = np.array([t["pattern"] for t in scored.cases.truth])
    found = []
    for pattern in sorted(set(patterns)):
        which = patterns == pattern
        infected = bool(y[which][0])
        metric = "sensitivity" if infected else "specificity"
        found.append(_share(f"{metric} (one threshold)", right[which], f"pattern: {pattern}", int(y[which].sum())))
    return found


def logistic(train_x: Floats, train_y: NDArray[np.bool_], x: Floats, strength: float = 0.01) -> Floats:
    """Scores of `x` by a logistic regression with an L2 penalty, features standardised."""
    mean, deviation = train_x.mean(axis=0), train_x.std(axis=0) + 1e-9
    a, b = (train_x - mean) / deviation, (x - mean) / deviation
    y = train_y.astype(np.float64)

    def loss(v: Floats) -> tuple[float, Floats]:
        z = v[0] + a @ v[1:]
        gap = sigmoid(z) - y
        value = float(np.mean(np.logaddexp(0, z) - y * z) + strength * float(v[1:] @ v[1:]))
        return value, np.concatenate([[gap.mean()], a.T @ gap / len(y) + 2 * strength * v[1:]])

    best = minimize(loss, np.zeros(1 + a.shape[1]), jac=True, method="L-BFGS-B").x
    return best[0] + b @ best[1:]


def ct_summary(cases: Cases) -> Floats:
    """[N, 26]: how attenuation is distributed in the whole region and in the middle of it, and how uneven it is."""
    edges = np.array([-900, -200, -50, 0, 40, 80, 150, 300, 600, 1000, 2000])
    rows = []
    for volume in cases.volumes:
        hu = np.asarray(volume[0], dtype=np.float32)
        middle = hu[12:28, 12:28, 12:28]
        row = [float(np.diff(hu, axis=k).std()) for k in range(2)]
        for part in (hu, middle):
            counts = np.bincount(np.digitize(part.ravel(), edges), minlength=len(edges) + 1)
            row += np.log1p(counts).tolist()
        rows.append(row)
    return np.array(rows, dtype=np.float64)


def acquisition_summary(cases: Cases) -> Floats:
    """What was drawn without knowing of infection: scanner, limb, metal, age of the fracture. It must tell nothing."""
    segments = ("thigh", "lower leg", "upper arm", "forearm", "real limb")
    implants = ("plate", "nail", "screws", "external fixator", "none")
    rows = []
    for t in cases.truth:
        ct, pet = t["settings"]["ct"], t["settings"]["pet"]
        row = [ct["slice"], ct["noise"], ct["artefact"], ct["highest"], pet["spacing"], pet["slice"], pet["fwhm"]]
        row += [pet["noise"], pet["metalGain"], *pet["shift"], t["fracture"]["weeks"], t["fracture"]["gap"]]
        row += [float(t["segment"] == s) for s in segments] + [float(t["implant"] == i) for i in implants]
        rows.append([*row, float(t["metal"] == "steel")])
    return np.array(rows, dtype=np.float64)


def suv_summary(cases: Cases) -> Floats:
    """[N, 4]: what PET says in four numbers."""
    measures = [t["measured"]["measures"] for t in cases.truth]
    names = ("suvMax", "suvPeak", "suvMean", "metabolicVolumeMl")
    return np.log1p(np.array([[m[n] for n in names] for m in measures], dtype=np.float64))


def baselines(train: Cases, scored: Scored) -> list[dict[str, Any]]:
    """What simple features reach: the network must not owe its answers to them; what must tell nothing, tells none."""
    y = scored.cases.labels
    found = []
    for name, summary, note in (
        (
            "AUC of the acquisition alone",
            acquisition_summary,
            "logistic regression on scanner settings, limb, metal and age of the fracture: a leak would show as more "
            "than 0.5",
        ),
        (
            "AUC of CT summaries alone",
            ct_summary,
            "logistic regression on histograms of attenuation: metal, lysis, gas and callus without their pattern",
        ),
        (
            "AUC of four uptake measures",
            suv_summary,
            "logistic regression on SUVmax, SUVpeak, SUVmean and metabolic volume",
        ),
    ):
        scores = logistic(summary(train), train.labels, summary(scored.cases))
        a = area(scores, y)
        found.append(
            result_entry(name, a.auc, a.interval, WHERE, "all", "study", len(y), int(y.sum()), True, DELONG, note)
        )
    return found


def blind_figures(runs: Path, scored: Scored) -> list[dict[str, Any]]:
    """What the same network reaches that was trained without one of the two (`--without`), where there is one."""
    y = scored.cases.labels
    found = []
    for channel in CHANNELS:
        file = runs / f"{scored_id(channel)}.json"
        if not file.exists():
            continue
        run = json.loads(file.read_text(encoding="utf-8"))
        a = area(np.array(run["logits"], dtype=np.float64), y)
        note = (
            f"the same network, trained for {run['epochs']} epochs only, this channel blank; the region is still the "
            "hottest of the PET"
        )
        found.append(
            result_entry(
                f"AUC without {channel.upper()}", a.auc, a.interval, WHERE, "all", "study", len(y), int(y.sum()), True,
                DELONG, note,
            )
        )  # fmt: skip
    return found


def scored_id(channel: str) -> str:
    """Name of the run without a channel."""
    return f"infection-without-{channel}"


def _scored(cases: Cases, logits: Floats, scale: float, shift: float) -> Scored:
    return Scored(cases, logits, sigmoid(scale * logits + shift))


def _data_entries(train: Cases) -> list[dict[str, Any]]:
    drawn = [t for t in train.truth if t["background"] is None]
    real = [t for t in train.truth if t["background"] is not None]
    names = sorted({t["background"] for t in real})
    return [
        {
            "name": "SIMULATED limbs made by this project (src/phantom/infection)",
            "licence": "Apache-2.0",
            "citation": "none: made by a program; SUVmax as in the literature (cut-off 4.75: AUC 0.84)",
            "images": len(drawn),
            "split": "tools/infection-set.mjs --set train --from 1 --scanners training",
            "idsFile": None,
            "simulated": True,
        },
        {
            "name": "SIMULATED fractures, implants and infections implanted into real PET/CT of limbs",
            "licence": "backgrounds CC BY 3.0",
            "citation": "Vallieres M et al. Phys Med Biol 2015;60:5471 (PET/CT of soft-tissue sarcoma, TCIA)",
            "images": len(real),
            "groups": len(names),
            "split": f"tools/infection-set.mjs --set train-real --from 500001 --backgrounds {','.join(names)}",
            "idsFile": None,
            "simulated": True,
        },
    ]


def _card(path: Path, args: argparse.Namespace, trained: TrainResult, train: Cases, held: Scored) -> dict[str, Any]:
    model = trained.model
    assert isinstance(model, InfectionNetwork)
    channels, cells = model.head.in_features, CELLS // 8
    backgrounds = sorted({t["background"] for t in held.cases.truth if t["background"] is not None})
    return {
        "schema": SCHEMA,
        "id": path.parent.name,
        "version": "1.0.0",
        "title": "Infection of a fracture on FDG PET/CT (trained on SIMULATED data)",
        "task": "infection",
        "architecture": "residual network in three dimensions, ten 3 x 3 x 3 convolutions in five blocks behind an "
        "entry of stride 2, linear head on the mean of the last feature map; random start",
        "source": "trained by this project, training/src/training/infection.py; He et al. 2016 (residual networks); "
        "the literature's 3DFRINet names the idea, its architecture was not published where we could read it",
        "parameters": parameters(model),
        "licence": LICENCE,
        "file": file_entry(path),
        "input": {
            "name": "volumes",
            "width": CELLS,
            "height": CELLS,
            "depth": CELLS,
            "channels": 2,
            "layout": "NCDHW",
            "range": [-1024, 32767],
            "resize": "volume",
            "spacingMm": [SPACING, SPACING, SPACING],
            "normalisation": NORMALISATION,
        },
        "outputs": [
            {"name": "logits", "shape": ["batch", 1], "meaning": "raw logit of infection"},
            {
                "name": "features",
                "shape": ["batch", channels, cells, cells, cells],
                "meaning": "last feature map (z, y, x), for Grad-CAM",
            },
            {
                "name": "alpha",
                "shape": ["batch", 1, channels],
                "meaning": "gradient of the logit by the features, averaged over positions",
            },
        ],
        "classes": ["infected"],
        "training": {
            "data": _data_entries(train),
            "protocol": "trained on simulated limbs (some hundred at the start, the others as they were made); "
            "calibrated and thresholds chosen on others of the same scanners; results on limbs of other seeds and "
            f"scanners, and on the real backgrounds {', '.join(backgrounds)}, which nothing was trained or chosen on. "
            "Half of all cases are infected",
            "device": "CPU, 1 thread",
            "epochs": trained.epochs,
            "seconds": round(trained.seconds, 1),
            "seed": args.seed,
            "command": f"python -m training.infection --sets FOLDER --budget-minutes {args.budget_minutes:g}",
            "labelledBy": "the simulation, which knows",
        },
        "simulatedOnly": True,
    }


def write_results(
    path: Path, args: argparse.Namespace, trained: TrainResult, logits_of: Callable[[Cases], Floats]
) -> None:
    """Calibrate, choose thresholds, measure on the test sets, write the card and the scores that it rests on."""
    calibrate, test, train = (read_sets(args.sets, names) for names in (CALIBRATE, TEST, TRAIN))
    calibrate_logits = logits_of(calibrate)
    scale, shift = fit_platt(calibrate_logits, calibrate.labels)
    chosen = _scored(calibrate, calibrate_logits, scale, shift)
    points = operating_points(chosen.probability, calibrate.labels, None, CHOSEN_ON)
    scored = _scored(test, logits_of(test), scale, shift)
    y = test.labels
    ece = calibration_error(scored.probability, y)
    names = [str(i) for i in range(len(y))]
    interval = group_bootstrap(lambda w: calibration_error(scored.probability, y, w), names)
    results = main_figures(scored, "all") + point_figures(scored, points) + rule_figures(scored)
    results.append(
        result_entry(
            "ECE (15 equal-mass bins)", ece, interval, WHERE, "all", "study", len(y), int(y.sum()), True, BOOTSTRAP
        )
    )
    for subset, which in subsets(scored).items():
        results += main_figures(scored.select(which), subset)
    results += pattern_figures(scored) + baselines(train, scored) + blind_figures(args.runs, scored)
    card = _card(path, args, trained, train, scored) | {
        "calibration": {"method": "platt", "scale": scale, "shift": shift, "fittedOn": CHOSEN_ON},
        "operatingPoints": points,
        "outOfDistribution": None,
        "combiner": None,
        "conformal": None,
        "results": results,
        "intendedUse": "Research on the reading of FDG PET/CT of fractures. Never seen: a real infection.",
        "notFor": [
            "diagnosis: it is not a medical device, and it has learned from simulated limbs alone",
            "anything but limbs: spine, pelvis, thorax, head; joint prostheses; PET with tracers other than FDG",
            "exclusion of an infection: a low probability does not rule one out",
        ],
        "limits": [
            "every figure of this card was measured on SIMULATED cases; what it says of patients is unknown",
            "accuracy on simulations depends on how often healing was drawn to look like infection, and the reverse; "
            "it may be compared with the SUVmax rule on the same cases, not with published figures of patients",
            "SUVmax was drawn so that the cut-off 4.75 separates as in the literature (AUC 0.84); patterns of uptake "
            "and signs on CT were drawn from descriptions in words, not from measurements",
            "tumours were never shown to it: real soft-tissue sarcomas beside bone (the six limbs that the "
            "backgrounds are of, as they are) were all read as infection",
            "accuracy is lower on the scanners of the test sets than on those that it learned on (calibration set), "
            "and its probabilities are too far apart there (see ECE): expect the same of a new scanner",
            "half of the cases are infected; where infection is rarer, the probability is too high",
            "the region of 14 cm around the hottest uptake near bone or metal is all that is looked at",
            "the training began on some 480 cases and took up the rest as they were made; the test figures were "
            "looked at once on 283 cases while it ran, after size of the test sets and length of training had been "
            "fixed; nothing was chosen by it",
            f"cases of the test sets without any region: {without_region(args.sets, TEST)}",
        ],
    }
    write_card(card, path.parent)
    table = [
        {"seed": t["seed"], "infected": t["infected"], "background": t["background"], "suvMax": round(float(s), 4),
         "probability": round(float(p), 6)}
        for t, s, p in zip(test.truth, test.suv_max, scored.probability, strict=True)
    ]  # fmt: skip
    scores = path.parent / "test-scores.json"
    scores.write_text("[\n" + ",\n".join(json.dumps(row) for row in table) + "\n]\n", encoding="utf-8")
