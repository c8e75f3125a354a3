"""What the detector sees while training: views cut from the letterboxed images, with their boxes.

A view is a square window (side V <= S) at the scale of the network's input, so that small fractures are never shrunk.
Early in training views are smaller than the input (more of them per second), looked at around fractures and at
random places of images without one, alone or four to a mosaic, and some get a fracture pasted in or a device of metal
drawn on. The last part of the training sees whole images only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from training.augment import AugmentConfig, affine_matrices, blacken_borders, cutout, photometric, uniform, warp
from training.dataset import ImageRecord
from training.metal import add_metal
from training.pixels import PixelPack

# A box cut by the window's edge stays a truth if this share of it is still seen.
SEEN_SHARE = 0.4
SMALLEST_SIDE = 3.0


@dataclass(frozen=True)
class ViewConfig:
    """How views are drawn. Chances are per view."""

    side: int
    positives: float
    mosaic: float
    paste: float
    augment: AugmentConfig
    whole: bool
    metal: float = 0.0


@dataclass(frozen=True)
class ViewBatch:
    """Images [B, 1, V, V] in [0, 1], truths [B, M, 4] corners, valid [B, M], row of the only image in it or -1."""

    images: Tensor
    truths: Tensor
    valid: Tensor
    rows: list[int]


class ViewMaker:
    """Draws views from a pack. `hardness` of an image without fracture grows with what the network wrongly sees."""

    def __init__(self, pack: PixelPack, records: Sequence[ImageRecord]) -> None:
        self.pack = pack
        self.size = pack.size
        rows = [pack.index[r.id] for r in records]
        self.boxes: dict[int, Tensor] = {}
        for row, record in zip(rows, records, strict=True):
            geometry = pack.geometries[row]
            corners = [geometry.to_square(box) for box in record.boxes]
            self.boxes[row] = torch.tensor(corners).reshape(-1, 4)
        self.positives = [row for row, r in zip(rows, records, strict=True) if r.boxes]
        self.negatives = [row for row, r in zip(rows, records, strict=True) if not r.fractured]
        # Metal is nearly always beside a fracture: seen less often, it teaches less of that shortcut.
        hardware = {row for row, r in zip(rows, records, strict=True) if r.hardware}
        self.positive_weight = torch.tensor([0.5 if row in hardware else 1.0 for row in self.positives])
        self.hardness = torch.full((len(self.negatives),), 0.3)
        self.negative_index = {row: i for i, row in enumerate(self.negatives)}

    def learn_hardness(self, rows: Sequence[int], highest: Sequence[float]) -> None:
        """Take in the highest score on views of single images without fracture."""
        for row, score in zip(rows, highest, strict=True):
            if row in self.negative_index:
                i = self.negative_index[row]
                self.hardness[i] = 0.6 * self.hardness[i] + 0.4 * score

    def draw(self, count: int, config: ViewConfig, generator: torch.Generator) -> ViewBatch:
        """One batch of views."""
        images, truths, rows = [], [], []
        for _ in range(count):
            mosaic = float(torch.rand(1, generator=generator)) < config.mosaic
            if mosaic:
                image, boxes = self._mosaic(config, generator)
                row = -1
            else:
                image, boxes, row = self._single(config, (0.0, 0.0), generator)
                if len(boxes) == 0 and float(torch.rand(1, generator=generator)) < config.paste:
                    image, boxes = self._paste(image, config, generator)
                    row = -1
            if float(torch.rand(1, generator=generator)) < config.metal:
                image = add_metal(image[0, 0], boxes, generator)[None, None]
            images.append(image)
            truths.append(boxes)
            rows.append(row)
        batch = torch.cat(images)
        batch = photometric(batch, config.augment, generator)
        if config.whole:
            batch = blacken_borders(batch, config.augment, generator)
            truths = [_visible(b, batch[i, 0]) for i, b in enumerate(truths)]
        else:
            batch = cutout(batch, config.augment, generator)
            truths = [_visible(b, batch[i, 0]) for i, b in enumerate(truths)]
        most = max(1, max(len(b) for b in truths))
        padded = torch.zeros(count, most, 4)
        valid = torch.zeros(count, most, dtype=torch.bool)
        for i, boxes in enumerate(truths):
            padded[i, : len(boxes)] = boxes
            valid[i, : len(boxes)] = True
        return ViewBatch(batch, padded, valid, rows)

    def _pick(self, config: ViewConfig, generator: torch.Generator) -> int:
        positive = float(torch.rand(1, generator=generator)) < config.positives
        if (positive and self.positives) or not self.negatives:
            return self.positives[int(torch.multinomial(self.positive_weight, 1, generator=generator))]
        weights = 0.1 + self.hardness.clamp(0, 1)
        return self.negatives[int(torch.multinomial(weights, 1, generator=generator))]

    def _single(
        self, config: ViewConfig, aim: tuple[float, float], generator: torch.Generator
    ) -> tuple[Tensor, Tensor, int]:
        """A window on one image whose point of interest lands near `aim` (in [-1, 1] of the window)."""
        row = self._pick(config, generator)
        image = self.pack.batch([row])
        matrix = affine_matrices(1, config.augment, generator)[0]
        if not config.whole:
            focus = self._focus(row, generator)
            jitter = uniform(2, -0.35, 0.35, generator) * (1 if aim == (0.0, 0.0) else 0.5)
            ratio = self.size / config.side
            matrix[:2, :2] *= ratio
            matrix[:2, 2] = torch.tensor(aim) + jitter - matrix[:2, :2] @ focus
        seen = warp(image, matrix[None], config.side)
        return seen, _move(self.boxes[row], matrix, self.size, config.side), row

    def _focus(self, row: int, generator: torch.Generator) -> Tensor:
        """Point of interest in [-1, 1] of the square: a fracture, or any place inside the image."""
        boxes = self.boxes[row]
        if len(boxes):
            box = boxes[int(torch.randint(len(boxes), (1,), generator=generator))]
            point = (box[:2] + box[2:]) / 2
        else:
            point = self._bright_place(row, generator)
        return point / self.size * 2 - 1

    def _bright_place(self, row: int, generator: torch.Generator) -> Tensor:
        """The brightest of four random places of an image: bone and soft tissue rather than background."""
        g = self.pack.geometries[row]
        shares = torch.rand(4, 2, generator=generator) * 0.8 + 0.1
        points = torch.tensor([g.left, g.top]) + shares * torch.tensor([g.new_width, g.new_height])
        grey = [int(self.pack.pixels[row, int(y), int(x)]) for x, y in points.tolist()]
        return points[grey.index(max(grey))]

    def _mosaic(self, config: ViewConfig, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Four windows side by side; each fills its quadrant with what lies around its point of interest."""
        side = config.side
        cut_x, cut_y = (int(v * side) for v in uniform(2, 0.35, 0.65, generator).tolist())
        canvas = torch.zeros(1, 1, side, side)
        kept = []
        for x1, y1, x2, y2 in (
            (0, 0, cut_x, cut_y), (cut_x, 0, side, cut_y), (0, cut_y, cut_x, side), (cut_x, cut_y, side, side),
        ):  # fmt: skip
            aim = ((x1 + x2) / side - 1, (y1 + y2) / side - 1)
            image, boxes, _ = self._single(config, aim, generator)
            canvas[:, :, y1:y2, x1:x2] = image[:, :, y1:y2, x1:x2]
            kept.append(_clip(boxes, (x1, y1, x2, y2)))
        return canvas, torch.cat(kept)

    def _paste(self, image: Tensor, config: ViewConfig, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Blend a patch into a window, half of the time one with a fracture.

        Patches without fracture are pasted as often, so that the seam itself says nothing.
        """
        bright = (image[0, 0] > 0.45).nonzero()
        if len(bright) == 0:
            return image, torch.zeros(0, 4)
        y, x = bright[int(torch.randint(len(bright), (1,), generator=generator))].tolist()
        aim = (2 * (x + 0.5) / config.side - 1, 2 * (y + 0.5) / config.side - 1)
        share = 1.0 if float(torch.rand(1, generator=generator)) < 0.5 else 0.0
        chosen = ViewConfig(config.side, share, 0.0, 0.0, config.augment, False)
        donor, boxes, _ = self._single(chosen, aim, generator)
        if share and len(boxes) == 0:
            return image, torch.zeros(0, 4)
        frame = boxes[0] if share else torch.tensor([x - 20.0, y - 20.0, x + 20.0, y + 20.0])
        centre, half = (frame[:2] + frame[2:]) / 2, (frame[2:] - frame[:2]) / 2 * 1.15 + 4
        line = torch.arange(config.side) + 0.5
        distance = torch.maximum(
            ((line - centre[0]).abs() / half[0])[None, :], ((line - centre[1]).abs() / half[1])[:, None]
        )
        mask = ((1.35 - distance) / 0.35).clamp(0, 1)
        return image * (1 - mask) + donor * mask, boxes[:1] if share else torch.zeros(0, 4)


def _move(boxes: Tensor, matrix: Tensor, size: int, side: int) -> Tensor:
    """Corners in the square of `size` -> corners in the view of `side`, dropped where hardly seen."""
    if len(boxes) == 0:
        return boxes.clone()
    x1, y1, x2, y2 = boxes.unbind(dim=1)
    corners = torch.stack([torch.stack(p, dim=1) for p in ((x1, y1), (x2, y1), (x2, y2), (x1, y2))], dim=1)
    unit = corners / size * 2 - 1
    moved = (unit @ matrix[:2, :2].T + matrix[:2, 2] + 1) / 2 * side
    # A turned box is larger than what it holds: corners count with the area kept between both extremes.
    low, high = moved.amin(dim=1), moved.amax(dim=1)
    area = torch.linalg.det(matrix[:2, :2]).abs() * (side / size) ** 2 * (x2 - x1) * (y2 - y1)
    shrink = (area / (high - low).prod(dim=1).clamp_min(1e-6)).clamp(0, 1).pow(0.25)[:, None]
    centre, half = (low + high) / 2, (high - low) / 2 * shrink
    return _clip(torch.cat([centre - half, centre + half], dim=1), (0, 0, side, side))


def _clip(boxes: Tensor, window: tuple[int, int, int, int]) -> Tensor:
    """Boxes cut to a window; those of which too little is left are dropped."""
    if len(boxes) == 0:
        return boxes
    low, high = torch.tensor(window[:2]).float(), torch.tensor(window[2:]).float()
    cut = torch.cat([torch.maximum(boxes[:, :2], low), torch.minimum(boxes[:, 2:], high)], dim=1)
    size = (cut[:, 2:] - cut[:, :2]).clamp_min(0)
    share = size.prod(dim=1) / (boxes[:, 2:] - boxes[:, :2]).prod(dim=1).clamp_min(1e-6)
    return cut[(share >= SEEN_SHARE) & (size.amin(dim=1) >= SMALLEST_SIDE)]


def _visible(boxes: Tensor, image: Tensor) -> Tensor:
    """Drop boxes that a black strip or patch has mostly covered."""
    kept = []
    for box in boxes:
        x1, y1, x2, y2 = (math.floor(v) for v in box.tolist())
        region = image[max(0, y1) : y2 + 1, max(0, x1) : x2 + 1]
        if region.numel() and float((region > 0).float().mean()) >= SEEN_SHARE:
            kept.append(box)
    return torch.stack(kept) if kept else torch.zeros(0, 4)
