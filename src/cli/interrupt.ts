/** Exit code of a run that the user stopped: 128 + SIGINT, as shells expect. */
export const interruptedExitCode = 130;

/** Longest time from SIGTERM to the end, milliseconds. */
const terminationMs = 1500;

const stopSignals = ['SIGINT', 'SIGTERM'] as const;

/**
 * A signal that the first Ctrl-C raises, so that the image in flight is finished and written; the second one ends
 * the process at once, as it would without us. SIGTERM leaves it a moment to finish by itself. `release` takes the handler off again.
 */
export function onInterrupt(tell: () => void): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const release = (): void => {
    for (const signal of stopSignals) process.off(signal, handler);
  };
  const handler = (signal: NodeJS.Signals): void => {
    release();
    controller.abort();
    tell();
    // Whoever stops a service waits for it a short while only; what is on disk is whole at any moment.
    if (signal === 'SIGTERM') setTimeout(() => process.kill(process.pid, 'SIGKILL'), terminationMs).unref();
  };
  for (const signal of stopSignals) process.on(signal, handler);
  return { signal: controller.signal, release };
}

/**
 * Ends the process as every program ends whose reader left early (such as head): by SIGPIPE. Not by `process.exit`,
 * which tears down threads in the middle of a network's run, and ONNX Runtime answers that with an abort.
 */
export function endOfPipe(): void {
  // Node ignores SIGPIPE; a listener that comes and goes leaves the system's default behind.
  const listener = (): void => undefined;
  process.on('SIGPIPE', listener).off('SIGPIPE', listener);
  process.kill(process.pid, 'SIGPIPE');
}
