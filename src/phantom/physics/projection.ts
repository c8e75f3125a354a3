import { largest, smallest } from '../../core/extremes.js';
import { apply, compose, invert, type Rigid, turn } from '../geometry/rigid.js';
import { type Bounds, corners, type Vec3 } from '../geometry/vector.js';

/**
 * The X-ray set: image x to the right, y down, z from the detector (z = 0) to the focal spot. Pixels are `pixelMm`
 * wide at the detector; the middle of the image is (0, 0).
 */
export interface Projection {
  readonly width: number;
  readonly height: number;
  readonly pixelMm: number;
  /** Focal spot, mm: its z is the source to detector distance. */
  readonly source: Vec3;
  /** Carries limb coordinates to those of the room. */
  readonly roomFromLimb: Rigid;
}

/** Where the image of a point of the room falls, in pixels from the top left corner of the image. */
export function projectRoomPoint(p: Projection, [x, y, z]: Vec3): readonly [number, number] {
  const stretch = p.source[2] / (p.source[2] - z);
  const u = p.source[0] + (x - p.source[0]) * stretch;
  const v = p.source[1] + (y - p.source[1]) * stretch;
  return [u / p.pixelMm + p.width / 2, v / p.pixelMm + p.height / 2];
}

/** Where the image of a limb point falls, in pixels. */
export function projectPoint(p: Projection, limbPoint: Vec3): readonly [number, number] {
  return projectRoomPoint(p, apply(p.roomFromLimb, limbPoint));
}

/** Pixel columns and rows (end exclusive) that the image of a box can touch; null when none does. */
export interface PixelRange {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export function pixelRange(p: Projection, bounds: Bounds, move: Rigid): PixelRange | null {
  const points = corners(bounds).map((corner) => projectPoint(p, apply(move, corner)));
  const left = Math.max(0, Math.floor(smallest(points.map(([x]) => x))) - 1);
  const right = Math.min(p.width, Math.ceil(largest(points.map(([x]) => x))) + 1);
  const top = Math.max(0, Math.floor(smallest(points.map(([, y]) => y))) - 1);
  const bottom = Math.min(p.height, Math.ceil(largest(points.map(([, y]) => y))) + 1);
  return left < right && top < bottom ? { left, top, right, bottom } : null;
}

/**
 * The rays of all pixels in the frame of one body. The ray of pixel (i, j) passes
 * `origin + i * originX + j * originY + z * (direction + i * directionX + j * directionY)` at height z above the
 * detector: everything is linear in i and j, so that inner loops only add.
 */
export interface RayFan {
  readonly origin: Vec3;
  readonly originX: Vec3;
  readonly originY: Vec3;
  readonly direction: Vec3;
  readonly directionX: Vec3;
  readonly directionY: Vec3;
}

/** `bodyToLimb` carries the body's own coordinates to those of the limb. */
export function rayFan(p: Projection, bodyToLimb: Rigid): RayFan {
  const bodyFromRoom = invert(compose(p.roomFromLimb, bodyToLimb));
  const [sx, sy, sz] = p.source;
  const x0 = (0.5 - p.width / 2) * p.pixelMm;
  const y0 = (0.5 - p.height / 2) * p.pixelMm;
  return {
    origin: apply(bodyFromRoom, [x0, y0, 0]),
    originX: turn(bodyFromRoom, [p.pixelMm, 0, 0]),
    originY: turn(bodyFromRoom, [0, p.pixelMm, 0]),
    direction: turn(bodyFromRoom, [(sx - x0) / sz, (sy - y0) / sz, 1]),
    directionX: turn(bodyFromRoom, [-p.pixelMm / sz, 0, 0]),
    directionY: turn(bodyFromRoom, [0, -p.pixelMm / sz, 0]),
  };
}

/** Writes the ray of a pixel, `o + z d`, into `o` and `d`. */
export function rayOf(
  fan: RayFan,
  column: number,
  row: number,
  o: [number, number, number],
  d: [number, number, number],
): void {
  o[0] = fan.origin[0] + column * fan.originX[0] + row * fan.originY[0];
  o[1] = fan.origin[1] + column * fan.originX[1] + row * fan.originY[1];
  o[2] = fan.origin[2] + column * fan.originX[2] + row * fan.originY[2];
  d[0] = fan.direction[0] + column * fan.directionX[0] + row * fan.directionY[0];
  d[1] = fan.direction[1] + column * fan.directionX[1] + row * fan.directionY[1];
  d[2] = fan.direction[2] + column * fan.directionX[2] + row * fan.directionY[2];
}
