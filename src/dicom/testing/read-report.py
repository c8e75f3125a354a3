"""Reads structured reports with highdicom and prints what each says as JSON: the boxes and the probabilities."""

import json
import sys

import highdicom as hd
import numpy as np
from highdicom.sr.coding import CodedConcept

PROBABILITY = CodedConcept("122157", "DCM", "Probability")


def probability(group):
    return [float(m.value) for m in group.get_measurements(PROBABILITY)]


def evaluations(group):
    return [[e.name.meaning, e.value.meaning] for e in group.get_qualitative_evaluations()]


def planar(group):
    region = group.roi
    points = np.asarray(region.value)
    low, high = points.min(axis=0), points.max(axis=0)
    return {
        "box": [*low.tolist(), *(high - low).tolist()],
        "probability": probability(group),
        "evaluations": evaluations(group),
        "tracking": group.tracking_uid,
        "finding": group.finding_type.value,
        "sites": [site.value.meaning for site in group.finding_sites],
        "laterality": [site.laterality.meaning if site.laterality else None for site in group.finding_sites],
    }


def volumetric(group):
    surface = np.concatenate(group.roi.graphic_data)
    return {
        "lowMm": surface.min(axis=0).tolist(),
        "highMm": surface.max(axis=0).tolist(),
        "probability": probability(group),
        "tracking": group.tracking_uid,
    }


def report(path):
    sr = hd.sr.srread(path)
    content = sr.content
    images = content.get_image_measurement_groups()
    return {
        "planar": [planar(group) for group in content.get_planar_roi_measurement_groups()],
        "volumetric": [volumetric(group) for group in content.get_volumetric_roi_measurement_groups()],
        "verdict": [{"probability": probability(group), "evaluations": evaluations(group)} for group in images],
        "patientName": str(sr.PatientName),
        "verification": sr.VerificationFlag,
    }


print(json.dumps([report(path) for path in sys.argv[1:]]))
