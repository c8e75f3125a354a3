import type { Field } from './field.js';
import type { Bounds, Vec3 } from './vector.js';

/** Voxels along one side of the blocks in which the field is first looked at. */
const blockPoints = 4;
/** Fields are no exact distances: a block is taken as empty only when its value is this many times its size. */
const doubtFactor = 1.5;

/**
 * A signed distance in mm, sampled on a regular lattice of points and read back by trilinear interpolation: any
 * shape costs the same to trace, however it was put together.
 */
export class DistanceGrid {
  readonly origin: Vec3;
  readonly spacing: number;
  readonly size: readonly [number, number, number];
  readonly values: Float32Array;
  readonly #inverse: number;
  readonly #strideX: number;
  readonly #strideY: number;
  readonly #fromX: number;
  readonly #fromY: number;
  readonly #fromZ: number;
  readonly #lastX: number;
  readonly #lastY: number;
  readonly #lastZ: number;

  constructor(origin: Vec3, spacing: number, size: readonly [number, number, number], values?: Float32Array) {
    this.origin = origin;
    this.spacing = spacing;
    this.size = size;
    this.values = values ?? new Float32Array(size[0] * size[1] * size[2]);
    this.#inverse = 1 / spacing;
    this.#strideX = size[1] * size[2];
    this.#strideY = size[2];
    [this.#fromX, this.#fromY, this.#fromZ] = origin;
    // Just short of the last point, so that the cell above the index always exists.
    this.#lastX = size[0] - 1.0001;
    this.#lastY = size[1] - 1.0001;
    this.#lastZ = size[2] - 1.0001;
  }

  /** An empty lattice that covers a box. */
  static over({ min, max }: Bounds, spacing: number): DistanceGrid {
    const points = (i: 0 | 1 | 2) => Math.max(2, Math.ceil((max[i] - min[i]) / spacing) + 1);
    return new DistanceGrid(min, spacing, [points(0), points(1), points(2)]);
  }

  /** The box that the lattice covers. */
  get bounds(): Bounds {
    const [x, y, z] = this.origin;
    const reach = (i: 0 | 1 | 2) => (this.size[i] - 1) * this.spacing;
    return { min: this.origin, max: [x + reach(0), y + reach(1), z + reach(2)] };
  }

  /** A lattice of the same shape with values of its own. */
  sibling(values: Float32Array): DistanceGrid {
    return new DistanceGrid(this.origin, this.spacing, this.size, values);
  }

  /** The value at a point in mm; points beyond the lattice take the value at its edge. */
  sample(x: number, y: number, z: number): number {
    const u = Math.max(0, Math.min(this.#lastX, (x - this.#fromX) * this.#inverse));
    const v = Math.max(0, Math.min(this.#lastY, (y - this.#fromY) * this.#inverse));
    const w = Math.max(0, Math.min(this.#lastZ, (z - this.#fromZ) * this.#inverse));
    const i = u | 0;
    const j = v | 0;
    const k = w | 0;
    const fu = u - i;
    const fv = v - j;
    const fw = w - k;
    const values = this.values;
    const sx = this.#strideX;
    const sy = this.#strideY;
    const at = i * sx + j * sy + k;
    const a = values[at] as number;
    const b = values[at + sy] as number;
    const c = values[at + sx] as number;
    const d = values[at + sx + sy] as number;
    const a1 = a + ((values[at + 1] as number) - a) * fw;
    const b1 = b + ((values[at + sy + 1] as number) - b) * fw;
    const c1 = c + ((values[at + sx + 1] as number) - c) * fw;
    const d1 = d + ((values[at + sx + sy + 1] as number) - d) * fw;
    const low = a1 + (b1 - a1) * fv;
    return low + (c1 + (d1 - c1) * fv - low) * fu;
  }

  /** The value of the nearest lattice point: for values that change little from one to the next. */
  nearest(x: number, y: number, z: number): number {
    const u = Math.max(0, Math.min(this.#lastX, (x - this.#fromX) * this.#inverse + 0.5));
    const v = Math.max(0, Math.min(this.#lastY, (y - this.#fromY) * this.#inverse + 0.5));
    const w = Math.max(0, Math.min(this.#lastZ, (z - this.#fromZ) * this.#inverse + 0.5));
    return this.values[(u | 0) * this.#strideX + (v | 0) * this.#strideY + (w | 0)] as number;
  }

  /** The lattice point of index (i, j, k), mm. */
  point(i: number, j: number, k: number): Vec3 {
    return [
      this.origin[0] + i * this.spacing,
      this.origin[1] + j * this.spacing,
      this.origin[2] + k * this.spacing,
    ];
  }
}

/** Samples a field on a lattice, in full only where its surface or anything within `margin` mm of it may pass. */
export function bake(field: Field, bounds: Bounds, spacing: number, margin = 0): DistanceGrid {
  const grid = DistanceGrid.over(bounds, spacing);
  const [nx, ny, nz] = grid.size;
  const { values } = grid;
  const far = blockPoints * spacing * doubtFactor;
  const middle = (blockPoints - 1) / 2;
  for (let i = 0; i < nx; i += blockPoints) {
    for (let j = 0; j < ny; j += blockPoints) {
      for (let k = 0; k < nz; k += blockPoints) {
        const [cx, cy, cz] = grid.point(i + middle, j + middle, k + middle);
        const centre = field(cx, cy, cz);
        const empty = centre > far * 1.5 + margin;
        for (let di = i; di < Math.min(i + blockPoints, nx); di++) {
          for (let dj = j; dj < Math.min(j + blockPoints, ny); dj++) {
            const row = (di * ny + dj) * nz;
            for (let dk = k; dk < Math.min(k + blockPoints, nz); dk++) {
              if (empty) {
                values[row + dk] = centre - far * 0.5;
              } else {
                const [x, y, z] = grid.point(di, dj, dk);
                values[row + dk] = field(x, y, z);
              }
            }
          }
        }
      }
    }
  }
  return grid;
}

/**
 * Turns the values near the surface into true distances, to first order: each is divided by the length of the
 * gradient there. Values farther than `within` mm from the surface are left alone.
 */
export function normaliseDistances(grid: DistanceGrid, within: number): DistanceGrid {
  const [nx, ny, nz] = grid.size;
  const { values, spacing } = grid;
  const sx = ny * nz;
  const result = Float32Array.from(values);
  for (let i = 1; i < nx - 1; i++) {
    for (let j = 1; j < ny - 1; j++) {
      for (let k = 1; k < nz - 1; k++) {
        const at = i * sx + j * nz + k;
        const value = values[at] as number;
        if (Math.abs(value) > within) continue;
        const gx = (values[at + sx] as number) - (values[at - sx] as number);
        const gy = (values[at + nz] as number) - (values[at - nz] as number);
        const gz = (values[at + 1] as number) - (values[at - 1] as number);
        const slope = Math.sqrt(gx * gx + gy * gy + gz * gz) / (2 * spacing);
        // Deep inside, where the field folds, a small gradient must not make the next surface look farther away.
        result[at] = value / Math.max(0.6 + 0.4 * Math.min(1, Math.abs(value) / 3), slope);
      }
    }
  }
  return grid.sibling(result);
}
