import { LucencyError } from '../../../core/errors.js';
import { type BackOff, sleep, waitSeconds } from './back-off.js';
import { type Destination, isTransient } from './destination.js';

export interface DeliverOptions {
  readonly destination: Destination;
  readonly files: readonly string[];
  readonly backOff: BackOff;
  /** How long a destination that cannot be reached is tried again. */
  readonly retrySeconds: number;
  /** Most tries of a file during which the association broke. */
  readonly triesPerFile: number;
  readonly signal: AbortSignal;
  /** The destination has the file. */
  onSent(file: string): Promise<void>;
  /** The destination will not take the file, now or later. */
  onDead(file: string, error: LucencyError): Promise<void>;
  /** A try has failed; the next one follows after a wait. */
  onRetry(error: LucencyError, seconds: number, left: number): void;
}

/** One pass over the files: which are left, and why. */
interface Pass {
  readonly left: string[];
  readonly progress: boolean;
  readonly error: LucencyError | null;
}

async function pass(
  files: readonly string[],
  tries: Map<string, number>,
  options: DeliverOptions,
): Promise<Pass> {
  const open = new Set(files);
  let error: LucencyError | null = null;
  try {
    for await (const outcome of options.destination.send(files)) {
      const { file } = outcome;
      if (outcome.error === null) {
        await options.onSent(file);
        open.delete(file);
      } else {
        error = outcome.error;
        // A destination that asks for patience is not one that the file breaks.
        const count = (tries.get(file) ?? 0) + (isTransient(error) && error.concerns === 'object' ? 0 : 1);
        tries.set(file, count);
        if (!isTransient(error) || count >= options.triesPerFile) {
          await options.onDead(file, error);
          open.delete(file);
        }
      }
      if (options.signal.aborted) break;
    }
  } catch (cause) {
    if (!(cause instanceof LucencyError) || !isTransient(cause)) throw cause;
    error = cause;
  }
  return { left: [...open], progress: open.size < files.length, error };
}

/**
 * Sends files until each is delivered or refused for good, waiting longer and longer while the destination cannot be
 * reached.
 * @returns the files that are neither when time is up or the signal is raised
 * @throws LUC_DICOM_NET_* when the destination does not take anything from us, and what the callbacks throw
 */
export async function deliver(options: DeliverOptions): Promise<string[]> {
  const { backOff, retrySeconds, signal } = options;
  const tries = new Map<string, number>();
  let left = [...options.files];
  let failures = 0;
  let deadline = performance.now() + retrySeconds * 1000;
  while (left.length > 0 && !signal.aborted) {
    const { left: rest, progress, error } = await pass(left, tries, options);
    left = rest;
    if (left.length === 0 || signal.aborted) break;
    failures = progress ? 0 : failures + 1;
    if (progress) deadline = performance.now() + retrySeconds * 1000;
    if (performance.now() >= deadline) break;
    const seconds = waitSeconds(backOff, failures);
    if (error) options.onRetry(error, seconds, left.length);
    await sleep(seconds, signal);
  }
  return left;
}
