import type { Box } from '../../core/box.js';
import { largest, smallest } from '../../core/extremes.js';

function pairs(data: readonly number[]): [number, number][] {
  return Array.from({ length: Math.floor(data.length / 2) }, (_, at) => [
    data[2 * at] ?? Number.NaN,
    data[2 * at + 1] ?? Number.NaN,
  ]);
}

function extent(values: readonly number[]): [number, number] {
  return [smallest(values), largest(values)];
}

/**
 * The box around a region of an image (PS3.3 C.18.6.1.2), in pixels from the outer corner of the first pixel; null when
 * its points are not what its graphic type asks for.
 */
export function regionBox(type: string, data: readonly number[]): Box | null {
  const points = pairs(data);
  if (points.length === 0 || points.flat().some((value) => !Number.isFinite(value))) return null;
  const [first = [0, 0], second, third, fourth] = points;
  if (type === 'CIRCLE') {
    if (!second) return null;
    const radius = Math.hypot(second[0] - first[0], second[1] - first[1]);
    return [first[0] - radius, first[1] - radius, 2 * radius, 2 * radius];
  }
  if (type === 'ELLIPSE') {
    // The ends of the long axis, then those of the short one.
    if (!second || !third || !fourth) return null;
    const half = (axis: 0 | 1): number =>
      Math.hypot((second[axis] - first[axis]) / 2, (fourth[axis] - third[axis]) / 2);
    const centre = (axis: 0 | 1): number => (first[axis] + second[axis]) / 2;
    return [centre(0) - half(0), centre(1) - half(1), 2 * half(0), 2 * half(1)];
  }
  const [left, right] = extent(points.map(([x]) => x));
  const [top, bottom] = extent(points.map(([, y]) => y));
  return [left, top, right - left, bottom - top];
}

/** Lowest and highest corner of points in the patient, mm; null when there are none. */
export function spaceExtent(
  data: readonly number[],
): { low: [number, number, number]; high: [number, number, number] } | null {
  if (data.length < 3 || data.some((value) => !Number.isFinite(value))) return null;
  const axis = (offset: number): [number, number] => extent(data.filter((_, index) => index % 3 === offset));
  const [x, y, z] = [axis(0), axis(1), axis(2)];
  return { low: [x[0], y[0], z[0]], high: [x[1], y[1], z[1]] };
}
