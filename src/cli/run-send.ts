import { deliver } from '../dicom/network/delivery/deliver.js';
import type { Destination } from '../dicom/network/delivery/destination.js';
import { findDicomFiles } from './dicom-files.js';
import { interruptedExitCode, onInterrupt } from './interrupt.js';
import { startProgress } from './progress.js';
import { SendRecord } from './send-record.js';
import { faultLine, outJson } from './terminal.js';

export interface SendOptions {
  readonly destination: Destination;
  /** Folder that remembers what was sent and holds what was refused; null for none. */
  readonly folder: string | null;
  readonly retrySeconds: number;
  readonly json: boolean;
  readonly quiet: boolean;
}

const backOff = { firstSeconds: 1, mostSeconds: 300 };
const triesPerFile = 5;

function print(record: object): void {
  outJson({ schema: 'lucency.sent/1', ...record });
}

/**
 * Sends DICOM files and waits for a destination that is not there.
 * @returns exit code: 0 all delivered, 1 some not, 130 stopped by the user
 * @throws LUC_IMAGE_NOT_FOUND, LUC_OUTPUT_*, and LUC_DICOM_NET_* when the destination takes nothing from us
 */
export async function runSend(paths: readonly string[], options: SendOptions): Promise<number> {
  const { destination, json } = options;
  const all = await findDicomFiles(paths);
  const record = options.folder === null ? null : await SendRecord.open(options.folder, destination.name);
  const files: string[] = [];
  const interrupt = onInterrupt(() => progress.note('Stopping after this object.'));
  const progress = startProgress(all.length, !options.quiet);
  let dead = 0;
  try {
    for (const file of all) {
      if (await record?.has(file).catch(() => false)) progress.step(file);
      else files.push(file);
    }
    const left = await deliver({
      destination,
      files,
      backOff,
      triesPerFile,
      retrySeconds: options.retrySeconds,
      signal: interrupt.signal,
      onSent: async (file) => {
        await record?.sent(file);
        progress.step(file);
        if (json) print({ file, destination: destination.name, outcome: 'sent' });
      },
      onDead: async (file, error) => {
        dead++;
        await record?.dead(file, error);
        progress.note(faultLine(file, error));
        if (json) print({ file, destination: destination.name, outcome: 'refused', code: error.code });
      },
      onRetry: (error, seconds, count) => {
        progress.note(`${error.toLine()} ${count} object(s) left; next try in ${seconds.toFixed(0)} s.`);
      },
    });
    for (const file of left) if (json) print({ file, destination: destination.name, outcome: 'not-sent' });
    progress.note(summary(files.length - dead - left.length, all.length - files.length, dead, left.length));
    if (interrupt.signal.aborted) return interruptedExitCode;
    return dead + left.length > 0 ? 1 : 0;
  } finally {
    progress.stop();
    interrupt.release();
    await record?.close();
  }
}

function summary(sent: number, before: number, dead: number, left: number): string {
  const parts = [`${sent} object(s) sent`];
  if (before > 0) parts.push(`${before} sent by an earlier run`);
  if (dead > 0) parts.push(`${dead} refused`);
  if (left > 0) parts.push(`${left} not sent: run the same command again`);
  return `${parts.join(', ')}.`;
}
