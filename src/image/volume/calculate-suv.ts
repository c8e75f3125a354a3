import { calculateSUVScalingFactors } from '@cornerstonejs/calculate-suv';

/** What the library needs of one image, all of it checked to be there. */
export interface SuvInput {
  readonly units: 'BQML' | 'CNTS';
  readonly weightKg: number;
  readonly doseBq: number;
  readonly halfLifeSeconds: number;
  /** DICOM DT: when the dose was given. */
  readonly injection: string;
  readonly seriesDate: string;
  readonly seriesTime: string;
  readonly acquisitionDate: string;
  readonly acquisitionTime: string;
  readonly philipsSuvFactor: number | null;
  readonly philipsActivityFactor: number | null;
  readonly gePostInjectionDateTime: string | null;
}

/**
 * Factor of every image from rescaled values to SUVbw. Port over @cornerstonejs/calculate-suv, which follows the pseudocode
 * of QIBA. Decay is counted from the injection to the start of the scan, as for DecayCorrection START: the library does
 * not look at that attribute.
 *
 * @throws Error with the library's own words
 */
export function suvFactors(images: readonly SuvInput[]): number[] {
  const factors = calculateSUVScalingFactors(
    images.map((image) => ({
      CorrectedImage: ['ATTN', 'DECY'],
      Units: image.units,
      RadionuclideHalfLife: image.halfLifeSeconds,
      RadionuclideTotalDose: image.doseBq,
      DecayCorrection: 'START',
      PatientWeight: image.weightKg,
      // Only the factors of lean body mass and body surface, which are not used, depend on these two; without them the
      // library writes warnings to the console.
      PatientSize: 1.7,
      PatientSex: 'M',
      SeriesDate: image.seriesDate,
      SeriesTime: image.seriesTime,
      AcquisitionDate: image.acquisitionDate,
      AcquisitionTime: image.acquisitionTime,
      RadiopharmaceuticalStartDateTime: image.injection,
      ...(image.gePostInjectionDateTime === null
        ? {}
        : { GEPrivatePostInjectionDateTime: image.gePostInjectionDateTime }),
      ...(image.units === 'CNTS'
        ? {
            PhilipsPETPrivateGroup: {
              SUVScaleFactor: image.philipsSuvFactor ?? undefined,
              ActivityConcentrationScaleFactor: image.philipsActivityFactor ?? undefined,
            },
          }
        : {}),
    })),
  );
  return factors.map(({ suvbw }) => suvbw);
}
