import { stat } from 'node:fs/promises';
import path from 'node:path';
import { readingSchema } from '../../core/reading.js';
import { readJsonLines } from '../../files/json-lines.js';
import { type RowState, rowStates } from './report-words.js';
import {
  type Failure,
  failureSchema,
  imageKey,
  type PictureEntry,
  pictureEntrySchema,
  runFiles,
} from './run-record.js';
import { parseLine } from './run-results.js';

/** One row of the report to come: enough to sort it, and where its reading stands. */
export interface IndexedReading {
  readonly state: Exclude<RowState, 'failed'>;
  readonly probability: number;
  readonly input: string;
  readonly frame: number;
  readonly region: string | null;
  readonly offset: number;
  readonly length: number;
  readonly pictures: PictureEntry | null;
}

export interface RunIndex {
  /** Most urgent first. */
  readonly readings: readonly IndexedReading[];
  readonly failures: readonly Failure[];
}

/**
 * Reads through the files of a run once and keeps a few words per image, so that a run of any length can be sorted.
 *
 * @throws LUC_OUTPUT_DAMAGED
 */
export async function indexRun(folder: string): Promise<RunIndex> {
  const pictures = new Map<string, PictureEntry>();
  for await (const entry of parsedLines(folder, runFiles.pictureList, pictureEntrySchema)) {
    pictures.set(imageKey(entry.value), entry.value);
  }
  const readings: IndexedReading[] = [];
  for await (const { value, line } of parsedLines(folder, runFiles.readings, readingSchema)) {
    readings.push({
      state: value.verdict,
      probability: value.probability ?? -1,
      input: value.input,
      frame: value.frame ?? 0,
      region: value.image.region?.label ?? null,
      offset: line.offset,
      length: line.length,
      pictures: pictures.get(imageKey(value)) ?? null,
    });
  }
  const failures: Failure[] = [];
  for await (const { value } of parsedLines(folder, runFiles.failures, failureSchema)) failures.push(value);
  return { readings: readings.sort(byUrgency), failures };
}

const names = new Intl.Collator('en', { numeric: true });

function byUrgency(a: IndexedReading, b: IndexedReading): number {
  return (
    rowStates.indexOf(a.state) - rowStates.indexOf(b.state) ||
    b.probability - a.probability ||
    names.compare(a.input, b.input) ||
    a.frame - b.frame
  );
}

async function* parsedLines<T>(folder: string, name: string, schema: Parameters<typeof parseLine<T>>[2]) {
  const file = path.join(folder, name);
  if (!(await stat(file).catch(() => null))) return;
  for await (const line of readJsonLines(file)) yield { value: parseLine(file, line, schema), line };
}
