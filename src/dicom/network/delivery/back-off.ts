/** How long to wait between tries. */
export interface BackOff {
  readonly firstSeconds: number;
  readonly mostSeconds: number;
}

/** Twice as long after each failure, up to a limit; half of it by chance, so that many senders do not come all at once. */
export function waitSeconds({ firstSeconds, mostSeconds }: BackOff, failures: number): number {
  const whole = Math.min(mostSeconds, firstSeconds * 2 ** Math.min(failures, 30));
  return whole * (0.5 + Math.random() / 2);
}

/** Resolves after a time, or at once when the signal is raised. */
export function sleep(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, seconds * 1000);
    signal.addEventListener('abort', done, { once: true });
  });
}
