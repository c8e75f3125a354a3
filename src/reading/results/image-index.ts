import { LucencyError } from '../../core/errors.js';
import type { KnownImage } from '../../dicom/read-back/read-report.js';
import { detectFormat } from '../../image/detect-format.js';
import { readDicomAttributes } from '../../image/dicom/identity.js';
import { tag } from '../../image/dicom/tags.js';
import { findInputs } from '../../image/inputs.js';

/**
 * The DICOM images below the paths by SOP Instance UID: what reports refer to them by, and how evaluation calls them.
 * Files that are no DICOM images are passed over.
 */
export async function indexImages(paths: readonly string[]): Promise<Map<string, KnownImage>> {
  const images = new Map<string, KnownImage>();
  for await (const item of findInputs(paths)) {
    if ('error' in item) continue;
    const bytes = await item.read();
    if (detectFormat(bytes) !== 'dicom') continue;
    try {
      const dataSet = readDicomAttributes(bytes, item.input);
      const uid = dataSet.text(tag.SopInstanceUid);
      const width = dataSet.number(tag.Columns, 'US');
      const height = dataSet.number(tag.Rows, 'US');
      if (uid === null || !width || !height) continue;
      images.set(uid, { input: item.input, width, height, patientId: dataSet.text(tag.PatientId) });
    } catch (error) {
      // A damaged image is missed by name when a report refers to it.
      if (!(error instanceof LucencyError)) throw error;
    }
  }
  return images;
}
