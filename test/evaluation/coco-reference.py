"""Reads {"cases": [{"truth": COCO, "detections": [...]}]} on standard input, prints pycocotools' twelve figures of each."""

import contextlib
import io
import json
import sys

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


def evaluate(case: dict) -> list[float]:
    truth = COCO()
    truth.dataset = case["truth"]
    truth.createIndex()
    detections = truth.loadRes(case["detections"]) if case["detections"] else COCO()
    evaluation = COCOeval(truth, detections, "bbox")
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    return [float(value) for value in evaluation.stats]


with contextlib.redirect_stdout(io.StringIO()):
    results = [evaluate(case) for case in json.load(sys.stdin)["cases"]]
print(json.dumps(results))
