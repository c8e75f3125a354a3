import type { Volume } from '../../../core/volume.js';
import { codedConcept } from '../coded-concept.js';
import { type NaturalDataSet, writeDicom } from '../dicom-writer.js';
import { time } from '../simulated-time.js';
import type { SeriesFile, SeriesOptions } from './series-options.js';
import { decimal, sliceDataSet, sliceFileName, sliceUid } from './slice-data-set.js';

const positronEmissionTomographyImageStorage = '1.2.840.10008.5.1.4.1.1.128';
const fluorine18HalfLifeSeconds = 6586.2;
/** The scan begins an hour after the injection, at the fixed time of all phantoms. */
const uptakeSeconds = 3600;
const injectionTime = '110000';

export interface PtSeriesOptions extends SeriesOptions {
  /** What is stored: activity concentration, to be turned into SUV by weight, dose and times, or SUV itself. @default 'BQML' */
  readonly units?: 'BQML' | 'GML';
  /** Patient's weight, kg. @default 75 */
  readonly weightKg?: number;
  /** Injected activity, Bq. @default 3e8 */
  readonly doseBq?: number;
}

/** Bq/ml of SUVbw 1 at the start of the scan, to which the images are decay corrected (DecayCorrection START). */
function concentrationOfSuv1(weightKg: number, doseBq: number): number {
  return (doseBq * 2 ** (-uptakeSeconds / fluorine18HalfLifeSeconds)) / (weightKg * 1000);
}

function petDataSet(
  { size }: Volume,
  slice: number,
  { weightKg = 75, doseBq = 3e8 }: PtSeriesOptions,
): NaturalDataSet {
  return {
    ImageType: ['DERIVED', 'PRIMARY', '', 'SIMULATED'],
    PatientWeight: weightKg,
    CollimatorType: 'NONE',
    ActualFrameDuration: '120000',
    CorrectedImage: ['DECY', 'ATTN', 'SCAT', 'DTIM', 'RAN', 'NORM'],
    SeriesType: ['STATIC', 'IMAGE'],
    CountsSource: 'EMISSION',
    DecayCorrection: 'START',
    NumberOfSlices: size[2],
    FrameReferenceTime: 0,
    DecayFactor: 1,
    ImageIndex: slice + 1,
    PatientOrientationCodeSequence: [
      {
        ...codedConcept('102538003', 'SCT', 'recumbent'),
        PatientOrientationModifierCodeSequence: [codedConcept('40199007', 'SCT', 'supine')],
      },
    ],
    PatientGantryRelationshipCodeSequence: [codedConcept('102540008', 'SCT', 'headfirst')],
    RadiopharmaceuticalInformationSequence: [
      {
        Radiopharmaceutical: 'Fluorodeoxyglucose F^18^',
        RadiopharmaceuticalStartTime: injectionTime,
        RadionuclideTotalDose: decimal(doseBq),
        RadionuclideHalfLife: fluorine18HalfLifeSeconds,
        RadionuclidePositronFraction: 0.97,
        RadionuclideCodeSequence: [codedConcept('77004003', 'SCT', '^18^Fluorine')],
        RadiopharmaceuticalCodeSequence: [codedConcept('35321007', 'SCT', 'Fluorodeoxyglucose F^18^')],
      },
    ],
    SeriesTime: time,
  };
}

/**
 * A simulated PET as a series of PET images (PS3.3 A.21), one file per slice, lazily. Every slice has its own rescale
 * slope, as scanners write them; the highest value of a slice is stored as 32767.
 * @param volume SUVbw
 */
export function* ptSeries(volume: Volume, options: PtSeriesOptions): Generator<SeriesFile> {
  const [columns, rows, slices] = volume.size;
  const units = options.units ?? 'BQML';
  const factor = units === 'BQML' ? concentrationOfSuv1(options.weightKg ?? 75, options.doseBq ?? 3e8) : 1;
  for (let slice = 0; slice < slices; slice += 1) {
    const from = slice * columns * rows;
    let highest = 0;
    for (let at = from; at < from + columns * rows; at += 1) {
      highest = Math.max(highest, (volume.voxels[at] as number) * factor);
    }
    const slope = highest > 0 ? decimal(highest / 32767) : 1;
    const words = new Int16Array(columns * rows);
    for (let at = 0; at < words.length; at += 1) {
      const stored = Math.round(((volume.voxels[from + at] as number) * factor) / slope);
      words[at] = Math.min(Math.max(stored, 0), 32767);
    }
    const sopInstanceUid = sliceUid(options, 'PT', options.seriesNumber ?? 1, slice);
    const bytes = writeDicom(
      { sopClassUid: positronEmissionTomographyImageStorage, sopInstanceUid },
      {
        ...sliceDataSet(volume, options, slice),
        ...petDataSet(volume, slice, options),
        SOPClassUID: positronEmissionTomographyImageStorage,
        SOPInstanceUID: sopInstanceUid,
        Units: units,
        ...(units === 'GML' ? { SUVType: 'BW' } : {}),
        BitsStored: 16,
        HighBit: 15,
        PixelRepresentation: 1,
        WindowCenter: decimal(highest / 2),
        WindowWidth: decimal(Math.max(highest, 1e-6)),
        RescaleIntercept: 0,
        RescaleSlope: slope,
        PixelData: words.buffer,
      },
    );
    yield { fileName: sliceFileName(slice), bytes };
  }
}
