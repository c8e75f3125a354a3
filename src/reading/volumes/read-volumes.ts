import { LucencyError } from '../../core/errors.js';
import type { Reading } from '../../core/reading.js';
import type { VolumeReadingResult } from '../../core/volume-reading.js';
import type { ReadablePlan, RefusedPlan, VolumePlan } from '../../image/volume/volume-plan.js';
import { studyTimeLimitSeconds } from '../../models/open-volume-reader.js';
import { loadInThread } from './load-in-thread.js';
import type { VolumeReaders } from './volume-readers.js';

/** One outcome of reading volumes: a study read, a study refused before any reader saw it, or one that could not be. */
export type VolumeEvent =
  | { readonly kind: 'result'; readonly result: VolumeReadingResult; readonly plan: ReadablePlan }
  | { readonly kind: 'refused'; readonly reading: Reading }
  | { readonly kind: 'error'; readonly input: string; readonly error: LucencyError };

export interface ReadVolumesOptions {
  /** Stops within the study in flight, of which nothing is kept. */
  readonly signal?: AbortSignal;
  /** Studies for which this returns true are passed over (already read in an earlier run). */
  readonly skip?: (input: string) => boolean;
  /** Longest that one study may take. @default 1800 */
  readonly timeLimitSeconds?: number;
  /** Share of the study that is done, 0 to 1, and the step. */
  readonly onProgress?: (input: string, done: number, step: string) => void;
}

/** Share of a study's time that loading its voxels is taken to be, for progress only. */
const loadingShare = 0.2;

function asLucencyError(cause: unknown, input: string): LucencyError {
  if (cause instanceof LucencyError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LucencyError('LUC_VOLUME_READ_FAILED', { input, reason }, { cause });
}

/** The reading of a study that no reader is made for. */
function refusedReading({ input, study, kind, error, size }: RefusedPlan): Reading {
  const [width, height, depth] = size;
  return {
    schema: 'lucency.reading/1',
    input,
    kind,
    ...(study === null ? {} : { study }),
    image: { width, height, depth, pixelSpacingMm: null, region: null },
    verdict: 'refused',
    refusal: { code: error.code, reason: `${error.message} ${error.advice}` },
    probability: null,
    findings: [],
    models: [],
    timingsMs: {},
  };
}

async function readStudy(
  plan: ReadablePlan,
  readers: VolumeReaders,
  { signal, onProgress, timeLimitSeconds = studyTimeLimitSeconds }: ReadVolumesOptions,
): Promise<VolumeReadingResult> {
  // Models that are missing are told before minutes go into the voxels.
  const reader = await readers.of(plan.kind);
  const tell = (done: number, step: string): void => onProgress?.(plan.input, done, step);
  const study = await loadInThread(plan, {
    signal,
    timeLimitSeconds,
    onProgress: (done, step) => tell(loadingShare * done, step),
  });
  return reader.read(study, {
    signal,
    timeLimitSeconds: timeLimitSeconds - (performance.now() - study.started) / 1000,
    onProgress: (done, step) => tell(loadingShare + (1 - loadingShare) * done, step),
  });
}

/** Reads planned studies one after another, so that one is in memory at a time. A study that fails does not end the run. */
export async function* readVolumes(
  plans: readonly VolumePlan[],
  readers: VolumeReaders,
  options: ReadVolumesOptions = {},
): AsyncGenerator<VolumeEvent> {
  for (const plan of plans) {
    if (options.signal?.aborted) return;
    if (plan.state === 'failed') yield { kind: 'error', input: plan.input, error: plan.error };
    else if (options.skip?.(plan.input)) continue;
    else if (plan.state === 'refused') yield { kind: 'refused', reading: refusedReading(plan) };
    else {
      try {
        yield { kind: 'result', result: await readStudy(plan, readers, options), plan };
      } catch (cause) {
        if (options.signal?.aborted) return;
        yield { kind: 'error', input: plan.input, error: asLucencyError(cause, plan.input) };
      }
    }
  }
}
