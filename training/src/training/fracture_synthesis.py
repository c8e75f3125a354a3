"""Fractures of a known pattern drawn into crops of real bones that have none: cut, shift, turn, darken, brighten.

Used to start the type network only; no figure is ever measured on these pictures.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, gaussian_filter1d, map_coordinates

Floats32 = NDArray[np.float32]
PATTERNS = ("transverse", "oblique", "spiral", "comminuted", "impacted_compression", "buckle_greenstick")


def bone_axis(crop: Floats32) -> float:
    """Angle of the long axis at the centre (radians, x to y): the direction of least change (structure tensor)."""
    smooth = gaussian_filter(crop, 2.0)
    dy, dx = np.gradient(smooth)
    size = crop.shape[0]
    line = np.arange(size) - size / 2
    window = np.exp(-(line[:, None] ** 2 + line[None, :] ** 2) / (2 * (size / 5) ** 2))
    xx, yy, xy = (float((window * v).sum()) for v in (dx * dx, dy * dy, dx * dy))
    return 0.5 * math.atan2(2 * xy, xx - yy) + math.pi / 2


def _course(pattern: str, across: Floats32, half: float, rng: np.random.Generator) -> Floats32:
    """Position along the axis at which the break lies, for each position across it."""
    sign = 1.0 if rng.random() < 0.5 else -1.0
    degrees = {"transverse": (0, 15), "oblique": (30, 58), "spiral": (55, 68)}.get(pattern, (0, 45))
    slope = sign * math.tan(math.radians(rng.uniform(*degrees)))
    course = slope * across
    if pattern == "spiral":
        course = course + sign * rng.uniform(0.3, 0.7) * half * np.sin(across / half * math.pi)
    table = gaussian_filter1d(rng.normal(size=256), rng.uniform(2, 6)) * rng.uniform(2, 6)
    index = np.clip((across / max(half, 1.0) * 40 + 128).astype(int), 0, 255)
    return (course + table[index]).astype(np.float32)


def synthesise(crop: Floats32, pattern: str, rng: np.random.Generator) -> Floats32:
    """A crop [S, S] in [0, 1] with a break of that pattern through its middle."""
    size = crop.shape[0]
    axis = bone_axis(crop)
    along_x, along_y = math.cos(axis), math.sin(axis)
    centre = size / 2 + rng.uniform(-0.06, 0.06, 2) * size
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    along = (x - centre[0]) * along_x + (y - centre[1]) * along_y
    across = -(x - centre[0]) * along_y + (y - centre[1]) * along_x
    half = size * rng.uniform(0.1, 0.2)
    if pattern == "buckle_greenstick":
        out = _buckle(crop, along, across, half, (along_x, along_y), rng)
    else:
        lines = int(rng.integers(2, 5)) if pattern == "comminuted" else 1
        out = crop
        for i in range(lines):
            offset = 0.0 if i == 0 else rng.uniform(-0.16, 0.16) * size
            course = _course(pattern, across, half, rng) + offset
            out = _break(out, along, across, course, pattern, (along_x, along_y), rng)
    return np.clip(out, 0, 1).astype(np.float32)


def _sample(crop: Floats32, dx: Floats32, dy: Floats32) -> Floats32:
    size = crop.shape[0]
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    return map_coordinates(crop, [y + dy, x + dx], order=1, mode="nearest")


def _break(
    crop: Floats32,
    along: Floats32,
    across: Floats32,
    course: Floats32,
    pattern: str,
    axis: tuple[float, float],
    rng: np.random.Generator,
) -> Floats32:
    size = crop.shape[0]
    impacted = pattern == "impacted_compression"
    beyond = 1 / (1 + np.exp(-np.clip((along - course) / 0.7, -30, 30)))
    sideways = rng.normal(0, 0.02 if impacted else 0.035) * size
    lengthways = rng.uniform(0.02, 0.06) * size if impacted else rng.normal(0, 0.012) * size
    turn = math.radians(rng.normal(0, 5))
    # Beyond the break the bone comes from elsewhere: shifted across and along, and turned about the break.
    shift_along = lengthways - turn * across
    shift_across = sideways + turn * along
    fade = np.exp(-((across / (0.32 * size)) ** 4)) * beyond
    dx = (shift_along * axis[0] - shift_across * axis[1]) * fade
    dy = (shift_along * axis[1] + shift_across * axis[0]) * fade
    moved = _sample(crop, dx.astype(np.float32), dy.astype(np.float32))
    slope = np.gradient(course, axis=1) * -axis[1] + np.gradient(course, axis=0) * axis[0]
    distance = np.abs(along - course) / np.sqrt(1 + slope**2)
    bone = np.clip((gaussian_filter(moved, 2) - np.quantile(moved, 0.35)) * 4, 0, 1)
    inside = bone * np.exp(-((across / (0.3 * size)) ** 6))
    if impacted:
        band = np.exp(-((distance / rng.uniform(2, 5)) ** 2))
        return moved + rng.uniform(0.08, 0.22) * band * inside
    width, depth = rng.uniform(0.7, 2.2), rng.uniform(0.12, 0.5)
    out = moved - depth * np.exp(-((distance / width) ** 2)) * inside * np.maximum(moved, 0.2)
    if abs(sideways) > 0.03 * size:
        overlap = np.exp(-(((along - course - 3) / 4) ** 2))
        out = out + rng.uniform(0, 0.12) * overlap * inside
    return out


def _buckle(
    crop: Floats32,
    along: Floats32,
    across: Floats32,
    half: float,
    axis: tuple[float, float],
    rng: np.random.Generator,
) -> Floats32:
    """One cortex bulges outwards over a short way; sometimes the other side is bent or faintly cracked."""
    size = crop.shape[0]
    side = 1.0 if rng.random() < 0.5 else -1.0
    reach = np.exp(-((along / (rng.uniform(0.03, 0.08) * size)) ** 2))
    near = 1 / (1 + np.exp(-np.clip(side * across / 3, -30, 30)))
    bulge = rng.uniform(0.02, 0.06) * size * reach * near * np.exp(-((across / (2 * half)) ** 4))
    bend = math.radians(rng.normal(0, 5)) * np.maximum(along, 0) * np.exp(-((across / (0.32 * size)) ** 4))
    shift = -side * bulge + bend
    moved = _sample(crop, (-shift * axis[1]).astype(np.float32), (shift * axis[0]).astype(np.float32))
    return moved + rng.uniform(0.02, 0.12) * reach * near * (gaussian_filter(moved, 2) > np.quantile(moved, 0.5))
