import { LucencyError } from '../../core/errors.js';
import type { ReadingOutcome } from '../reading-outcome.js';
import { writeObjects } from './write-objects.js';

export interface DicomFolderOptions {
  /** Version of Lucency, which stands in every object. */
  readonly version: string;
  /** Whether what was refused becomes a report that says so. */
  readonly refused: boolean;
}

/** Takes readings as DICOM objects, each whole and on the disk, into one folder. */
export class DicomFolderSink {
  readonly #folder: string;
  readonly #options: DicomFolderOptions;

  constructor(folder: string, options: DicomFolderOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  /**
   * Makes the objects of one reading and writes them.
   * @returns their files, or why there are none: a picture has no study that a result could join
   * @throws LUC_OUTPUT_* when the folder cannot be written
   */
  async take(outcome: ReadingOutcome): Promise<{ files: readonly string[]; error: LucencyError | null }> {
    const { version, refused } = this.#options;
    if (outcome.reading.verdict === 'refused' && !refused) return { files: [], error: null };
    try {
      const objects = await outcome.dicomObjects({ version });
      return { files: objects.length > 0 ? await writeObjects(this.#folder, objects) : [], error: null };
    } catch (error) {
      if (!(error instanceof LucencyError) || error.kind === 'output') throw error;
      return { files: [], error };
    }
  }
}
