import { LucencyError } from '../../core/errors.js';
import type { DataSet } from '../dicom/data-set.js';
import { openDicomFile } from '../dicom/dicom-file.js';
import { tag } from '../dicom/tags.js';
import type { FoundInput } from '../input/input-item.js';
import { frameHeaders } from './frame-header.js';
import { petHeader } from './pet-header.js';
import {
  type FoundSeries,
  isStructureSet,
  mentionsVolume,
  seriesIdentity,
  volumeModality,
} from './series.js';

/** Headers of slices end far before; what is longer (private groups, many frames) is read whole. */
const startBytes = 2 ** 16;
const maxInflatedBytes = 2 ** 31;

/** Attributes of a file that may be of use here, or null; of most files only the start is read. */
async function readHeader(item: FoundInput): Promise<DataSet | null> {
  const options = { name: item.input, maxInflatedBytes };
  const start = await item.readStart(startBytes);
  if (!mentionsVolume(start)) return null;
  if (start.length < item.size) {
    try {
      const { dataSet } = openDicomFile(start, options);
      if (dataSet.pixelData) return dataSet;
    } catch {
      // Cut inside of an element: the whole file decides.
    }
  }
  return openDicomFile(await item.read(), options).dataSet;
}

/** Sorts slices into their series as files come by; keeps headers only. */
export class SeriesCollector {
  readonly #series = new Map<string, FoundSeries>();

  /**
   * Takes a file if it is a slice, or slices, of a CT or PET volume, and knows a structure set, with its study; null for
   * all else, which is left to others.
   */
  async take(item: FoundInput): Promise<'slice' | { readonly study: string | null } | null> {
    if (item.format !== 'dicom') return null;
    let dataSet: DataSet | null;
    try {
      dataSet = await readHeader(item);
    } catch {
      // What is wrong with it is told by whoever reads it.
      return null;
    }
    if (!dataSet) return null;
    if (isStructureSet(dataSet)) return { study: dataSet.text(tag.StudyInstanceUid) };
    const modality = volumeModality(dataSet);
    if (!modality) return null;
    const series = this.#of(dataSet, modality, item);
    try {
      this.#add(series, dataSet, item);
    } catch (error) {
      if (!(error instanceof LucencyError)) throw error;
      series.faults.push({ input: item.input, error });
    }
    return 'slice';
  }

  #of(dataSet: DataSet, modality: 'CT' | 'PT', item: FoundInput): FoundSeries {
    const uid = dataSet.text(tag.SeriesInstanceUid) ?? item.input;
    const known = this.#series.get(uid);
    if (known) return known;
    const fresh: FoundSeries = {
      uid,
      modality,
      identity: seriesIdentity(dataSet),
      frames: [],
      localizers: [],
      pet: new Map(),
      faults: [],
    };
    this.#series.set(uid, fresh);
    return fresh;
  }

  #add(series: FoundSeries, dataSet: DataSet, item: FoundInput): void {
    const isLocalizer = dataSet.texts(tag.ImageType).includes('LOCALIZER');
    if (isLocalizer) series.localizers.push(item.input);
    else {
      for (const frame of frameHeaders(dataSet, item)) series.frames.push(frame);
      if (series.modality === 'PT')
        series.pet.set(dataSet.text(tag.SopInstanceUid) ?? '', petHeader(dataSet));
    }
  }

  /** The series met so far, in the order of their first files. */
  series(): FoundSeries[] {
    return [...this.#series.values()];
  }
}
