import type { Random } from '../random.js';

/** How a scanner sees a limb. Lengths in mm. */
export interface ScannerSettings {
  readonly ct: {
    readonly spacing: number;
    readonly slice: number;
    /** Standard deviation of the noise, HU. */
    readonly noise: number;
    /** Strength of metal artefacts: 1 without, 0.2 with good metal artefact reduction. */
    readonly artefact: number;
    /** Highest value that is stored, HU: 3071 at 12 bits, more with an extended scale. */
    readonly highest: number;
  };
  readonly pet: {
    readonly spacing: number;
    readonly slice: number;
    /** Full width at half maximum of a point source after reconstruction. */
    readonly fwhm: number;
    /** Standard deviation of the noise at SUV 1. */
    readonly noise: number;
    /** Error of the attenuation correction beside metal: share by which uptake reads too high. */
    readonly metalGain: number;
    /** Movement of the limb between CT and PET. */
    readonly shift: readonly [number, number, number];
  };
}

export const scannerFamilies = ['training', 'held-out'] as const;
/**
 * Which scanners: those that the network learned on, or others. The two share no combination of PET voxel size,
 * sharpness and noise, and the held-out ones reach further in every direction.
 */
export type ScannerFamily = (typeof scannerFamilies)[number];

/** Draws the settings of one examination. The draw knows nothing of infection. */
export function drawScanner(family: ScannerFamily, r: Random): ScannerSettings {
  const held = family === 'held-out';
  const shift = held ? 2.2 : 1.2;
  const noisy = held && r.chance(0.5);
  const sharp = held && r.chance(0.5);
  const moved = () => shift * Math.max(-2, Math.min(2, r.normal()));
  return {
    ct: {
      spacing: held ? r.pick([0.98, 1.17, 1.37]) : r.pick([2.3, 2.6]),
      slice: held ? r.pick([1.5, 2, 5]) : r.pick([2.5, 3, 3.27, 4]),
      noise: held ? r.between(noisy ? 30 : 8, noisy ? 55 : 15) : r.between(10, 32),
      artefact: held ? r.between(0.5, 1.6) : r.between(0.25, 1),
      highest: r.chance(0.5) ? 3071 : 12000,
    },
    pet: {
      spacing: held ? r.pick([2.04, 5.47, 3.18]) : r.pick([3.65, 4.07, 4.69]),
      slice: held ? r.pick([2, 5, 3.27]) : r.pick([3, 3.27, 4]),
      fwhm: held ? (sharp ? r.between(4, 4.8) : r.between(6.2, 7.2)) : r.between(4.8, 6.4),
      noise: held ? (noisy ? r.between(0.16, 0.24) : r.between(0.03, 0.1)) : r.between(0.06, 0.18),
      metalGain: held ? r.between(-0.15, 0.6) : r.between(-0.05, 0.4),
      shift: [moved(), moved(), moved()],
    },
  };
}
