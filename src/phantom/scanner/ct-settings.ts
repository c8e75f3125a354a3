import type { Random } from '../random.js';

/** How a simulated CT scanner is set. */
export interface CtSettings {
  readonly columns: number;
  readonly rows: number;
  /** Between the centres of pixels, mm. */
  readonly pixelMm: number;
  /** Thickness of a slice, mm: what it averages over. */
  readonly sliceMm: number;
  /** Between the centres of slices, mm. */
  readonly intervalMm: number;
  /** Blur of the kernel in the plane: standard deviation of its point spread, mm. */
  readonly blurMm: number;
  /** Edge enhancement of the kernel: 0 none, 0.6 a bone kernel. */
  readonly edge: number;
  /** Standard deviation of the noise in soft tissue, HU. */
  readonly noiseHu: number;
  /** Shift of the chest by breathing, mm; 0 for a scan in one breath. */
  readonly motionMm: number;
  /** How many pieces of metal: wires of the sternum, leads, screws of the spine. */
  readonly metalParts: number;
}

/** Scanners that networks are trained on, and others kept for testing: no setting of one group occurs in the other. */
export type ScannerGroup = 'training' | 'test';

interface Ranges {
  readonly sliceMm: readonly [number, ...number[]];
  readonly blurMm: readonly [number, number];
  readonly edge: readonly [number, ...number[]];
  readonly noiseHu: readonly [number, number];
}

const groups: Readonly<Record<ScannerGroup, readonly [Ranges, ...Ranges[]]>> = {
  training: [
    { sliceMm: [0.75, 1, 1.5], blurMm: [0.42, 0.6], edge: [0, 0.2, 0.35], noiseHu: [12, 36] },
    { sliceMm: [1, 1.5, 2, 3], blurMm: [0.5, 0.62], edge: [0, 0.2], noiseHu: [9, 24] },
  ],
  test: [
    { sliceMm: [0.6, 0.9, 1.25], blurMm: [0.34, 0.41], edge: [0.5, 0.7], noiseHu: [26, 48] },
    { sliceMm: [0.9, 1.25, 1.8], blurMm: [0.63, 0.72], edge: [0.1], noiseHu: [10, 22] },
  ],
};

/**
 * Settings of a scanner of a group. @param extentMm breadth, depth and height to cover
 * @param matrix columns of the image
 */
export function drawSettings(
  group: ScannerGroup,
  extentMm: readonly [number, number],
  matrix: number,
  random: Random,
): CtSettings {
  const ranges = random.pick(groups[group]);
  const sliceMm = random.pick(ranges.sliceMm);
  const pixelMm = extentMm[0] / matrix;
  return {
    columns: matrix,
    rows: Math.min(matrix, Math.ceil(extentMm[1] / pixelMm)),
    pixelMm,
    sliceMm,
    intervalMm: sliceMm <= 1 || random.chance(0.5) ? sliceMm : Number((sliceMm * 0.8).toFixed(2)),
    blurMm: random.between(...ranges.blurMm),
    edge: random.pick(ranges.edge),
    noiseHu: random.between(...ranges.noiseHu),
    motionMm: random.chance(0.2) ? random.between(0.5, 2) : 0,
    metalParts: random.chance(0.15) ? 3 + (random.bits() % 5) : 0,
  };
}
