import type {
  VolumeReadingResult,
  VolumeReadOptions,
  VolumeReadSettings,
  VolumeStudy,
} from '../core/volume-reading.js';
import type { RegisteredModel } from './registry.js';
import type { NetworkRunner } from './session-host.js';
import type { NetworkRun } from './session-thread.js';
import { HandedOver, type TaskFunction } from './threads/thread-task.js';

/** What a reader of volumes gets in its thread. Voxels lie in shared memory, or are copied. */
export interface VolumeTaskInput {
  readonly study: VolumeStudy;
  /** Milliseconds since reading of the study began: clocks of threads do not agree. */
  readonly elapsedMs: number;
  readonly model: RegisteredModel;
  readonly settings: VolumeReadSettings;
}

/** The result without the volumes, which the giver of the task has. */
export interface VolumeTaskOutput extends Pick<VolumeReadingResult, 'reading' | 'heatMaps' | 'ribs'> {
  readonly usesPet: boolean;
}

export interface NetworkRequest {
  readonly data: Float32Array<ArrayBuffer>;
  readonly batch: number;
  readonly outputs: string[];
}

/** Networks run in the thread that all readers share. */
export interface VolumeTaskServices {
  run(request: NetworkRequest): Promise<HandedOver<NetworkRun>>;
}

export type VolumeTask = TaskFunction<VolumeTaskInput, VolumeTaskOutput, VolumeTaskServices>;

/** A reader as it works in its thread: synchronous but for the networks. */
export interface ThreadedReader {
  read(study: VolumeStudy, options: Pick<VolumeReadOptions, 'onProgress'>): Promise<VolumeReadingResult>;
}

/** Makes a task of a reader: its networks run elsewhere, its buffers are handed back, not copied. */
export function volumeTask(
  open: (networks: NetworkRunner, model: RegisteredModel, settings: VolumeReadSettings) => ThreadedReader,
): VolumeTask {
  return async ({ study, elapsedMs, model, settings }, context) => {
    const networks: NetworkRunner = {
      run: (_, data, batch, outputs) => context.ask('run', { data, batch, outputs }, [data.buffer]),
    };
    const begun = { ...study, started: performance.now() - elapsedMs };
    const { reading, heatMaps, ribs, pet } = await open(networks, model, settings).read(begun, {
      onProgress: context.progress,
    });
    const buffers = heatMaps.flatMap(({ values: { buffer } }) =>
      buffer instanceof ArrayBuffer ? [buffer] : [],
    );
    return new HandedOver({ reading, heatMaps, ribs, usesPet: pet !== null }, buffers);
  };
}
