"""Times pycocotools on the boxes that tools/bench-evaluation.mjs wrote: FOLDER and the number of images."""

import contextlib
import io
import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

folder, images = Path(sys.argv[1]), int(sys.argv[2])
truth = np.fromfile(folder / "truth.f64").reshape(-1, 5)
detections = np.fromfile(folder / "detections.f64").reshape(-1, 7)
with contextlib.redirect_stdout(io.StringIO()):
    coco = COCO()
    coco.dataset = {
        "info": {},
        "images": [{"id": i + 1} for i in range(images)],
        "categories": [{"id": 1, "name": "lesion"}],
        "annotations": [
            {"id": k + 1, "image_id": int(i), "category_id": 1, "bbox": [x, y, w, h], "area": w * h, "iscrowd": 0}
            for k, (i, x, y, w, h) in enumerate(truth.tolist())
        ],
    }
    coco.createIndex()
    start = time.perf_counter()
    found = coco.loadRes(detections)
    loaded = time.perf_counter()
    run = COCOeval(coco, found, "bbox")
    run.evaluate()
    run.accumulate()
    done = time.perf_counter()
    run.summarize()
print(
    json.dumps(
        {
            "load": loaded - start,
            "seconds": done - loaded,
            "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "ap": float(run.stats[0]),
            "ap50": float(run.stats[1]),
        }
    )
)
