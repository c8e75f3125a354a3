"""A tiny SIMULATED data set in the shared layout: drawn bones, some with a dark line. For tests and `--smoke` only.

Nothing trained on it says anything about patients; its cards say `simulated`.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from training.dataset import REGIONS

PATTERNS = ("transverse", "oblique", "spiral", "comminuted", "impacted_compression", "buckle_greenstick")
COLUMNS = (
    "image_id", "width", "height", "original_width", "original_height", "fractured", "fracture_count", "hand", "leg",
    "hip", "shoulder", "mixed", "hardware", "multiscan", "frontal", "lateral", "oblique", "ankle_foot",
    "ankle_foot_source", "group", "duplicate_group", "official_split", "fold",
)  # fmt: skip
TYPE_COLUMNS = (
    "annotation_id", "image_id", "pattern_a", "confidence_a", "pattern_b", "confidence_b", "agreed", "displaced_a",
    "displaced_b", "age_a", "age_b", "metal_a", "metal_b",
)  # fmt: skip


def _draw(
    rng: np.random.Generator, region: int, pattern: str | None
) -> tuple[Image.Image, tuple[float, float, float, float] | None]:
    """One simulated picture and the box (x, y, width, height) of its fracture."""
    width, height = int(rng.integers(180, 230)), int(rng.integers(220, 270))
    picture = Image.new("L", (width, height), 8)
    pen = ImageDraw.Draw(picture)
    tissue = (0.5 + 0.06 * region) * width / 2
    centre = width / 2 + rng.uniform(-12, 12)
    pen.rectangle((centre - tissue, 4, centre + tissue, height - 4), fill=55)
    bones = 1 + region
    angle = float(rng.uniform(-20, 20))
    half = tissue / (bones + 1) * 0.6
    axes = [centre + (i - (bones - 1) / 2) * tissue * 1.6 / bones for i in range(bones)]
    for x in axes:
        pen.rectangle((x - half, 12, x + half, height - 12), fill=200)
        pen.rectangle((x - half * 0.45, 12, x + half * 0.45, height - 12), fill=150)
    box = None
    if pattern is not None:
        x, y = axes[int(rng.integers(bones))], rng.uniform(0.3, 0.7) * height
        slope = {"transverse": 0.1, "oblique": 0.9, "spiral": 1.6}.get(pattern, 0.5)
        ends = [(x - half, y - slope * half), (x + half, y + slope * half)]
        if pattern == "spiral":
            ends = [(x + half * math.sin(t * 6), y + (t - 0.5) * 4 * half) for t in np.linspace(0, 1, 12)]
        pen.line(ends, fill=30, width=3)
        if pattern == "comminuted":
            pen.line([(x - half, y + half), (x + half, y - half)], fill=30, width=3)
        if pattern == "buckle_greenstick":
            pen.ellipse((x + half - 4, y - 6, x + half + 5, y + 6), fill=230)
        corners = [(px + dx, py + dy) for px, py in ends for dx in (-6, 6) for dy in (-8, 8)]
        turned = [_turn(point, (width, height), angle) for point in corners]
        xs, ys = [p[0] for p in turned], [p[1] for p in turned]
        left, top = max(0.0, min(xs)), max(0.0, min(ys))
        box = (left, top, min(float(width), max(xs)) - left, min(float(height), max(ys)) - top)
    picture = picture.rotate(angle, Image.Resampling.BILINEAR, fillcolor=8).filter(ImageFilter.GaussianBlur(0.8))
    # Uneven shading, so that no two drawings are near-duplicates of each other.
    coarse = Image.fromarray(rng.uniform(-45, 45, (4, 4)).astype(np.float32))
    shading = np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC))
    pixels = np.asarray(picture, dtype=np.float32) + shading + rng.normal(0, 5, (height, width))
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)), box


def _turn(point: tuple[float, float], size: tuple[int, int], degrees: float) -> tuple[float, float]:
    """Where PIL's `rotate` (counter-clockwise about the centre) moves a point."""
    x, y = point[0] - size[0] / 2, point[1] - size[1] / 2
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return x * cos + y * sin + size[0] / 2, -x * sin + y * cos + size[1] / 2


def make_simulated(root: Path, images: int = 120, seed: int = 7, group_size: int = 2) -> Path:
    """Write the simulated data set and return its folder. Half of the pictures hold one fracture."""
    rng = np.random.default_rng(seed)
    (root / "images").mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, object]] = []
    types: list[dict[str, object]] = []
    entries: list[dict[str, object]] = []
    annotations: list[dict[str, object]] = []
    for i in range(images):
        region = i % len(REGIONS)
        fractured = (i // len(REGIONS)) % 2 == 1
        pattern = PATTERNS[int(rng.integers(len(PATTERNS)))] if fractured else None
        picture, box = _draw(rng, region, pattern)
        name, group = f"SIM{i:07d}.png", i // group_size
        picture.save(root / "images" / name)
        width, height = picture.size
        row: dict[str, object] = dict.fromkeys(COLUMNS, "0") | {
            "image_id": name, "width": width, "height": height, "original_width": width, "original_height": height,
            "fractured": int(fractured), "fracture_count": int(fractured), REGIONS[region]: "1", "frontal": "1",
            "hardware": int(i % 17 == 0), "ankle_foot": "", "ankle_foot_source": "", "group": group,
            "duplicate_group": "", "official_split": "", "fold": (group // 4) % 5,
        }  # fmt: skip
        if REGIONS[region] == "leg":
            row["ankle_foot"] = "fx_near_ankle_joint" if fractured else "nonfx_ankle_foot"
        rows.append(row)
        entries.append({"id": i, "file_name": name, "width": width, "height": height})
        if box is not None:
            number = len(annotations)
            annotations.append(
                {"id": number, "image_id": i, "category_id": 1, "bbox": [round(v, 1) for v in box],
                 "area": round(box[2] * box[3], 1), "iscrowd": 0, "segmentation": []}
            )  # fmt: skip
            types.append(
                dict.fromkeys(TYPE_COLUMNS, "no")
                | {"annotation_id": number, "image_id": name, "pattern_a": pattern, "pattern_b": pattern,
                   "agreed": pattern, "confidence_a": 3, "confidence_b": 3, "age_a": "fresh", "age_b": "fresh"}
            )  # fmt: skip
    _write(root / "images.csv", COLUMNS, rows)
    _write(root / "fracture_types.csv", TYPE_COLUMNS, types)
    content = {
        "info": {
            "description": "SIMULATED drawings, not radiographs",
            "source": f"python -m training.smoke --images {images} --seed {seed}",
            "license": "CC0",
            "simulated": True,
        },
        "images": entries,
        "annotations": annotations,
        "categories": [{"id": 1, "name": "fracture"}],
    }
    (root / "annotations.coco.json").write_text(json.dumps(content), encoding="utf-8")
    return root


def _write(path: Path, columns: Sequence[str], rows: Sequence[dict[str, object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, fieldnames=columns)
        writer.writeheader()
        writer.writerows(rows)


def main(argv: Sequence[str] | None = None) -> int:
    """`python -m training.smoke --out FOLDER`."""
    parser = argparse.ArgumentParser(description="Write a tiny simulated data set in the shared layout.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--images", type=int, default=120)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args(argv)
    print(make_simulated(args.out, args.images, args.seed))
    return 0


if __name__ == "__main__":
    main()
