import type { VolumeReaderKind } from '../core/reader-kinds.js';
import type { Reading } from '../core/reading.js';
import type { VolumeReader, VolumeReaderOptions, VolumeReadingResult } from '../core/volume-reading.js';
import type { ResultObject } from '../dicom/results/result-object.js';
import type { ReadablePlan } from '../image/volume/volume-plan.js';
import { type ThreadTask, threadTask } from '../models/threads/thread-task.js';
import { workerPool } from '../models/threads/worker-pool.js';
import type { RadiographResult } from '../radiograph/frame-reader.js';
import type { PictureSet } from '../report/picture/picture-set.js';
import type { DrawRadiographInput, RadiographObjectsInput } from './draw-tasks.js';
import { issued } from './issue-reading.js';
import type { ReadingOutcome } from './reading-outcome.js';
import type { VolumeObjectsInput } from './results/volume-dicom-results.js';
import { volumeObjectsInput } from './results/volume-dicom-results.js';

/** Opens the reader of each kind of volume. */
export type VolumeReaderOpeners = Readonly<
  Record<VolumeReaderKind, (options: VolumeReaderOptions) => Promise<VolumeReader>>
>;

/**
 * The readers of volumes by kind. Loaded when the first study of the kind is met: a run of radiographs never waits for them. How
 * a reader is added: docs/architecture.md.
 */
export const volumeReaderOpeners: VolumeReaderOpeners = {
  ribs: async (options) => (await import('../ribs/open-reader.js')).openRibReader(options),
  infection: async (options) => (await import('../infection/open-reader.js')).openInfectionReader(options),
};

function task<Input, Output>(name: string): ThreadTask<Input, Output> {
  return threadTask(import.meta.url, './draw-tasks.js', name);
}

const tasks = {
  drawRadiograph: task<DrawRadiographInput, PictureSet>('drawRadiograph'),
  drawVolume: task<VolumeReadingResult, PictureSet>('drawVolume'),
  encodeRadiograph: task<RadiographObjectsInput, ResultObject[]>('encodeRadiograph'),
  encodeVolume: task<VolumeObjectsInput, ResultObject[]>('encodeVolume'),
};

/** What sinks make of a radiograph. */
export function radiographOutcome(result: RadiographResult, answeredBy: readonly string[]): ReadingOutcome {
  const { reading: _, ...seen } = result;
  const reading = issued(result.reading);
  const read = { ...result, reading };
  return {
    reading,
    answeredBy,
    seen: { reads: 'image', ...seen },
    pictures: ({ candidates = false } = {}) =>
      workerPool.run(tasks.drawRadiograph, { ...read, options: { heatMapPictures: true, candidates } }),
    dicomObjects: (options) => workerPool.run(tasks.encodeRadiograph, { ...read, options }),
  };
}

/** What sinks make of a volume. */
export function volumeOutcome(
  result: VolumeReadingResult,
  plan: ReadablePlan,
  answeredBy: readonly string[],
): ReadingOutcome {
  const { reading: _, ...seen } = result;
  const reading = issued(result.reading);
  const read = { ...result, reading };
  return {
    reading,
    answeredBy,
    seen: { reads: 'volume', plan, ...seen },
    pictures: () => workerPool.run(tasks.drawVolume, read),
    dicomObjects: async (options) =>
      workerPool.run(tasks.encodeVolume, await volumeObjectsInput(read, plan, options)),
  };
}

/** A study that no reader is made for: nothing was seen of it. */
export function unseenOutcome(reading: Reading): ReadingOutcome {
  return {
    reading: issued(reading),
    answeredBy: [],
    seen: null,
    pictures: async () => null,
    dicomObjects: async () => [],
  };
}
