import { noise3 } from '../geometry/noise.js';

const side = 64;
const mask = side - 1;
/** Millimetres between the nodes of the tile: it repeats every 96 mm. */
const stepMm = 1.5;

/** Noise that repeats without a seam: noise of a lattice whose far nodes are those near. */
function tileOf(seed: number, cell: number): Float32Array {
  const tile = new Float32Array(side ** 3);
  const period = side / cell;
  let at = 0;
  for (let z = 0; z < side; z++) {
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) tile[at++] = wrapped(seed, x / cell, y / cell, z / cell, period);
    }
  }
  return tile;
}

function wrapped(seed: number, x: number, y: number, z: number, period: number): number {
  const fade = (v: number) => Math.max(0, v - (period - 1));
  const fx = fade(x);
  const fy = fade(y);
  const fz = fade(z);
  if (fx === 0 && fy === 0 && fz === 0) return noise3(seed, x, y, z);
  let sum = 0;
  for (let corner = 0; corner < 8; corner++) {
    const wx = corner & 1 ? fx : 1 - fx;
    const wy = corner & 2 ? fy : 1 - fy;
    const wz = corner & 4 ? fz : 1 - fz;
    if (wx * wy * wz === 0) continue;
    sum +=
      wx *
      wy *
      wz *
      noise3(
        seed,
        x - (corner & 1 ? period : 0),
        y - (corner & 2 ? period : 0),
        z - (corner & 4 ? period : 0),
      );
  }
  return sum;
}

const coarse = tileOf(11, 8);
const fine = tileOf(12, 2);
const vessels = (() => {
  const other = tileOf(13, 8);
  return coarse.map((value, i) => (value * value + (other[i] ?? 0) ** 2 < 0.012 ? 1 : 0));
})();

function index(x: number, y: number, z: number): number {
  return (
    (Math.floor(x / stepMm) & mask) +
    side * ((Math.floor(y / stepMm) & mask) + side * (Math.floor(z / stepMm) & mask))
  );
}

/** Slow variation of tissue, about 12 mm from bump to bump, -1 to 1. */
export const coarseTexture = (x: number, y: number, z: number): number => coarse[index(x, y, z)] ?? 0;

/** Fast variation, about 3 mm, -1 to 1: trabeculae. */
export const fineTexture = (x: number, y: number, z: number): number => fine[index(x, y, z)] ?? 0;

/** 1 inside a vessel of the lung, else 0. Turned, so that vessels do not run along rows and slices. */
export const vesselAt = (x: number, y: number, z: number): number =>
  vessels[
    index(0.61 * x + 0.65 * y + 0.45 * z, -0.72 * x + 0.69 * y + 0.05 * z, -0.28 * x - 0.36 * y + 0.89 * z)
  ] ?? 0;
