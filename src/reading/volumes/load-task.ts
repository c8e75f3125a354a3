// Loaded by worker threads: slices are decoded and put together here.
import type { VolumeStudy } from '../../core/volume-reading.js';
import { loadStudy } from '../../image/volume/load-study.js';
import type { HandedOver, TaskContext } from '../../models/threads/thread-task.js';
import { type PortablePlan, withFiles } from './portable-plan.js';

export interface LoadServices {
  /** Bytes of a file of the plan, by its number. */
  read(number: number): Promise<HandedOver<Uint8Array>>;
}

/** Reads the voxels of a planned study into shared memory. */
export function loadPlanned(plan: PortablePlan, context: TaskContext<LoadServices>): Promise<VolumeStudy> {
  const files = withFiles(plan, (number) => context.ask('read', number));
  return loadStudy(files, { onProgress: (done) => context.progress(done, 'reading slices') });
}
