import type { CoarseVolume } from './coarse-volume.js';

/** Bone, and contrast: what is denser than soft tissue, HU. */
export const boneHu = 180;

// A vertebra with its arch fills a disk of this radius; it is found where the disk holds this share of bone.
const radiusMm = 17;
const boneShare = 0.3;
const slabMm = 8;

/** Middle of the spine (between body and arch) in each slice of a coarse volume, in its voxels. */
export interface Spine {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Share of the slices in which there is a vertebra, 0 to 1. */
  readonly coverage: number;
}

/** Bone per column of the slab, as a share of its slices. */
function slabBone({ hu, size }: CoarseVolume, from: number, to: number): Float32Array {
  const plane = size[0] * size[1];
  const share = new Float32Array(plane);
  for (let z = from; z < to; z++) {
    const start = z * plane;
    for (let i = 0; i < plane; i++) {
      if ((hu[start + i] as number) > boneHu) share[i] = (share[i] as number) + 1 / (to - from);
    }
  }
  return share;
}

/** Mean over a square window about each point, by running sums. */
function boxMean(field: Float32Array, columns: number, rows: number, rx: number, ry: number): Float32Array {
  const sums = new Float64Array((columns + 1) * (rows + 1));
  for (let y = 0; y < rows; y++) {
    let line = 0;
    for (let x = 0; x < columns; x++) {
      line += field[y * columns + x] as number;
      sums[(y + 1) * (columns + 1) + x + 1] = line + (sums[y * (columns + 1) + x + 1] as number);
    }
  }
  const mean = new Float32Array(field.length);
  for (let y = 0; y < rows; y++) {
    const y0 = Math.max(0, y - ry);
    const y1 = Math.min(rows, y + ry + 1);
    for (let x = 0; x < columns; x++) {
      const x0 = Math.max(0, x - rx);
      const x1 = Math.min(columns, x + rx + 1);
      const at = (j: number, i: number) => sums[j * (columns + 1) + i] as number;
      mean[y * columns + x] =
        (at(y1, x1) - at(y0, x1) - at(y1, x0) + at(y0, x0)) / ((2 * ry + 1) * (2 * rx + 1));
    }
  }
  return mean;
}

/**
 * Finds the spine: the column of bone that goes through nearly all slices. Null where there is none.
 */
export function findSpine(coarse: CoarseVolume): Spine | null {
  const { size, spacing } = coarse;
  const [columns, rows, slices] = size;
  const slabSlices = Math.max(1, Math.round(slabMm / spacing[2]));
  const rx = Math.max(1, Math.round(radiusMm / spacing[0]));
  const ry = Math.max(1, Math.round(radiusMm / spacing[1]));
  const slabs: { middle: number; bone: Float32Array; mean: Float32Array }[] = [];
  for (let from = 0; from < slices; from += slabSlices) {
    const to = Math.min(slices, from + slabSlices);
    const bone = slabBone(coarse, from, to);
    slabs.push({ middle: (from + to - 1) / 2, bone, mean: boxMean(bone, columns, rows, rx, ry) });
  }
  const votes = new Float32Array(columns * rows);
  for (const { mean } of slabs) {
    for (let i = 0; i < votes.length; i++) {
      votes[i] = (votes[i] as number) + Math.min(1, (mean[i] as number) / boneShare) / slabs.length;
    }
  }
  let best = 0;
  for (let i = 0; i < votes.length; i++) {
    // Of two columns equally full the one further back is the spine: contrast lies in front.
    const value = (votes[i] as number) * (0.85 + (0.3 * Math.floor(i / columns)) / rows);
    const leader = (votes[best] as number) * (0.85 + (0.3 * Math.floor(best / columns)) / rows);
    if (value > leader) best = i;
  }
  const coverage = votes[best] as number;
  if (coverage < 0.35) return null;
  return { ...follow(slabs, coarse, best % columns, Math.floor(best / columns)), coverage };
}

/** From slab to slab, up and down from the middle one, the centre of bone near where it was last. */
function follow(
  slabs: readonly { middle: number; bone: Float32Array }[],
  { size, spacing }: CoarseVolume,
  startX: number,
  startY: number,
): { x: Float64Array; y: Float64Array } {
  const [columns, rows, slices] = size;
  const reachX = Math.round(26 / spacing[0]);
  // The aorta lies in front of the body, to the left: filled with contrast it would draw the line to itself.
  const reachFront = Math.round(20 / spacing[1]);
  const reachBehind = Math.round(34 / spacing[1]);
  const centreIn = (bone: Float32Array, x: number, y: number): readonly [number, number] => {
    let [cx, cy] = [x, y];
    for (let round = 0; round < 3; round++) {
      let [sum, sx, sy] = [0, 0, 0];
      for (
        let j = Math.max(0, Math.round(cy) - reachFront);
        j <= Math.min(rows - 1, Math.round(cy) + reachBehind);
        j++
      ) {
        for (
          let i = Math.max(0, Math.round(cx) - reachX);
          i <= Math.min(columns - 1, Math.round(cx) + reachX);
          i++
        ) {
          const weight = bone[j * columns + i] as number;
          sum += weight;
          sx += weight * i;
          sy += weight * j;
        }
      }
      if (sum < 5) return [x, y];
      [cx, cy] = [sx / sum, sy / sum];
    }
    // A spine bends; it does not jump.
    const limit = 5 / spacing[0];
    return [x + Math.max(-limit, Math.min(limit, cx - x)), y + Math.max(-limit, Math.min(limit, cy - y))];
  };
  const found: (readonly [number, number])[] = new Array(slabs.length);
  const middle = Math.floor(slabs.length / 2);
  for (const [from, step] of [
    [middle, 1],
    [middle - 1, -1],
  ] as const) {
    let at: readonly [number, number] = found[middle] ?? [startX, startY];
    for (let s = from; s >= 0 && s < slabs.length; s += step) {
      at = centreIn(slabs[s]?.bone ?? new Float32Array(0), at[0], at[1]);
      found[s] = at;
    }
  }
  const x = new Float64Array(slices);
  const y = new Float64Array(slices);
  for (let z = 0; z < slices; z++) {
    // Means over neighbours: an arch with a long process must not pull the line about.
    let [weight, sx, sy] = [0, 0, 0];
    slabs.forEach(({ middle: slabZ }, s) => {
      const w = Math.exp(-0.5 * (((slabZ - z) * spacing[2]) / 14) ** 2);
      weight += w;
      sx += w * (found[s]?.[0] ?? startX);
      sy += w * (found[s]?.[1] ?? startY);
    });
    x[z] = sx / weight;
    y[z] = sy / weight;
  }
  return { x, y };
}
