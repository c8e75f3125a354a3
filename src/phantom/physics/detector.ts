import type { Random } from '../random.js';
import { gaussianBlur, type Plane, wideBlur } from './blur.js';

/** The exposure and the detector. */
export interface Exposure {
  readonly pixelMm: number;
  /** X-ray quanta per mm2 that reach the detector unattenuated: about 30,000 per mm2 and microgray at 55 kV. */
  readonly quantaPerMm2: number;
  /** Scattered to primary radiation behind soft tissue. */
  readonly scatter: number;
  /** Blur of the focal spot at the detector, sigma in mm: its size times (magnification - 1). */
  readonly focalBlurMm: number;
  /** Blur of scintillator and read-out, sigma in mm. */
  readonly detectorBlurMm: number;
  /** Fall of the beam from the middle to the anode side (heel effect), share, and the side's direction. */
  readonly heel: number;
  readonly heelDirection: readonly [number, number];
  /** 1 inside the collimated field, 0 outside; null when the field covers the detector. */
  readonly field: Float32Array | null;
}

/** Width of the scatter distribution at the detector, mm. */
const scatterSigmaMm = 22;

/** Relative signal of every pixel: primary and scattered radiation with noise and blur; 1 where nothing is in the beam. */
export function detect(transmitted: Plane, exposure: Exposure, random: Random): Plane {
  const { width, height } = transmitted;
  const { pixelMm } = exposure;
  const beam = gaussianBlur(transmitted, exposure.focalBlurMm / pixelMm).values.slice();
  const halfDiagonal = Math.hypot(width, height) / 2;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const u = (x - width / 2) / halfDiagonal;
      const v = (y - height / 2) / halfDiagonal;
      const along = u * exposure.heelDirection[0] + v * exposure.heelDirection[1];
      const heel = 1 - exposure.heel * (0.5 * along + 0.5 * along * along * (along > 0 ? 1 : -0.3));
      beam[i] = (beam[i] as number) * heel * (exposure.field ? (exposure.field[i] as number) : 1);
    }
  }
  // First-order scatter is made where radiation is lost: primary times its own optical depth.
  const source = Float32Array.from(beam, (b) => (b > 1e-6 && b < 1 ? -b * Math.log(b) : 0));
  const scattered = wideBlur({ width, height, values: source }, scatterSigmaMm / pixelMm).values;
  const quanta = exposure.quantaPerMm2 * pixelMm * pixelMm;
  const noisy = new Float32Array(beam.length);
  for (let i = 0; i < noisy.length; i++) {
    const signal = (beam[i] as number) + exposure.scatter * (scattered[i] as number);
    noisy[i] = signal + Math.sqrt(signal / quanta) * random.normal();
  }
  return gaussianBlur({ width, height, values: noisy }, exposure.detectorBlurMm / pixelMm);
}
