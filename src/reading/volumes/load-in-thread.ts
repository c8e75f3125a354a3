import type { VolumeReadOptions, VolumeStudy } from '../../core/volume-reading.js';
import type { ReadablePlan } from '../../image/volume/volume-plan.js';
import { runStudyTask, studyTimeLimit, studyTimeLimitSeconds } from '../../models/open-volume-reader.js';
import { HandedOver, type ThreadTask, threadTask } from '../../models/threads/thread-task.js';
import type { LoadServices } from './load-task.js';
import { type PortablePlan, withoutFiles } from './portable-plan.js';

const load: ThreadTask<PortablePlan, VolumeStudy, LoadServices> = threadTask(
  import.meta.url,
  './load-task.js',
  'loadPlanned',
);

/**
 * Reads the voxels of a planned study in a worker thread. Files are read here, where their sources live; decoding, the part that
 * takes time, is done there.
 * @throws LUC_VOLUME_*, LUC_DICOM_*, LUC_IMAGE_*; the signal's reason when it stops
 */
export async function loadInThread(
  planned: ReadablePlan,
  { signal, onProgress, timeLimitSeconds = studyTimeLimitSeconds }: VolumeReadOptions = {},
): Promise<VolumeStudy> {
  const started = performance.now();
  const { plan, files } = withoutFiles(planned);
  const read = async (number: number): Promise<HandedOver<Uint8Array>> => {
    const bytes = await files[number]?.read();
    if (!bytes) throw new RangeError(`the plan has no file ${number}`);
    // Small reads may share a buffer with others, which must stay here.
    const own = bytes.byteLength === bytes.buffer.byteLength;
    return new HandedOver(bytes, own && bytes.buffer instanceof ArrayBuffer ? [bytes.buffer] : []);
  };
  const study = await runStudyTask(load, plan, planned.input, {
    signal,
    onProgress,
    timeLimit: studyTimeLimit(planned.input, timeLimitSeconds),
    services: { read },
  });
  return { ...study, started };
}
