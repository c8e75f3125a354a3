import cliProgress from 'cli-progress';
import { printable } from '../core/printable.js';
import { eraseLine, toStderr } from './terminal.js';

/** Progress of a run on standard error; standard output stays free for results. */
export interface Progress {
  /** One more image is done. */
  step(label: string): void;
  /** How far one long input is, 0 to 1, and what is being done. */
  within(label: string, share: number, step: string): void;
  /** Prints a line above the bar. */
  note(line: string): void;
  stop(): void;
}

function plainProgress(): Progress {
  return {
    step: () => undefined,
    within: () => undefined,
    note: (line) => toStderr(`${line}\n`),
    stop: () => undefined,
  };
}

/**
 * @param total how many inputs there are; a count taken before reading, so images of several frames may exceed it
 * @param shown false for silence (the notes are still printed)
 */
export function startProgress(total: number, shown: boolean): Progress {
  if (!shown || !process.stderr.isTTY) return plainProgress();
  const started = performance.now();
  const bar = new cliProgress.SingleBar(
    {
      stream: process.stderr,
      format: '{bar} {value}/{total} | {rate} images/s | {eta_formatted} left | {label}',
      hideCursor: true,
      clearOnComplete: true,
    },
    cliProgress.Presets.shades_classic,
  );
  bar.start(total, 0, { rate: '-', label: '' });
  let done = 0;
  return {
    step: (label) => {
      done++;
      const rate = (done / ((performance.now() - started) / 1000)).toFixed(1);
      if (done > bar.getTotal()) bar.setTotal(done);
      bar.update(done, { rate, label: printable(label) });
    },
    within: (label, share, step) =>
      bar.update(done, { label: `${printable(label)}: ${step} ${Math.round(100 * share)} %` }),
    note: (line) => {
      eraseLine();
      toStderr(`${line}\n`);
    },
    stop: () => bar.stop(),
  };
}
