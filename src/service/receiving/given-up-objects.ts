import { readFile } from 'node:fs/promises';
import { LucencyError } from '../../core/errors.js';
import { volumeKindFor } from '../../core/reader-kinds.js';
import type { Reading } from '../../core/reading.js';
import { resultObjects } from '../../dicom/results/result-objects.js';
import { readDicomAttributes } from '../../image/dicom/identity.js';
import { tag } from '../../image/dicom/tags.js';
import { volumeModality } from '../../image/volume/series.js';
import { writeObjects } from '../../reading/sinks/write-objects.js';

/** The reading of an image of a study that was given up. */
function unread(bytes: Uint8Array, file: string, error: LucencyError): Reading | null {
  const dataSet = readDicomAttributes(bytes, file);
  const [width, height] = [dataSet.number(tag.Columns, 'US'), dataSet.number(tag.Rows, 'US')];
  if (!width || !height) return null;
  const modality = volumeModality(dataSet);
  const study = dataSet.text(tag.StudyInstanceUid);
  return {
    schema: 'lucency.reading/1',
    input: file,
    kind: modality ? volumeKindFor(modality === 'CT' ? 'CT' : 'PET/CT') : 'radiograph',
    ...(study === null ? {} : { study }),
    image: { width, height, pixelSpacingMm: null, region: null },
    verdict: 'refused',
    refusal: { code: error.code, reason: `${error.message} ${error.advice}` },
    probability: null,
    findings: [],
    models: [],
    timingsMs: {},
  };
}

/**
 * A report for the archive which says that a study was not read, made of the headers of the first image that has one: without it
 * the study would look as if no answer were due.
 * @returns its files; none where no header can be read
 * @throws LUC_OUTPUT_*
 */
export async function givenUpObjects(
  folder: string,
  files: readonly string[],
  error: LucencyError,
  version: string,
  onNote: (line: string) => void,
): Promise<string[]> {
  for (const file of files) {
    try {
      const bytes = await readFile(file);
      const reading = unread(bytes, file, error);
      if (!reading) continue;
      const objects = resultObjects({ reading, source: bytes, version });
      return await writeObjects(
        folder,
        objects.filter(({ kind }) => kind === 'SR'),
      );
    } catch (cause) {
      if (cause instanceof LucencyError && cause.kind === 'output') throw cause;
      onNote(
        `no report of ${error.code} can be made of an image: ${cause instanceof LucencyError ? cause.code : String(cause)}`,
      );
    }
  }
  return [];
}
