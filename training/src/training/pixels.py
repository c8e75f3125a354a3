"""From a file to the tensor that a network sees. This is the contract shared with the TypeScript readers.

1. Grey values of the stored image, padding left out. `lo` is the smallest value v whose cumulative count(<= v) is
   at least 0.005 n, `hi` the smallest with at least 0.995 n. x = clip((v - lo) / (hi - lo), 0, 1); all 0 if hi <= lo.
2. scale = min(S / w, S / h); new size = max(1, floor(w * scale + 0.5)) and likewise for h; antialiased bilinear
   resize in float32 (`align_corners=False`), the same kernel when enlarging.
3. Centred on an S x S square of zeros: left = floor((S - new w) / 2), top likewise.
The result is float32 [1, 1, S, S] in [0, 1]; means and deviations are applied inside the network.

Crops (types): a square of side max(context * longer side of the box, minimum side) centred on the box, cut from the
stretched full image with zeros outside, left = floor(cx - side / 2), side = floor(side + 0.5), resized as above.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL import Image

from training.dataset import Box, ImageRecord
from training.errors import TrainingError

LOW_SHARE = 0.005
HIGH_SHARE = 0.995
DEFAULT_CACHE = Path(__file__).resolve().parents[2] / "cache"
# Part of the cache key: raise it when the preprocessing changes.
PACK_VERSION = 1


@dataclass(frozen=True)
class Letterbox:
    """Where an image lies in its square: square x = left + image x * scale_x, and likewise for y."""

    scale_x: float
    scale_y: float
    left: int
    top: int
    new_width: int
    new_height: int

    def to_square(self, box: Box) -> tuple[float, float, float, float]:
        """Corners (x1, y1, x2, y2) of a box in the square."""
        x1 = self.left + box.x * self.scale_x
        y1 = self.top + box.y * self.scale_y
        return x1, y1, x1 + box.width * self.scale_x, y1 + box.height * self.scale_y

    def to_image(self, corners: NDArray[np.floating]) -> NDArray[np.float64]:
        """Corners [N, 4] in the square back to corners in image pixels."""
        shift = np.array([self.left, self.top, self.left, self.top], dtype=np.float64)
        scale = np.array([self.scale_x, self.scale_y, self.scale_x, self.scale_y], dtype=np.float64)
        return (np.asarray(corners, dtype=np.float64) - shift) / scale


def load_grey(file: Path) -> NDArray[np.uint8] | NDArray[np.uint16]:
    """Stored grey values [height, width], 8 or 16 bits; colour is reduced by ITU-R 601 luma."""
    try:
        with Image.open(file) as image:
            if image.mode.startswith("I"):
                return np.asarray(image).astype(np.uint16)
            return np.asarray(image.convert("L"), dtype=np.uint8)
    except (OSError, SyntaxError) as error:
        raise TrainingError(
            "TRN_DATA_IMAGE",
            f"{file} is not a whole image ({error}).",
            "The download may have stopped: fetch it again.",
        ) from error


def percentile_stretch(grey: NDArray[np.generic], padding: NDArray[np.bool_] | None = None) -> NDArray[np.float32]:
    """Grey values stretched to [0, 1] between the 0.5 and 99.5 % values (step 1 of the contract); padding becomes 0."""
    values = grey[~padding] if padding is not None else grey.reshape(-1)
    n = values.size
    if n == 0:
        return np.zeros(grey.shape, dtype=np.float32)
    low_rank = max(0, math.ceil(LOW_SHARE * n) - 1)
    high_rank = max(0, math.ceil(HIGH_SHARE * n) - 1)
    ordered = np.partition(values, (low_rank, high_rank))
    lo, hi = float(ordered[low_rank]), float(ordered[high_rank])
    if hi <= lo:
        return np.zeros(grey.shape, dtype=np.float32)
    stretched = np.clip((grey.astype(np.float64) - lo) / (hi - lo), 0.0, 1.0).astype(np.float32)
    if padding is not None:
        stretched[padding] = 0
    return stretched


def letterbox_geometry(width: int, height: int, size: int) -> Letterbox:
    """Step 2 and 3 of the contract, without pixels."""
    scale = min(size / width, size / height)
    new_width = max(1, math.floor(width * scale + 0.5))
    new_height = max(1, math.floor(height * scale + 0.5))
    return Letterbox(
        scale_x=new_width / width,
        scale_y=new_height / height,
        left=(size - new_width) // 2,
        top=(size - new_height) // 2,
        new_width=new_width,
        new_height=new_height,
    )


def resize(image: torch.Tensor, height: int, width: int) -> torch.Tensor:
    """Antialiased bilinear resize of [H, W] float32."""
    return F.interpolate(
        image[None, None].float(), size=(height, width), mode="bilinear", antialias=True, align_corners=False
    )[0, 0]


def letterbox(stretched: NDArray[np.float32], size: int) -> tuple[torch.Tensor, Letterbox]:
    """A stretched image [H, W] as network input [1, 1, size, size], and where it lies in the square."""
    height, width = stretched.shape
    geometry = letterbox_geometry(width, height, size)
    square = torch.zeros(1, 1, size, size)
    bottom, right = geometry.top + geometry.new_height, geometry.left + geometry.new_width
    square[0, 0, geometry.top : bottom, geometry.left : right] = resize(
        torch.from_numpy(stretched), geometry.new_height, geometry.new_width
    )
    return square, geometry


def crop_square(
    stretched: NDArray[np.float32],
    box: tuple[float, float, float, float],
    context: float,
    minimum_side: float,
    size: int,
) -> torch.Tensor:
    """The crop around a box (x, y, width, height) in image pixels as network input [1, 1, size, size]."""
    x, y, width, height = box
    wanted = max(context * max(width, height), minimum_side)
    left = math.floor(x + width / 2 - wanted / 2)
    top = math.floor(y + height / 2 - wanted / 2)
    side = max(1, math.floor(wanted + 0.5))
    image_height, image_width = stretched.shape
    crop = torch.zeros(side, side)
    x1, y1 = max(0, left), max(0, top)
    x2, y2 = min(image_width, left + side), min(image_height, top + side)
    if x2 > x1 and y2 > y1:
        crop[y1 - top : y2 - top, x1 - left : x2 - left] = torch.from_numpy(stretched[y1:y2, x1:x2])
    return resize(crop, size, size)[None, None]


def crop_borders(grey: NDArray[np.generic], share: float) -> tuple[NDArray[np.generic], int, int]:
    """Cut `share` of each side off (markers and border shortcuts); returns the rest and the (left, top) cut."""
    height, width = grey.shape
    top, left = math.floor(height * share), math.floor(width * share)
    return grey[top : height - top, left : width - left], left, top


class PixelPack:
    """All images of a set, stretched and letterboxed to one size, as one memory-mapped uint8 file.

    `border_cut` > 0 packs them with that share of each side cut off before anything else.
    """

    def __init__(
        self, records: Sequence[ImageRecord], size: int, cache: Path = DEFAULT_CACHE, border_cut: float = 0.0
    ) -> None:
        self.size = size
        self.records = tuple(records)
        self.index = {record.id: i for i, record in enumerate(self.records)}
        key = json.dumps(
            [PACK_VERSION, size, border_cut, [(r.id, str(r.file), r.file.stat().st_size) for r in self.records]]
        )
        file = cache / f"pixels-{size}-{hashlib.sha256(key.encode()).hexdigest()[:16]}.npy"
        if not file.exists():
            self._build(file, border_cut)
        self.pixels: NDArray[np.uint8] = np.load(file, mmap_mode="r")
        self.offsets: list[tuple[int, int]] = []
        self.geometries: list[Letterbox] = []
        for record in self.records:
            left, top = math.floor(record.width * border_cut), math.floor(record.height * border_cut)
            self.offsets.append((left, top))
            self.geometries.append(letterbox_geometry(record.width - 2 * left, record.height - 2 * top, size))

    def _build(self, file: Path, border_cut: float) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        # Written beside and renamed, so that an interrupted or a second builder never leaves half a pack.
        temporary = file.with_suffix(f".{os.getpid()}.tmp")
        pack = np.lib.format.open_memmap(
            temporary, mode="w+", dtype=np.uint8, shape=(len(self.records), self.size, self.size)
        )
        for i, record in enumerate(self.records):
            grey = load_grey(record.file)
            if grey.shape != (record.height, record.width):
                raise TrainingError(
                    "TRN_DATA_SIZE",
                    f"{record.id} is {grey.shape[1]} x {grey.shape[0]}, listed as {record.width} x {record.height}.",
                    "Table and images are not of the same version.",
                )
            cut, _, _ = crop_borders(grey, border_cut)
            square, _ = letterbox(percentile_stretch(cut), self.size)
            pack[i] = (square[0, 0].numpy() * 255 + 0.5).astype(np.uint8)
        pack.flush()
        del pack
        temporary.replace(file)

    def batch(self, rows: Sequence[int]) -> torch.Tensor:
        """Images [B, 1, S, S] float32 in [0, 1]."""
        return torch.from_numpy(self.pixels[list(rows)]).unsqueeze(1).float().div_(255)
