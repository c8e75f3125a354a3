import type { VoxelGrid } from '../core/volume.js';

/** Bone and metal are at least this dense on the grid that they are looked for on, HU. */
const boneHu = 220;
/** Smaller pieces are table, calcifications or noise, ml. */
const smallestMl = 1.5;

/**
 * Bone and metal: everything dense, in pieces that are large enough.
 * @param hu values on an upright grid of `spacing` mm
 */
export function boneMask(hu: Float32Array, { size: [nx, ny, nz] }: VoxelGrid, spacing: number): Uint8Array {
  const mask = new Uint8Array(hu.length);
  const seen = new Uint8Array(hu.length);
  const smallest = (smallestMl * 1000) / spacing ** 3;
  const plane = nx * ny;
  const stack: number[] = [];
  for (let start = 0; start < hu.length; start++) {
    if (seen[start] === 1 || (hu[start] as number) < boneHu) continue;
    const piece: number[] = [];
    seen[start] = 1;
    stack.push(start);
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      piece.push(at);
      const x = at % nx;
      const y = Math.floor(at / nx) % ny;
      const z = Math.floor(at / plane);
      for (let dz = -1; dz <= 1; dz++) {
        if (z + dz < 0 || z + dz >= nz) continue;
        for (let dy = -1; dy <= 1; dy++) {
          if (y + dy < 0 || y + dy >= ny) continue;
          for (let dx = -1; dx <= 1; dx++) {
            if (x + dx < 0 || x + dx >= nx) continue;
            const next = at + dx + nx * dy + plane * dz;
            if (seen[next] === 1 || (hu[next] as number) < boneHu) continue;
            seen[next] = 1;
            stack.push(next);
          }
        }
      }
    }
    if (piece.length >= smallest) for (const at of piece) mask[at] = 1;
  }
  return mask;
}

/** Everything within `reach` mm of the mask: three passes of a distance along each axis (exact Euclidean distance). */
export function within(
  mask: Uint8Array,
  { size: [nx, ny, nz] }: VoxelGrid,
  spacing: number,
  reach: number,
): Uint8Array {
  const cells = Math.floor(reach / spacing);
  const limit = (reach / spacing) ** 2;
  let squares = new Float32Array(mask.length);
  for (let i = 0; i < mask.length; i++) squares[i] = mask[i] === 1 ? 0 : Number.POSITIVE_INFINITY;
  const sweep = (stride: number, length: number, starts: Iterable<number>) => {
    const next = new Float32Array(squares.length);
    for (const start of starts) {
      for (let i = 0; i < length; i++) {
        let least = squares[start + i * stride] as number;
        const from = Math.max(0, i - cells);
        const to = Math.min(length - 1, i + cells);
        for (let k = from; k <= to; k++) {
          const value = (squares[start + k * stride] as number) + (i - k) * (i - k);
          if (value < least) least = value;
        }
        next[start + i * stride] = least;
      }
    }
    squares = next;
  };
  const lines = function* (count: number, at: (i: number) => number) {
    for (let i = 0; i < count; i++) yield at(i);
  };
  sweep(
    1,
    nx,
    lines(ny * nz, (i) => i * nx),
  );
  sweep(
    nx,
    ny,
    lines(nx * nz, (i) => (i % nx) + Math.floor(i / nx) * nx * ny),
  );
  sweep(
    nx * ny,
    nz,
    lines(nx * ny, (i) => i),
  );
  const near = new Uint8Array(mask.length);
  for (let i = 0; i < near.length; i++) near[i] = (squares[i] as number) <= limit ? 1 : 0;
  return near;
}
