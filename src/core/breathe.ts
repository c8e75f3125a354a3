/**
 * A breath for timers and signals between two long computations.
 * @throws the signal's reason when it stops
 */
export function breathe(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    setImmediate(() => (signal?.aborted ? reject(signal.reason) : resolve()));
  });
}
