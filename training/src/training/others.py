"""Pictures for the region network beyond its data set: no limb radiographs (class `other`), knees, simulated limbs.

Real chests are halved between training and report by their order; spines and shoulders with implants only report,
since their licence of use is not confirmed. Skulls could not be had. Chest and abdomen are also simulated by
projections of CT volumes. Other sources are split whole: what a source gave to training is never in the reported set.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter
from scipy.ndimage import gaussian_filter, rotate, zoom

from training.pixels import letterbox, load_grey, percentile_stretch

Grey = NDArray[np.uint8]
VERSION = 4
# Source -> role. Limb scans (STS) give slices only: a projection of a thigh would be a limb radiograph.
CT_ROLES = {"chest_a": "train", "chest_b": "report", "abdomen": "report"}
PETCT_ROLES = {
    "STS_002": "train", "STS_008": "train", "STS_019": "train",
    "STS_024": "report", "STS_025": "report", "STS_042": "report",
}  # fmt: skip
DICOM_ROLES = {"CT_small": "train", "MR_small": "report", "examples_overlay": "train", "693_J2KI": "report"}
# Soft tissue, lung, bone: windows in Hounsfield units.
WINDOWS = ((-160.0, 240.0), (-1350.0, 150.0), (-450.0, 1050.0))


@dataclass(frozen=True)
class Others:
    """Pictures [N, S, S] letterboxed like radiographs, with the source and the role of each.

    Roles: `train` and `report` are of class `other`; `train leg`, `report leg`, `report shoulder` and the like show a
    region that the network is meant to name.
    """

    pixels: Grey
    sources: tuple[str, ...]
    roles: tuple[str, ...]

    def rows(self, role: str) -> list[int]:
        """Rows of one role."""
        return [i for i, r in enumerate(self.roles) if r == role]

    def batch(self, rows: list[int]) -> torch.Tensor:
        """[B, 1, S, S] float32 in [0, 1]."""
        return torch.from_numpy(self.pixels[rows]).unsqueeze(1).float().div_(255)


def others(size: int, cache: Path, folder: Path | None, seed: int = 3) -> Others:
    """Build (or read from the cache) the pictures; `folder` holds `ct/`, `petct/`, `dicom/` where there are any."""
    key = hashlib.sha256(json.dumps([VERSION, size, str(folder), seed]).encode()).hexdigest()[:16]
    file = cache / f"others-{size}-{key}.npz"
    if not file.exists():
        cache.mkdir(parents=True, exist_ok=True)
        pixels, names, roles = [], [], []
        for source, role, picture in _all(folder, seed):
            square, _ = letterbox(percentile_stretch(picture), size)
            pixels.append((square[0, 0].numpy() * 255 + 0.5).astype(np.uint8))
            names.append(source)
            roles.append(role)
        temporary = file.with_suffix(".tmp.npz")
        np.savez_compressed(temporary, pixels=np.stack(pixels), names=np.array(names), roles=np.array(roles))
        temporary.replace(file)
    found = np.load(file)
    return Others(found["pixels"], tuple(found["names"].tolist()), tuple(found["roles"].tolist()))


def describe(found: Others) -> str:
    """How many pictures of which source, for the card."""
    counts: dict[tuple[str, str], int] = {}
    for source, role in zip(found.sources, found.roles, strict=True):
        counts[role, source] = counts.get((role, source), 0) + 1
    parts = []
    for role in sorted(set(found.roles), key=lambda role: (role.startswith("report"), role)):
        parts.append(f"{role}: " + ", ".join(f"{s} {n}" for (r, s), n in sorted(counts.items()) if r == role))
    return "; ".join(parts)


def _all(folder: Path | None, seed: int) -> Iterator[tuple[str, str, NDArray[np.generic]]]:
    rng = np.random.default_rng(seed)
    if folder is not None:
        yield from _ct(folder / "ct", rng)
        yield from _petct(folder / "petct", rng)
        yield from _dicom(folder / "dicom" / "pydicom")
        yield from _radiographs(folder / "other_radiographs")
        yield from _implants(folder / "shoulder_implants")
    for name, (role, make) in _DRAWN.items():
        for _ in range(60):
            yield f"drawn {name}", role, make(rng)


def _ct(folder: Path, rng: np.random.Generator) -> Iterator[tuple[str, str, NDArray[np.generic]]]:
    for name, role in CT_ROLES.items():
        file = folder / f"{name}.nii.gz"
        if not file.exists():
            continue
        import nibabel

        image = nibabel.as_closest_canonical(nibabel.load(str(file)))
        spacing = [float(v) for v in image.header.get_zooms()[:3]]
        # Axes: right, anterior, superior; turned so that rows run from head to foot.
        volume = np.asarray(image.dataobj, dtype=np.float32)[:, :, ::-1]
        for picture in _projections(volume, spacing, rng):
            yield f"{name} projection", role, picture
        for axis in range(3):
            yield from ((f"{name} slice", role, p) for p in _slices(volume, spacing, axis, 16, rng))


def _projections(volume: NDArray[np.float32], spacing: list[float], rng: np.random.Generator) -> Iterator[Grey]:
    """Beer-Lambert, mean and maximum projections of the trunk, turned about the long axis, cut to random fields."""
    step = 2.0
    small = zoom(volume, [s / step for s in spacing], order=1)
    attenuation = np.clip(1 + small / 1000, 0, 3) * 0.02
    for angle in (0, 12, 25, 45, 65, 80, 90, 100, 120, 150, 168, 180, 200, 230, 255, 270, 290, 330):
        turned = rotate(attenuation, angle, axes=(0, 1), reshape=False, order=1, mode="constant")
        for kind in ("drr", "mean", "max"):
            if kind == "drr":
                # Film: more attenuation is brighter; logarithmic detectors show the line integral, others the dose.
                line = turned.sum(axis=1) * step
                flat = line if rng.random() < 0.5 else 1 - np.exp(-line / rng.uniform(1.0, 3.0))
            else:
                flat = turned.mean(axis=1) if kind == "mean" else turned.max(axis=1)
            picture = np.ascontiguousarray(flat.T)
            height, width = picture.shape
            h, w = int(height * rng.uniform(0.6, 1)), int(width * rng.uniform(0.6, 1))
            top, left = int(rng.integers(height - h + 1)), int(rng.integers(width - w + 1))
            yield _to_bytes(picture[top : top + h, left : left + w])


def _slices(
    volume: NDArray[np.float32], spacing: list[float], axis: int, count: int, rng: np.random.Generator
) -> Iterator[Grey]:
    others_ = [i for i in range(3) if i != axis]
    for at in np.linspace(0.15, 0.85, count):
        flat = np.take(volume, int(at * (volume.shape[axis] - 1)), axis=axis).T
        ratio = spacing[others_[1]] / spacing[others_[0]]
        low, high = WINDOWS[int(rng.integers(len(WINDOWS)))]
        window = np.clip((flat - low) / (high - low), 0, 1)
        yield _to_bytes(zoom(window, (ratio, 1.0), order=1))


def _petct(folder: Path, rng: np.random.Generator) -> Iterator[tuple[str, str, NDArray[np.generic]]]:
    for name, role in PETCT_ROLES.items():
        for modality in ("CT", "PET"):
            files = sorted((folder / name / modality / "image").glob("*.dcm"))
            for file in files[:: max(1, len(files) // 18)]:
                yield f"{name} {modality} slice", role, _dicom_grey(file, rng, modality)


def _dicom_grey(file: Path, rng: np.random.Generator, modality: str) -> Grey:
    import pydicom

    data = pydicom.dcmread(file)
    values = data.pixel_array.astype(np.float32) * float(data.get("RescaleSlope", 1))
    values += float(data.get("RescaleIntercept", 0))
    if modality == "CT":
        low, high = WINDOWS[int(rng.integers(len(WINDOWS)))]
        return _to_bytes(np.clip((values - low) / (high - low), 0, 1))
    picture = _to_bytes(values)
    return (255 - picture).astype(np.uint8) if rng.random() < 0.5 else picture


def _dicom(folder: Path) -> Iterator[tuple[str, str, NDArray[np.generic]]]:
    for name, role in DICOM_ROLES.items():
        file = folder / f"{name}.dcm"
        if not file.exists():
            continue
        import pydicom

        try:
            values = pydicom.dcmread(file, force=True).pixel_array
        except (AttributeError, RuntimeError, NotImplementedError, ValueError):
            # No decoder for this compression here: one picture less.
            continue
        flat = values.astype(np.float32)
        while flat.ndim > 2:
            flat = flat[0] if flat.shape[-1] not in (3, 4) else flat[..., :3].mean(axis=-1)
        yield f"pydicom {name}", role, _to_bytes(flat)


def _radiographs(folder: Path) -> Iterator[tuple[str, str, NDArray[np.generic]]]:
    """Real chests (half to training), spines (report only), knees (legs; half to training)."""
    if not folder.exists():
        return
    with (folder / "images.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    kinds = {
        "chest (child)": ("real chest (child)", "train", "report"),
        "chest (adult)": ("real chest (adult)", "train", "report"),
        "spine": ("real spine", "report", "report"),
        "knee (joint crop, KL 0)": ("real knee", "train leg", "report leg"),
    }
    for region, (name, first, second) in kinds.items():
        files = [row["file"] for row in rows if row["region"] == region]
        for i, file in enumerate(files):
            yield name, first if 2 * i < len(files) else second, load_grey(folder / "images" / file)


def _implants(folder: Path) -> Iterator[tuple[str, str, NDArray[np.generic]]]:
    """Shoulders with an arthroplasty: report only."""
    if not folder.exists():
        return
    with (folder / "images.csv").open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            yield "real shoulder with implant", "report shoulder", load_grey(folder / "images" / row["file"])


def _to_bytes(picture: NDArray[np.generic]) -> Grey:
    values = picture.astype(np.float64)
    low, high = float(values.min()), float(values.max())
    return ((values - low) / (high - low or 1.0) * 255 + 0.5).astype(np.uint8)


def _shape(rng: np.random.Generator) -> tuple[int, int]:
    return int(rng.integers(200, 400)), int(rng.integers(200, 400))


def _smooth_noise(rng: np.random.Generator) -> Grey:
    return _to_bytes(gaussian_filter(rng.normal(size=_shape(rng)), rng.uniform(0.3, 25)))


def _clouds(rng: np.random.Generator) -> Grey:
    shape = _shape(rng)
    layers = (gaussian_filter(rng.normal(size=shape), s) * s for s in (2, 5, 12, 30))
    return _to_bytes(np.sum(list(layers), axis=0))


def _gradient(rng: np.random.Generator) -> Grey:
    height, width = _shape(rng)
    y, x = np.mgrid[0:height, 0:width]
    angle = rng.uniform(0, 2 * np.pi)
    ramp = np.cos(angle) * x / width + np.sin(angle) * y / height
    return _to_bytes(ramp + rng.normal(0, rng.uniform(0, 0.1), ramp.shape))


def _stripes(rng: np.random.Generator) -> Grey:
    height, width = _shape(rng)
    y, x = np.mgrid[0:height, 0:width]
    angle, period = rng.uniform(0, np.pi), rng.uniform(6, 60)
    wave = np.sin((np.cos(angle) * x + np.sin(angle) * y) * 2 * np.pi / period)
    return _to_bytes(np.sign(wave) if rng.random() < 0.5 else wave + rng.normal(0, 0.2, wave.shape))


def _shapes(rng: np.random.Generator) -> Grey:
    height, width = _shape(rng)
    picture = Image.new("L", (width, height), int(rng.integers(256)))
    pen = ImageDraw.Draw(picture)
    for _ in range(int(rng.integers(4, 30))):
        x, y = rng.integers(width), rng.integers(height)
        w, h = rng.integers(8, 140, size=2)
        draw = pen.ellipse if rng.random() < 0.5 else pen.rectangle
        draw((int(x - w / 2), int(y - h / 2), int(x + w / 2), int(y + h / 2)), fill=int(rng.integers(256)))
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(rng.uniform(0, 2))))


def _text_page(rng: np.random.Generator) -> Grey:
    height, width = _shape(rng)
    dark = rng.random() < 0.3
    picture = Image.new("L", (width, height), 20 if dark else 240)
    pen = ImageDraw.Draw(picture)
    letters = "abcdefghijklmnopqrstuvwxyz     ABCDEFGH 0123456789.,"
    for row in range(8, height - 12, int(rng.integers(11, 20))):
        line = "".join(letters[int(i)] for i in rng.integers(len(letters), size=int(width / 7)))
        pen.text((10, row), line, fill=230 if dark else 15)
    return np.asarray(picture)


def _scene(rng: np.random.Generator) -> Grey:
    """Sky, ground, boxes with windows and round things: what a photograph of a street has in common."""
    height, width = _shape(rng)
    horizon = int(height * rng.uniform(0.3, 0.7))
    ramp = np.concatenate([np.linspace(rng.uniform(120, 230), 220, horizon), np.linspace(60, 140, height - horizon)])
    picture = Image.fromarray(np.repeat(ramp[:, None], width, axis=1).astype(np.uint8))
    pen = ImageDraw.Draw(picture)
    for _ in range(int(rng.integers(3, 10))):
        x, w, h = int(rng.integers(width)), int(rng.integers(20, 100)), int(rng.integers(30, 160))
        pen.rectangle((x, horizon - h, x + w, horizon + 10), fill=int(rng.integers(30, 200)))
        for wy in range(horizon - h + 6, horizon, 16):
            pen.rectangle((x + 6, wy, x + w - 6, wy + 6), fill=int(rng.integers(256)))
    for _ in range(int(rng.integers(2, 12))):
        x, y, r = int(rng.integers(width)), int(rng.integers(horizon, height)), int(rng.integers(5, 40))
        pen.ellipse((x - r, y - r, x + r, y + r), fill=int(rng.integers(256)))
    pixels = np.asarray(picture.filter(ImageFilter.GaussianBlur(rng.uniform(0, 1.5))), dtype=np.float64)
    return np.clip(pixels + rng.normal(0, 8, pixels.shape), 0, 255).astype(np.uint8)


def _faces(rng: np.random.Generator) -> Grey:
    """An oval with eyes and mouth before a textured ground."""
    height, width = _shape(rng)
    ground = gaussian_filter(rng.normal(size=(height, width)), rng.uniform(3, 20))
    picture = Image.fromarray(_to_bytes(ground))
    pen = ImageDraw.Draw(picture)
    cx, cy, r = width / 2 + rng.uniform(-30, 30), height / 2 + rng.uniform(-30, 30), min(width, height) * 0.3
    skin = int(rng.integers(90, 240))
    pen.ellipse((cx - r * 0.8, cy - r, cx + r * 0.8, cy + r), fill=skin)
    for side in (-1, 1):
        pen.ellipse((cx + side * r * 0.35 - 9, cy - r * 0.3 - 6, cx + side * r * 0.35 + 9, cy - r * 0.3 + 6), fill=20)
    pen.arc((cx - r * 0.4, cy + r * 0.1, cx + r * 0.4, cy + r * 0.6), 20, 160, fill=30, width=5)
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 2.5))))


def _white_noise(rng: np.random.Generator) -> Grey:
    return _to_bytes(rng.normal(size=_shape(rng)))


def _nearly_blank(rng: np.random.Generator) -> Grey:
    """An exposure of nothing: one level, faint noise, sometimes a marker."""
    height, width = _shape(rng)
    picture = np.full((height, width), rng.uniform(0, 255)) + rng.normal(0, rng.uniform(0, 3), (height, width))
    if rng.random() < 0.5:
        y, x = int(rng.integers(height - 30)), int(rng.integers(width - 30))
        picture[y : y + 22, x : x + 14] = rng.uniform(0, 255)
    return np.clip(picture, 0, 255).astype(np.uint8)


_DRAWN: dict[str, tuple[str, Callable[[np.random.Generator], Grey]]] = {
    "noise": ("train", _smooth_noise),
    "gradient": ("train", _gradient),
    "shapes": ("train", _shapes),
    "text page": ("train", _text_page),
    "nearly blank": ("train", _nearly_blank),
    "clouds": ("report", _clouds),
    "stripes": ("report", _stripes),
    "street scene": ("report", _scene),
    "face": ("report", _faces),
    "white noise": ("report", _white_noise),
}
