import type { PixelRect } from './box-outline.js';

export interface LabelRequest {
  /** What the label belongs to: the box with its line and rim, in picture pixels. */
  readonly target: PixelRect;
  readonly width: number;
  readonly height: number;
}

export interface PlacedLabel {
  readonly rect: PixelRect;
  /** Line from the label to its box, `[x1, y1, x2, y2]`; null when the label touches the box. */
  readonly leader: readonly [number, number, number, number] | null;
}

/**
 * Places each label beside its box: inside the picture, over no box and over no other label; farther away with a
 * leader line when the box is crowded in; null when there is no room at all (the text then goes below the picture).
 */
export function placeLabels(
  requests: readonly LabelRequest[],
  picture: { width: number; height: number },
  step: number,
): (PlacedLabel | null)[] {
  const boxes = requests.map((request) => request.target);
  const taken: PixelRect[] = [];
  return requests.map((request) => {
    const free = (rect: PixelRect): boolean =>
      rect.left >= 0 &&
      rect.top >= 0 &&
      rect.right <= picture.width &&
      rect.bottom <= picture.height &&
      !boxes.some((box) => overlap(box, rect)) &&
      !taken.some((label) => overlap(label, rect));
    const placed = besideBox(request, free) ?? nearBox(request, boxes, taken, free, step);
    if (placed) taken.push(placed.rect);
    return placed;
  });
}

function besideBox(request: LabelRequest, free: (rect: PixelRect) => boolean): PlacedLabel | null {
  const { target, width, height } = request;
  const corners: [number, number][] = [
    [target.left, target.top - height],
    [target.left, target.bottom],
    [target.right - width, target.top - height],
    [target.right - width, target.bottom],
    [target.right, target.top],
    [target.left - width, target.top],
    [target.right, target.bottom - height],
    [target.left - width, target.bottom - height],
  ];
  const rect = corners.map(([left, top]) => rectAt(left, top, request)).find(free);
  return rect ? { rect, leader: null } : null;
}

/** The nearest free place whose leader line crosses nothing else. */
function nearBox(
  request: LabelRequest,
  boxes: readonly PixelRect[],
  taken: readonly PixelRect[],
  free: (rect: PixelRect) => boolean,
  step: number,
): PlacedLabel | null {
  const { target, width, height } = request;
  const others = [...boxes.filter((box) => box !== target), ...taken];
  const candidates: { rect: PixelRect; distance: number }[] = [];
  for (let ring = 1; ring <= 16; ring++) {
    const reach = ring * step;
    const lefts = range(target.left - width - reach, target.right + reach, step);
    const tops = range(target.top - height - reach, target.bottom + reach, step);
    for (const left of lefts) {
      for (const top of [target.top - height - reach, target.bottom + reach]) push(left, top);
    }
    for (const top of tops) {
      for (const left of [target.left - width - reach, target.right + reach]) push(left, top);
    }
  }
  candidates.sort((a, b) => a.distance - b.distance);
  for (const { rect } of candidates) {
    const leader = leaderBetween(rect, target);
    if (!others.some((other) => crosses(leader, other))) return { rect, leader };
  }
  return null;

  function push(left: number, top: number): void {
    const rect = rectAt(left, top, request);
    if (free(rect)) candidates.push({ rect, distance: gapBetween(rect, target) });
  }
}

function rectAt(left: number, top: number, { width, height }: LabelRequest): PixelRect {
  return { left, top, right: left + width, bottom: top + height };
}

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

/** Whether two rectangles share a pixel. */
export function overlap(a: PixelRect, b: PixelRect): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function gapBetween(a: PixelRect, b: PixelRect): number {
  const x = Math.max(0, a.left - b.right, b.left - a.right);
  const y = Math.max(0, a.top - b.bottom, b.top - a.bottom);
  return Math.hypot(x, y);
}

function leaderBetween(label: PixelRect, target: PixelRect): [number, number, number, number] {
  const [x1, x2] = nearest(label.left, label.right, target.left, target.right);
  const [y1, y2] = nearest(label.top, label.bottom, target.top, target.bottom);
  return [x1, y1, x2, y2];
}

/** The two nearest points of two intervals; the middle of what they share when they overlap. */
function nearest(aFrom: number, aTo: number, bFrom: number, bTo: number): [number, number] {
  if (aTo <= bFrom) return [aTo, bFrom];
  if (bTo <= aFrom) return [aFrom, bTo];
  const middle = (Math.max(aFrom, bFrom) + Math.min(aTo, bTo)) / 2;
  return [middle, middle];
}

/** Whether a line passes through a rectangle (slab method). */
function crosses([x1, y1, x2, y2]: readonly [number, number, number, number], rect: PixelRect): boolean {
  let from = 0;
  let to = 1;
  for (const [start, change, low, high] of [
    [x1, x2 - x1, rect.left, rect.right],
    [y1, y2 - y1, rect.top, rect.bottom],
  ] as const) {
    if (change === 0) {
      if (start <= low || start >= high) return false;
      continue;
    }
    const enter = (low - start) / change;
    const leave = (high - start) / change;
    from = Math.max(from, Math.min(enter, leave));
    to = Math.min(to, Math.max(enter, leave));
  }
  return from < to;
}
