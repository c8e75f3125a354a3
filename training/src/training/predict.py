"""The detector's boxes for a pack of images, the same for figures, calibration and export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torchvision.ops import nms

from training.dataset import ImageRecord
from training.metrics import Floats
from training.pixels import PixelPack

NMS_IOU = 0.5
SMALLEST_SCORE = 0.001
MOST_BOXES = 100


@dataclass(frozen=True)
class Detections:
    """Boxes of one image: corners [N, 4] in image pixels and raw scores [N], best first; highest raw score of all."""

    boxes: Floats
    scores: Floats


def suppress(boxes: Tensor, scores: Tensor) -> Tensor:
    """Rows kept by score floor, non-maximum suppression and the limit of 100, best first."""
    above = (scores >= SMALLEST_SCORE).nonzero().flatten()
    kept = above[nms(boxes[above], scores[above], NMS_IOU)]
    return kept[:MOST_BOXES]


def detect_all(
    network: Callable[[Tensor], tuple[Tensor, Tensor]],
    pack: PixelPack,
    records: Sequence[ImageRecord],
    device: torch.device,
    batch: int = 16,
) -> list[Detections]:
    """Run `network` (images -> boxes [B, 4, A], scores [B, 1, A]) over records of the pack."""
    rows = [pack.index[r.id] for r in records]
    found = []
    with torch.inference_mode():
        for start in range(0, len(rows), batch):
            part = rows[start : start + batch]
            boxes, scores = network(pack.batch(part).to(device))
            boxes, scores = boxes.float().cpu(), scores.float().cpu()
            for k, row in enumerate(part):
                corners, score = boxes[k].T, scores[k, 0]
                kept = suppress(corners, score)
                found.append(
                    Detections(_to_image(pack, row, corners[kept].numpy()), score[kept].numpy().astype(np.float64))
                )
    return found


def _to_image(pack: PixelPack, row: int, corners: NDArray[np.float32]) -> Floats:
    """Corners in the square to corners in the stored image, cut to it."""
    record, (left, top) = pack.records[row], pack.offsets[row]
    moved = pack.geometries[row].to_image(corners) + np.array([left, top, left, top], dtype=np.float64)
    moved[:, 0::2] = moved[:, 0::2].clip(0, record.width)
    moved[:, 1::2] = moved[:, 1::2].clip(0, record.height)
    return moved


def truths_of(records: Sequence[ImageRecord]) -> list[Floats]:
    """Truth corners [M, 4] per image, in image pixels."""
    return [
        np.array([(b.x, b.y, b.x + b.width, b.y + b.height) for b in r.boxes], dtype=np.float64).reshape(-1, 4)
        for r in records
    ]


def highest_scores(found: Sequence[Detections]) -> Floats:
    """Highest raw score per image, 0 where nothing was found."""
    return np.array([float(d.scores[0]) if len(d.scores) else 0.0 for d in found])
