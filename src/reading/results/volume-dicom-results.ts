import { LucencyError } from '../../core/errors.js';
import type { VolumeReadingResult } from '../../core/volume-reading.js';
import type { ResultObject } from '../../dicom/results/result-object.js';
import { resultObjects } from '../../dicom/results/result-objects.js';
import type { ReadablePlan } from '../../image/volume/volume-plan.js';
import type { DicomResultOptions } from './dicom-results.js';

/**
 * What was read of one volume as DICOM objects for the archive that its CT came from: structured report, segmentation of
 * the findings. The same reading gives the same UIDs.
 *
 * @throws LUC_RESULT_NO_DICOM_SOURCE for NIfTI, LUC_RESULT_SOURCE_INCOMPLETE for series that lack a UID
 */
export async function volumeDicomResults(
  { reading, ct }: VolumeReadingResult,
  { source }: ReadablePlan,
  options: DicomResultOptions,
): Promise<ResultObject[]> {
  const first = source.format === 'dicom' ? source.ct.stack.slices.find((slice) => slice !== null) : null;
  const frameOfReferenceUid = ct.dicom?.frameOfReferenceUid;
  if (!first || frameOfReferenceUid === undefined) {
    throw new LucencyError('LUC_RESULT_NO_DICOM_SOURCE', { path: reading.input });
  }
  const volume = { grid: { size: ct.size, affine: ct.affine }, slices: ct.slices, frameOfReferenceUid };
  return resultObjects({ reading, source: await first.source.read(), volume, ...options });
}
