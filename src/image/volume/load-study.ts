import type { VolumeStudy } from '../../core/volume-reading.js';
import { decodeNifti } from '../nifti/decode-nifti.js';
import { type LoadOptions, loadSeries } from './load-series.js';
import type { ReadablePlan } from './volume-plan.js';

/**
 * Reads the voxels of a planned study.
 * @throws LUC_VOLUME_*, LUC_DICOM_*, LUC_IMAGE_*; the signal's reason when it stops
 */
export async function loadStudy(plan: ReadablePlan, options: LoadOptions = {}): Promise<VolumeStudy> {
  const started = performance.now();
  const { source, input, study, limitations } = plan;
  const limits = options.maxVoxels === undefined ? {} : { maxVoxels: options.maxVoxels };
  const ct =
    source.format === 'nifti'
      ? await decodeNifti(await source.file.read(), input, limits)
      : await loadSeries(source.ct.series, source.ct.stack, options);
  const pet =
    source.format === 'dicom' && source.pet
      ? await loadSeries(source.pet.series, source.pet.stack, options)
      : null;
  return { input, study, ct, pet, limitations, started, timingsMs: { decode: performance.now() - started } };
}
