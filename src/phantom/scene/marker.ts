import type { PathLengths } from '../physics/path-lengths.js';

/** A side marker: a lead letter taped to the detector. */
export interface Marker {
  readonly letter: 'L' | 'R';
  /** Middle of the letter, pixels. */
  readonly x: number;
  readonly y: number;
  readonly heightMm: number;
  readonly tiltDegrees: number;
}

type Stroke = readonly [x1: number, y1: number, x2: number, y2: number];

/** Bows are drawn as short straight strokes. Units: the height of the letter, from its middle. */
function arc(cx: number, cy: number, rx: number, ry: number, from: number, to: number): Stroke[] {
  const parts = 8;
  const at = (i: number): readonly [number, number] => {
    const angle = ((from + ((to - from) * i) / parts) * Math.PI) / 180;
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)];
  };
  return Array.from({ length: parts }, (_, i): Stroke => [...at(i), ...at(i + 1)]);
}

const letterStrokes: Readonly<Record<Marker['letter'], readonly Stroke[]>> = {
  L: [
    [-0.24, -0.5, -0.24, 0.5],
    [-0.24, 0.5, 0.28, 0.5],
  ],
  R: [
    [-0.26, -0.5, -0.26, 0.5],
    [-0.26, -0.5, 0.04, -0.5],
    ...arc(0.04, -0.23, 0.24, 0.27, -90, 90),
    [0.04, 0.04, -0.26, 0.04],
    [0.02, 0.04, 0.3, 0.5],
  ],
};

const strokeMm = 1.7;
/** As much steel as stops what the lead stops. */
const steelMm = 4.5;

function distanceToStroke([x1, y1, x2, y2]: Stroke, x: number, y: number): number {
  const dx = x2 - x1;
  const dy = y2 - y1;
  const t = Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - x1 - t * dx, y - y1 - t * dy);
}

/** Adds the letter to the path lengths. */
export function placeMarker(paths: PathLengths, marker: Marker, pixelMm: number): void {
  const { letter, x, y, heightMm, tiltDegrees } = marker;
  const c = Math.cos((tiltDegrees * Math.PI) / 180);
  const s = Math.sin((tiltDegrees * Math.PI) / 180);
  const reach = Math.ceil((heightMm * 0.9) / pixelMm);
  for (let j = Math.max(0, Math.floor(y) - reach); j < Math.min(paths.height, y + reach); j++) {
    for (let i = Math.max(0, Math.floor(x) - reach); i < Math.min(paths.width, x + reach); i++) {
      const u = ((i + 0.5 - x) * pixelMm) / heightMm;
      const v = ((j + 0.5 - y) * pixelMm) / heightMm;
      const distance = letterStrokes[letter].reduce(
        (nearest, stroke) => Math.min(nearest, distanceToStroke(stroke, u * c + v * s, v * c - u * s)),
        Number.POSITIVE_INFINITY,
      );
      // The rim of the letter is half covered: the edge falls off over one pixel.
      const covered = Math.max(0, Math.min(1, 0.5 + (strokeMm / 2 - distance * heightMm) / pixelMm));
      const at = j * paths.width + i;
      if (covered > 0) paths.steel[at] = (paths.steel[at] as number) + steelMm * covered;
    }
  }
}
