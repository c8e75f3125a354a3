import { LucencyError } from '../../core/errors.js';
import type { Reading } from '../../core/reading.js';
import type { Volume } from '../../core/volume.js';
import type { VolumeReadingResult } from '../../core/volume-reading.js';
import type { ResultObject } from '../../dicom/results/result-object.js';
import { resultObjects } from '../../dicom/results/result-objects.js';
import type { VolumeSource } from '../../dicom/results/volume-source.js';
import type { ReadablePlan } from '../../image/volume/volume-plan.js';
import type { DicomResultOptions } from './dicom-results.js';

export interface VolumeObjectsInput {
  readonly reading: Reading;
  /** The first file of the CT. */
  readonly source: Uint8Array;
  readonly volume: VolumeSource;
  readonly options: DicomResultOptions;
}

/** Where the voxels of a CT lie, without them. @throws LUC_RESULT_NO_DICOM_SOURCE */
function sourceOf({ size, affine, slices, dicom }: Volume, input: string): VolumeSource {
  const frameOfReferenceUid = dicom?.frameOfReferenceUid;
  if (frameOfReferenceUid === undefined) {
    throw new LucencyError('LUC_RESULT_NO_DICOM_SOURCE', { path: input });
  }
  return { grid: { size, affine }, slices, frameOfReferenceUid };
}

/**
 * What the objects of a volume are made of.
 * @throws LUC_RESULT_NO_DICOM_SOURCE for NIfTI
 */
export async function volumeObjectsInput(
  { reading, ct }: Pick<VolumeReadingResult, 'reading' | 'ct'>,
  { source }: ReadablePlan,
  options: DicomResultOptions,
): Promise<VolumeObjectsInput> {
  const first = source.format === 'dicom' ? source.ct.stack.slices.find((slice) => slice !== null) : null;
  if (!first) throw new LucencyError('LUC_RESULT_NO_DICOM_SOURCE', { path: reading.input });
  const volume = sourceOf(ct, reading.input);
  return { reading, source: await first.source.read(), volume, options };
}

/**
 * What was read of one volume as DICOM objects for the archive that its CT came from: structured report, segmentation of
 * the findings. The same reading gives the same UIDs.
 * @throws LUC_RESULT_SOURCE_INCOMPLETE for series that lack a UID
 */
export function volumeObjects({ reading, source, volume, options }: VolumeObjectsInput): ResultObject[] {
  return resultObjects({ reading, source, volume, ...options });
}
