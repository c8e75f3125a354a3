import { stepsOf, transform, type Vector3 } from '../../core/affine.js';
import type { Volume } from '../../core/volume.js';

/** A maximum-intensity projection: the patient seen from one side, every pixel the highest value behind it. */
export interface Projection {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
  /** Where a point of the patient lies, pixels from the corner. */
  place(pointMm: Vector3): [number, number];
}

export interface ProjectionOptions {
  /** Turn of the patient about the long axis: 0 from the front, 90 from the patient's left side, degrees. */
  readonly turnDegrees: number;
  /** `[across, down]`: slices lie further apart than the voxels within them. */
  readonly mmPerPixel: readonly [number, number];
  /** Values at or below stay out, and are what empty pixels hold. */
  readonly floor: number;
}

interface Bounds {
  readonly lowest: [number, number];
  readonly highest: [number, number];
}

/**
 * Projects a volume along horizontal rays: each voxel falls on the pixel that it lies in. Quick, for only voxels above the
 * floor are looked at, and exact up to half a pixel.
 */
export function project(volume: Volume, { turnDegrees, mmPerPixel, floor }: ProjectionOptions): Projection {
  const turn = (turnDegrees * Math.PI) / 180;
  // From the front the patient's left is on the right of the picture; from the left side the front is on the left.
  const across: Vector3 = [Math.cos(turn), Math.sin(turn), 0];
  const plane = (point: Vector3): [number, number] => [
    (point[0] * across[0] + point[1] * across[1]) / mmPerPixel[0],
    -point[2] / mmPerPixel[1],
  ];
  const { lowest, highest } = cornersIn(volume, plane);
  const width = Math.ceil(highest[0] - lowest[0]) + 1;
  const height = Math.ceil(highest[1] - lowest[1]) + 1;
  const values = new Float32Array(width * height).fill(floor);
  const [stepX] = stepsOf(volume.affine);
  const [across0, down0] = plane([stepX[0], stepX[1], stepX[2]]);
  const [columns, rows, slices] = volume.size;
  const { voxels } = volume;
  let at = 0;
  for (let z = 0; z < slices; z += 1) {
    for (let y = 0; y < rows; y += 1) {
      const [startX, startY] = plane(transform(volume.affine, [0, y, z]));
      let u = startX - lowest[0] + 0.5;
      let v = startY - lowest[1] + 0.5;
      for (let x = 0; x < columns; x += 1) {
        const value = voxels[at] as number;
        at += 1;
        if (value > floor) {
          const pixel = Math.floor(v) * width + Math.floor(u);
          if (value > (values[pixel] as number)) values[pixel] = value;
        }
        u += across0;
        v += down0;
      }
    }
  }
  return {
    width,
    height,
    values,
    place: (point) => {
      const [u, v] = plane(point);
      return [u - lowest[0] + 0.5, v - lowest[1] + 0.5];
    },
  };
}

function cornersIn({ size, affine }: Volume, plane: (point: Vector3) => [number, number]): Bounds {
  const lowest: [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const highest: [number, number] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const x of [0, size[0] - 1]) {
    for (const y of [0, size[1] - 1]) {
      for (const z of [0, size[2] - 1]) {
        const [u, v] = plane(transform(affine, [x, y, z]));
        lowest[0] = Math.min(lowest[0], u);
        lowest[1] = Math.min(lowest[1], v);
        highest[0] = Math.max(highest[0], u);
        highest[1] = Math.max(highest[1], v);
      }
    }
  }
  return { lowest, highest };
}

/** Pixel size, across and down, that lets the voxels of a volume fall without holes, and a whole body fit: mm. */
export function projectionPixel({ affine, size }: Volume): [number, number] {
  const [x, y, z] = stepsOf(affine).map((step) => Math.hypot(...step));
  const tall = ((z ?? 1) * size[2]) / 900;
  return [Math.max(1, 1.05 * Math.max(x ?? 1, y ?? 1), tall), Math.max(1, 1.05 * (z ?? 1), tall)];
}
