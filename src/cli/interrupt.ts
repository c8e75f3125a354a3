/** Exit code of a run that the user stopped: 128 + SIGINT, as shells expect. */
export const interruptedExitCode = 130;

/**
 * A signal that the first Ctrl-C raises, so that the image in flight is finished and written; the second one ends
 * the process at once. `release` takes the handler off again.
 */
export function onInterrupt(tell: () => void): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const handler = (): void => {
    if (controller.signal.aborted) process.exit(interruptedExitCode);
    controller.abort();
    tell();
  };
  process.on('SIGINT', handler).on('SIGTERM', handler);
  return { signal: controller.signal, release: () => process.off('SIGINT', handler).off('SIGTERM', handler) };
}
