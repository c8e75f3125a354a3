import path from 'node:path';
import { LucencyError } from '../../core/errors.js';
import { findInputs } from '../../image/inputs.js';
import { loadStudy } from '../../image/volume/load-study.js';
import { planVolumes } from '../../image/volume/plan-volumes.js';
import { SeriesCollector } from '../../image/volume/series-collector.js';
import { measureLimb, type RealLimb } from './real-limb.js';

/**
 * Reads the PET/CT of a real limb from a folder and measures it for implanting. Its name is that of the folder.
 * @throws LUC_PHANTOM_BACKGROUND when there is no PET/CT or no bone to be followed; LUC_VOLUME_*, LUC_DICOM_*
 */
export async function openLimb(folder: string): Promise<RealLimb> {
  const collector = new SeriesCollector();
  for await (const item of findInputs([folder])) {
    if (!('error' in item)) await collector.take(item);
  }
  const plans = planVolumes(collector.series(), []);
  const failed = plans.find((plan) => plan.state !== 'readable');
  if (failed && 'error' in failed) throw failed.error;
  const plan = plans.find((one) => one.state === 'readable' && one.kind === 'infection');
  const name = path.basename(path.resolve(folder));
  if (plan?.state !== 'readable') throw new LucencyError('LUC_PHANTOM_BACKGROUND', { name, length: 0 });
  const { ct, pet } = await loadStudy(plan);
  if (!pet) throw new LucencyError('LUC_PHANTOM_BACKGROUND', { name, length: 0 });
  return measureLimb(name, ct, pet);
}
