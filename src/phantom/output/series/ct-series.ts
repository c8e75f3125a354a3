import type { Volume } from '../../../core/volume.js';
import { writeDicom } from '../dicom-writer.js';
import type { SeriesFile, SeriesOptions } from './series-options.js';
import { sliceDataSet, sliceFileName, sliceUid } from './slice-data-set.js';

const ctImageStorage = '1.2.840.10008.5.1.4.1.1.2';

export interface CtSeriesOptions extends SeriesOptions {
  /** Signed stores HU as they are in 16 bits; unsigned stores HU + 1024 in 12 bits, or in 16 where 12 cannot hold them. */
  readonly stored?: 'signed' | 'unsigned';
  /** ConvolutionKernel, such as `SOFT` or `BONE`. */
  readonly kernel?: string;
  readonly tubeVoltageKv?: number;
}

interface Storage {
  readonly intercept: number;
  readonly bits: number;
  readonly highest: number;
  readonly lowest: number;
}

function storageOf({ voxels }: Volume, stored: 'signed' | 'unsigned'): Storage {
  if (stored === 'signed') return { intercept: 0, bits: 16, lowest: -32768, highest: 32767 };
  const fits = voxels.every((value) => value <= 4095 - 1024);
  return { intercept: -1024, bits: fits ? 12 : 16, lowest: 0, highest: fits ? 4095 : 65535 };
}

/**
 * A simulated CT as a series of CT images (PS3.3 A.3), one file per slice, lazily.
 * @param volume HU
 */
export function* ctSeries(volume: Volume, options: CtSeriesOptions): Generator<SeriesFile> {
  const [columns, rows, slices] = volume.size;
  const stored = options.stored ?? 'signed';
  const { intercept, bits, lowest, highest } = storageOf(volume, stored);
  for (let slice = 0; slice < slices; slice += 1) {
    const words = stored === 'signed' ? new Int16Array(columns * rows) : new Uint16Array(columns * rows);
    const from = slice * words.length;
    for (let at = 0; at < words.length; at += 1) {
      const value = Math.round(volume.voxels[from + at] as number) - intercept;
      words[at] = Math.min(Math.max(value, lowest), highest);
    }
    const sopInstanceUid = sliceUid(options, 'CT', options.seriesNumber ?? 1, slice);
    const bytes = writeDicom(
      { sopClassUid: ctImageStorage, sopInstanceUid },
      {
        ...sliceDataSet(volume, options, slice),
        ImageType: ['DERIVED', 'SECONDARY', 'AXIAL', 'SIMULATED'],
        SOPClassUID: ctImageStorage,
        SOPInstanceUID: sopInstanceUid,
        PatientPosition: 'HFS',
        AcquisitionNumber: '1',
        KVP: options.tubeVoltageKv ?? 120,
        ConvolutionKernel: options.kernel ?? 'SOFT',
        BitsStored: bits,
        HighBit: bits - 1,
        PixelRepresentation: stored === 'signed' ? 1 : 0,
        WindowCenter: 40,
        WindowWidth: 400,
        RescaleIntercept: intercept,
        RescaleSlope: 1,
        RescaleType: 'HU',
        PixelData: words.buffer,
      },
    );
    yield { fileName: sliceFileName(slice), bytes };
  }
}
