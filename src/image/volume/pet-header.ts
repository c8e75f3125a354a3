import type { DataSet } from '../dicom/data-set.js';
import { tag } from '../dicom/tags.js';

/** What SUV needs to know of one PET image (PS3.3 C.8.9); null or empty where the image does not say. */
export interface PetHeader {
  readonly units: string | null;
  /** SUV Type: BW when absent (PS3.3 C.8.9.1.1.3). */
  readonly suvType: string | null;
  readonly correctedImage: readonly string[];
  readonly decayCorrection: string | null;
  readonly weightKg: number | null;
  readonly doseBq: number | null;
  readonly halfLifeSeconds: number | null;
  readonly startDateTime: string | null;
  readonly startTime: string | null;
  readonly seriesDate: string | null;
  readonly seriesTime: string | null;
  readonly acquisitionDate: string | null;
  readonly acquisitionTime: string | null;
  /** Private attributes of Philips (7053,1000), (7053,1009), for units CNTS. */
  readonly philipsSuvFactor: number | null;
  readonly philipsActivityFactor: number | null;
  /** Private attribute of GE (0009,100D): the time that decay was corrected to. */
  readonly gePostInjectionDateTime: string | null;
}

/** @param dataSet a PET image; of enhanced ones the radiopharmaceutical stands in the same place */
export function petHeader(dataSet: DataSet): PetHeader {
  const [drug] = dataSet.items(tag.RadiopharmaceuticalInformationSequence);
  const ge = (dataSet.text(tag.Manufacturer) ?? '').toUpperCase().startsWith('GE');
  return {
    units: dataSet.text(tag.Units),
    suvType: dataSet.text(tag.SuvType),
    correctedImage: dataSet.texts(tag.CorrectedImage),
    decayCorrection: dataSet.text(tag.DecayCorrection),
    weightKg: dataSet.number(tag.PatientWeight, 'DS'),
    doseBq: drug?.number(tag.RadionuclideTotalDose, 'DS') ?? null,
    halfLifeSeconds: drug?.number(tag.RadionuclideHalfLife, 'DS') ?? null,
    startDateTime: drug?.text(tag.RadiopharmaceuticalStartDateTime) ?? null,
    startTime: drug?.text(tag.RadiopharmaceuticalStartTime) ?? null,
    seriesDate: dataSet.text(tag.SeriesDate),
    seriesTime: dataSet.text(tag.SeriesTime),
    acquisitionDate: dataSet.text(tag.AcquisitionDate),
    acquisitionTime: dataSet.text(tag.AcquisitionTime),
    philipsSuvFactor: dataSet.number(tag.PhilipsSuvScaleFactor, 'DS'),
    philipsActivityFactor: dataSet.number(tag.PhilipsActivityScaleFactor, 'DS'),
    gePostInjectionDateTime: ge ? dataSet.text(tag.GePostInjectionDateTime) : null,
  };
}
