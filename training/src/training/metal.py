"""Simulated metal (prostheses, plates with screws, nails, wires) drawn into radiographs.

In FracAtlas nearly every image with metal has a fracture (93 of 95), so that a network learns metal as a sign of one.
Metal drawn with the same chance into images with and without a fracture says nothing of it. No figure is measured on
such pictures.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from training.augment import uniform

# Tries to find a place that hides no fracture; a crowded image keeps none.
PLACES = 12
HIDDEN_SHARE = 0.1


class Canvas:
    """Signed distances (negative inside, pixels) of the shapes drawn so far, in a frame turned and moved."""

    def __init__(self, side: int, place: Tensor, angle: float) -> None:
        line = torch.arange(side) + 0.5
        dx, dy = line[None, :] - place[0], line[:, None] - place[1]
        self.along = dx * math.cos(angle) + dy * math.sin(angle)
        self.across = -dx * math.sin(angle) + dy * math.cos(angle)
        self.distance = torch.full((side, side), math.inf)

    def add(self, distance: Tensor) -> None:
        """Unite with another shape."""
        self.distance = torch.minimum(self.distance, distance)

    def cut(self, distance: Tensor) -> None:
        """Take a shape out."""
        self.distance = torch.maximum(self.distance, -distance)

    def disc(self, along: float, across: float, radius: float) -> Tensor:
        """Distance to a disc."""
        return torch.hypot(self.along - along, self.across - across) - radius

    def bar(self, start: tuple[float, float], end: tuple[float, float], wide: float, narrow: float) -> Tensor:
        """Distance to a bar with round ends whose half width runs from `wide` at the start to `narrow`."""
        vx, vy = end[0] - start[0], end[1] - start[1]
        px, py = self.along - start[0], self.across - start[1]
        share = ((px * vx + py * vy) / max(vx * vx + vy * vy, 1e-6)).clamp(0, 1)
        return torch.hypot(px - share * vx, py - share * vy) - (wide + (narrow - wide) * share)

    def half_plane(self, along: float, across: float, angle: float) -> Tensor:
        """Distance to the half plane on the side of `angle` of a point."""
        return -((self.along - along) * math.cos(angle) + (self.across - across) * math.sin(angle))


Draw = Callable[[float, float], float]


def _prosthesis(canvas: Canvas, size: float, draw: Draw) -> None:
    """Head (ball, half ball or cup), neck and tapered stem; often the socket's part with its screws."""
    radius, lean = size, draw(0.5, 1.1) * (1 if draw(0, 1) < 0.5 else -1)
    head = (radius * 1.1 * math.cos(lean), radius * 1.1 * math.sin(lean))
    kind = draw(0, 1)
    ball = canvas.disc(*head, radius)
    if kind < 0.5:
        # Anatomic: the half of the ball that looks away from the stem.
        ball = torch.maximum(ball, canvas.half_plane(head[0] * 0.9, head[1] * 0.9, lean))
    canvas.add(ball)
    if kind > 0.75:
        # Reverse: the stem carries a cup, the ball sits on the socket.
        canvas.cut(canvas.disc(head[0] * 2.0, head[1] * 2.0, radius * 1.05))
        canvas.add(canvas.disc(head[0] * 2.2, head[1] * 2.2, radius * draw(0.85, 1.05)))
    canvas.add(canvas.bar((0, 0), head, radius * draw(0.25, 0.5), radius * draw(0.25, 0.5)))
    wide = radius * draw(0.4, 0.75)
    canvas.add(canvas.bar((0, 0), (-radius * draw(2.2, 5.0), radius * draw(-0.3, 0.3)), wide, wide * draw(0.25, 0.6)))
    if draw(0, 1) < 0.6:
        start = (head[0] + radius * 1.3 * math.cos(lean), head[1] + radius * 1.3 * math.sin(lean))
        for _ in range(int(draw(1, 4.99))):
            turn, length = lean + draw(-0.6, 0.6), radius * draw(0.7, 1.8)
            end = (start[0] + length * math.cos(turn), start[1] + length * math.sin(turn))
            canvas.add(canvas.bar(start, end, radius * 0.1, radius * 0.06))


def _plate(canvas: Canvas, size: float, draw: Draw) -> None:
    """A plate seen from its side or from above, with screws across it."""
    length, half = size * draw(2.0, 5.0), size * draw(0.1, 0.28)
    canvas.add(canvas.bar((-length, 0), (length, 0), half, half))
    screws = int(draw(3, 9))
    seen_from_above = draw(0, 1) < 0.4
    for i in range(screws):
        at = -length + (i + 0.5) * 2 * length / screws
        if seen_from_above:
            canvas.cut(canvas.disc(at, 0, half * 0.55))
            if draw(0, 1) < 0.6:
                canvas.add(canvas.disc(at, 0, half * 0.45))
        else:
            reach = size * draw(0.7, 1.7)
            canvas.add(canvas.bar((at, 0), (at + size * draw(-0.15, 0.15), reach), size * 0.1, size * 0.07))


def _nail(canvas: Canvas, size: float, draw: Draw) -> None:
    """A nail along the bone, locked by screws across."""
    length, half = size * draw(3.0, 7.0), size * draw(0.15, 0.35)
    canvas.add(canvas.bar((-length, 0), (length, size * draw(-0.3, 0.3)), half, half))
    for end in (-0.85, 0.85):
        for _ in range(int(draw(0, 2.99))):
            at = length * end + size * draw(-0.5, 0.5)
            canvas.add(canvas.bar((at, -size * draw(0.6, 1.2)), (at, size * draw(0.6, 1.2)), size * 0.1, size * 0.08))


def _wires(canvas: Canvas, size: float, draw: Draw) -> None:
    """Thin wires, or lone screws."""
    for _ in range(int(draw(1, 4.99))):
        turn, length, half = draw(-0.7, 0.7), size * draw(1.0, 3.5), size * draw(0.03, 0.12)
        start = (size * draw(-1, 1), size * draw(-0.8, 0.8))
        end = (start[0] + length * math.cos(turn), start[1] + length * math.sin(turn))
        canvas.add(canvas.bar(start, end, half, half))


# Prostheses are what the data set hardly has; the others it has, always beside a fracture.
KINDS = ((0.55, _prosthesis), (0.75, _plate), (0.88, _nail), (1.0, _wires))


def _axis(image: Tensor, place: Tensor) -> float:
    """Direction of the bone at a place (radians): that of least change around it (structure tensor)."""
    side = image.shape[-1]
    reach = max(8, side // 16)
    x, y = int(place[0]), int(place[1])
    patch = image[max(0, y - reach) : y + reach, max(0, x - reach) : x + reach]
    if min(patch.shape) < 4:
        return 0.0
    dy, dx = torch.gradient(patch)
    xx, yy, xy = (float((a * b).sum()) for a, b in ((dx, dx), (dy, dy), (dx, dy)))
    return 0.5 * math.atan2(2 * xy, xx - yy) + math.pi / 2


def _place(image: Tensor, boxes: Tensor, reach: float, generator: torch.Generator) -> Tensor | None:
    """A bright place [x, y] farther than `reach` from each box, or None."""
    bright = (image > 0.35).nonzero()
    if len(bright) == 0:
        return None
    for row in torch.randint(len(bright), (PLACES,), generator=generator).tolist():
        place = bright[row].flip(0).float()
        outside = torch.maximum(boxes[:, :2] - place, place - boxes[:, 2:]).clamp_min(0)
        if bool((outside.norm(dim=1) > reach).all()):
            return place
    return None


def _hides(opacity: Tensor, box: Tensor) -> bool:
    """Is more of a box covered than a fracture may lose?"""
    x1, y1, x2, y2 = (int(v) for v in box.tolist())
    region = opacity[y1 : y2 + 1, x1 : x2 + 1]
    return region.numel() > 0 and float(region.mean()) > HIDDEN_SHARE


def add_metal(image: Tensor, boxes: Tensor, generator: torch.Generator) -> Tensor:
    """Image [S, S] in [0, 1] with one device on it, away from the boxes [N, 4] (corners in pixels).

    What is bright as metal takes the top of the grey scale: the rest is dimmed as the stretch to [0, 1] would do.
    """
    side = image.shape[-1]

    def draw(low: float, high: float) -> float:
        return float(uniform(1, low, high, generator))

    size = side * draw(0.025, 0.1)
    place = _place(image, boxes, 2.5 * size, generator)
    if place is None:
        return image
    chosen = draw(0, 1)
    angle = _axis(image, place) + (math.pi if draw(0, 1) < 0.5 else 0) + draw(-0.25, 0.25)
    canvas = Canvas(side, place, angle)
    next(shape for share, shape in KINDS if chosen <= share)(canvas, size, draw)
    opacity = (0.5 - canvas.distance / draw(1.0, 2.0)).clamp(0, 1) * draw(0.85, 1.0)
    if any(_hides(opacity, box) for box in boxes):
        return image
    depth = (-canvas.distance / size).clamp(0, 1)
    metal = draw(0.86, 0.97) + 0.1 * depth
    return (image * draw(0.6, 1.0) * (1 - opacity) + metal * opacity).clamp(0, 1)
