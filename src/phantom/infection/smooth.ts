import type { GridSize } from '../../core/volume.js';

/** Gaussian blur in place along all three axes; `sigma` per axis in voxels; edges repeat. */
export function smooth(
  values: Float32Array,
  [nx, ny, nz]: GridSize,
  sigma: readonly [number, number, number],
): void {
  const blurAxis = (
    stride: number,
    length: number,
    lines: (visit: (start: number) => void) => void,
    s: number,
  ) => {
    if (s < 0.15) return;
    const reach = Math.max(1, Math.ceil(2.7 * s));
    const weights = Float32Array.from({ length: 2 * reach + 1 }, (_, i) =>
      Math.exp(-((i - reach) ** 2) / (2 * s * s)),
    );
    const total = weights.reduce((sum, w) => sum + w, 0);
    for (let i = 0; i < weights.length; i++) weights[i] = (weights[i] as number) / total;
    const line = new Float32Array(length + 2 * reach);
    lines((start) => {
      for (let i = 0; i < line.length; i++) {
        const at = Math.max(0, Math.min(length - 1, i - reach));
        line[i] = values[start + at * stride] as number;
      }
      for (let i = 0; i < length; i++) {
        let sum = 0;
        for (let k = 0; k < weights.length; k++) sum += (weights[k] as number) * (line[i + k] as number);
        values[start + i * stride] = sum;
      }
    });
  };
  blurAxis(
    1,
    nx,
    (visit) => {
      for (let i = 0; i < ny * nz; i++) visit(i * nx);
    },
    sigma[0],
  );
  blurAxis(
    nx,
    ny,
    (visit) => {
      for (let z = 0; z < nz; z++) for (let x = 0; x < nx; x++) visit(z * nx * ny + x);
    },
    sigma[1],
  );
  blurAxis(
    nx * ny,
    nz,
    (visit) => {
      for (let i = 0; i < nx * ny; i++) visit(i);
    },
    sigma[2],
  );
}
