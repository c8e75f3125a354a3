import type { Random } from '../random.js';

// Linear attenuation at the effective energy of 120 kV, per mm.
const waterPerMm = 0.0195;
const metalPerMm = { titanium: 0.11, steel: 0.3 } as const;
// Beam hardening: share of the squared metal path by which the measured projection falls short.
const hardening = 0.055;
// Rays through more than this many attenuation lengths starve: electronic noise takes over.
const starvedAt = 7;
const noiseOfFreeRay = 0.006;

/** One slice as the artefact sees it: row-major, `columns * rows`. */
export interface MetalSlice {
  readonly columns: number;
  readonly rows: number;
  readonly spacing: number;
  /** Attenuation without metal artefact, HU. */
  readonly hu: Float32Array;
  /** Share of metal, 0 to 1. */
  readonly metal: Float32Array;
}

/** Ram-Lak kernel for bins of `spacing` mm (Kak and Slaney, eq. 61), damped by a Hann window of three bins. */
function rampKernel(bins: number, spacing: number): Float32Array {
  const ramp = (n: number) => {
    if (n === 0) return 1 / (4 * spacing * spacing);
    return n % 2 === 0 ? 0 : -1 / (n * n * Math.PI * Math.PI * spacing * spacing);
  };
  return Float32Array.from(
    { length: bins },
    (_, n) => 0.5 * ramp(n) + 0.25 * (ramp(Math.abs(n - 1)) + ramp(n + 1)),
  );
}

/**
 * The streaks that metal leaves in a slice, HU, to be added: the errors of its projections (beam hardening, noise of
 * starved rays), filtered and projected back. Null where the slice holds no metal.
 */
export function metalStreaks(
  { columns, rows, spacing, hu, metal }: MetalSlice,
  kind: 'titanium' | 'steel',
  strength: number,
  angles: number,
  r: Random,
): Float32Array | null {
  const places: number[] = [];
  for (let i = 0; i < metal.length; i++) if ((metal[i] as number) > 0.05) places.push(i);
  if (places.length === 0) return null;
  const bins = Math.ceil(Math.hypot(columns, rows)) + 4;
  const half = bins / 2;
  const middleX = (columns - 1) / 2;
  const middleY = (rows - 1) / 2;
  const kernel = rampKernel(bins, spacing);
  const streaks = new Float32Array(columns * rows);
  const metalPath = new Float32Array(bins);
  const softPath = new Float32Array(bins);
  const error = new Float32Array(bins);
  const filtered = new Float32Array(bins);
  const perMetal = metalPerMm[kind];
  const coarse = 3;
  for (let a = 0; a < angles; a++) {
    const angle = (Math.PI * a) / angles;
    const c = Math.cos(angle);
    const s = Math.sin(angle);
    metalPath.fill(0);
    softPath.fill(0);
    for (const i of places) {
      const t = ((i % columns) - middleX) * c + (Math.floor(i / columns) - middleY) * s + half;
      const bin = Math.floor(t);
      const f = t - bin;
      const path = (metal[i] as number) * spacing;
      metalPath[bin] = (metalPath[bin] as number) + path * (1 - f);
      metalPath[bin + 1] = (metalPath[bin + 1] as number) + path * f;
    }
    for (let y = 0; y < rows; y += coarse) {
      for (let x = 0; x < columns; x += coarse) {
        const density = 1 + Math.min(hu[y * columns + x] as number, 2000) / 1000;
        if (density < 0.1) continue;
        const bin = Math.floor(((x - middleX) * c + (y - middleY) * s + half) / coarse);
        softPath[bin] = (softPath[bin] as number) + density * spacing * coarse;
      }
    }
    error.fill(0);
    let any = false;
    for (let b = 0; b < bins; b++) {
      const path = metalPath[b] as number;
      if (path < 0.2) continue;
      any = true;
      const p = path * perMetal;
      const total = p + (softPath[Math.floor(b / coarse)] as number) * waterPerMm;
      const noise = noiseOfFreeRay * Math.exp(Math.min(total, starvedAt) / 2) * r.normal();
      error[b] = strength * (noise - hardening * p * p);
    }
    if (!any) continue;
    for (let b = 0; b < bins; b++) {
      let sum = 0;
      for (let k = 0; k < bins; k++) {
        const e = error[k] as number;
        if (e !== 0) sum += e * (kernel[Math.abs(b - k)] as number);
      }
      filtered[b] = sum * spacing;
    }
    for (let y = 0; y < rows; y++) {
      let t = -middleX * c + (y - middleY) * s + half;
      const row = y * columns;
      for (let x = 0; x < columns; x++, t += c) {
        const bin = t | 0;
        const low = filtered[bin] as number;
        streaks[row + x] =
          (streaks[row + x] as number) + low + ((filtered[bin + 1] as number) - low) * (t - bin);
      }
    }
  }
  const toHu = ((Math.PI / angles) * 1000) / waterPerMm;
  for (let i = 0; i < streaks.length; i++) streaks[i] = (streaks[i] as number) * toHu;
  return streaks;
}
