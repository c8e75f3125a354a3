import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { LucencyError } from '../../core/errors.js';
import { isVolumeKind } from '../../core/reader-kinds.js';
import { type Reading, readingSchema, type StudySummary, studySummarySchema } from '../../core/reading.js';
import { onOutput, openForWriting } from '../../files/output-file.js';
import type { Card } from '../../models/card.js';
import { accuracySection } from './report-accuracy.js';
import { type DetailPictures, heatMapMeanings, readingDetail } from './report-detail.js';
import { type IndexedReading, indexRun, type RunIndex } from './report-index.js';
import { limitsSection, modelsSection } from './report-models.js';
import { type PageSummary, pageEnd, pageStart, readPageAssets, rowData, tableEnd } from './report-page.js';
import { failureRow, readingRow, type TableRow, UNKNOWN_REGION } from './report-row.js';
import { studiesSection } from './report-studies.js';
import { noCounts, type PictureEntry, type RunRecord, readRunRecord, runFiles } from './run-record.js';
import { parseLine } from './run-results.js';
import { html, type SafeHtml } from './safe-html.js';
import { volumeDetail } from './volume-detail.js';

export interface RunReportOptions {
  /** Cards of the models that took part: accuracy, limits and facts come from them. */
  readonly cards: readonly Card[];
  /**
   * Up to so many images the pictures are part of the page; of larger runs only the thumbnails are, and the pictures
   * are linked from the run's folder, so that the page can still be opened. @default 300
   */
  readonly inlineLimit?: number;
}

/** Rows in one page of the table. */
const ROWS_PER_PAGE = 100;

/**
 * Writes `report.html` into the folder of a run: one page that needs nothing but itself. Images are read and written
 * one by one, so that memory stays small however long the run is.
 *
 * @returns path of the page
 * @throws LUC_OUTPUT_NOT_A_RUN, LUC_OUTPUT_DAMAGED, LUC_OUTPUT_FULL, LUC_OUTPUT_UNWRITABLE
 */
export async function writeRunReport(folder: string, options: RunReportOptions): Promise<string> {
  const target = path.join(folder, runFiles.report);
  const aside = `${target}.part`;
  const record = await readRunRecord(folder);
  const index = await indexRun(folder);
  const studies = await readStudies(folder);
  const readings = await openReadings(folder);
  try {
    const page = new PageWriter(await openForWriting(aside), target);
    try {
      await writePage(page, { folder, readings, record, index, studies, options });
    } finally {
      await page.close();
    }
    await onOutput(target, () => rename(aside, target));
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  } finally {
    await readings.close();
  }
  return target;
}

function openReadings(folder: string): Promise<FileHandle> {
  return open(path.join(folder, runFiles.readings), 'r').catch((cause: unknown) => {
    const reason = `its ${runFiles.readings} cannot be read`;
    throw new LucencyError('LUC_OUTPUT_NOT_A_RUN', { path: folder, reason }, { cause });
  });
}

interface PageSource {
  readonly folder: string;
  readonly readings: FileHandle;
  readonly record: RunRecord;
  readonly index: RunIndex;
  readonly studies: readonly StudySummary[] | null;
  readonly options: RunReportOptions;
}

async function writePage(page: PageWriter, source: PageSource): Promise<void> {
  const { record, index, options } = source;
  const assets = await readPageAssets();
  const summary = summaryOf(record, index);
  await page.write(pageStart(summary, assets));
  await writeTable(page, rowsOf(source));
  for (const region of summary.regions.filter((name) => name !== UNKNOWN_REGION)) {
    const figures = accuracySection(region, options.cards);
    await page.write(html`<template class="accuracy" data-region="${region}">${figures}</template>\n`);
  }
  await page.write(heatMapMeanings());
  const studies = studiesSection(source.studies);
  if (studies) await page.write(studies);
  await page.write(limitsSection(options.cards));
  const used = [...record.models, ...record.volumeModels];
  const known = used.filter(({ id }) => options.cards.some((card) => card.id === id));
  await page.write(modelsSection(known.length > 0 ? known : used, options.cards));
  await page.write(pageEnd(assets));
}

/**
 * The first rows stand in the page; the others wait as text, because ten thousand rows in the document take a
 * browser many seconds. What the filter needs is listed for all of them.
 */
async function writeTable(page: PageWriter, rows: AsyncIterable<TableRow>): Promise<void> {
  const first: TableRow[] = [];
  let waiting: TableRow[] = [];
  let firstWritten = false;
  for await (const row of rows) {
    if (first.length < ROWS_PER_PAGE) {
      first.push(row);
      await page.write(row.html);
      continue;
    }
    if (!firstWritten) {
      await page.write(html`${tableEnd()}${rowData(first, false)}`);
      firstWritten = true;
    }
    waiting.push(row);
    if (waiting.length === ROWS_PER_PAGE) {
      await page.write(rowData(waiting, true));
      waiting = [];
    }
  }
  await page.write(firstWritten ? rowData(waiting, true) : html`${tableEnd()}${rowData(first, false)}`);
}

async function* rowsOf({ folder, readings, index, options }: PageSource): AsyncGenerator<TableRow> {
  const inline = index.readings.length <= (options.inlineLimit ?? 300);
  for (const [key, entry] of index.readings.entries()) {
    const reading = await readingAt(readings, entry);
    const pictures = entry.pictures ? await detailPictures(folder, entry.pictures, inline) : null;
    const detail = isVolumeKind(reading.kind)
      ? volumeDetail(reading, pictures, options.cards)
      : readingDetail(reading, pictures, options.cards, String(key));
    const thumbnail = entry.pictures ? await dataUri(folder, entry.pictures.thumbnail) : null;
    yield readingRow({ reading, thumbnail, detail });
  }
  for (const failure of index.failures) yield failureRow(failure);
}

async function readingAt(readings: FileHandle, { offset, length }: IndexedReading): Promise<Reading> {
  const line = Buffer.alloc(length);
  await readings.read(line, 0, length, offset);
  return readingSchema.parse(JSON.parse(line.toString('utf8')));
}

async function detailPictures(
  folder: string,
  entry: PictureEntry,
  inline: boolean,
): Promise<DetailPictures | null> {
  const places = {
    overlays: entry.heatMaps.map(({ overlay }) => overlay),
    panels: entry.panels.map(({ picture }) => picture),
  };
  if (!inline) return { entry, view: entry.view, ...places };
  const uris = (list: readonly string[]): Promise<string[]> =>
    Promise.all(list.map(async (place) => (await dataUri(folder, place)) ?? ''));
  const view = await dataUri(folder, entry.view);
  return view
    ? { entry, view, overlays: await uris(places.overlays), panels: await uris(places.panels) }
    : null;
}

/** A picture of the run as data URI; null when its file is gone. */
async function dataUri(folder: string, place: string): Promise<string | null> {
  const bytes = await readFile(path.join(folder, place)).catch(() => null);
  if (!bytes) return null;
  return `data:image/${place.endsWith('.jpg') ? 'jpeg' : 'png'};base64,${bytes.toString('base64')}`;
}

function summaryOf(record: RunRecord, { readings, failures }: RunIndex): PageSummary {
  const counts = { ...noCounts(), failed: failures.length };
  for (const { state } of readings) counts[state]++;
  const regions = new Set(readings.map(({ region }) => region ?? UNKNOWN_REGION));
  if (failures.length > 0) regions.add(UNKNOWN_REGION);
  return { record, counts, regions: [...regions].sort() };
}

/** The study summaries of the run; null when it was broken off before they were written. */
async function readStudies(folder: string): Promise<StudySummary[] | null> {
  const file = path.join(folder, runFiles.studies);
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  return parseLine(file, { text, line: 1 }, z.array(studySummarySchema));
}

/** Collects small pieces and writes them in blocks. */
class PageWriter {
  readonly #file: FileHandle;
  readonly #path: string;
  #pieces: string[] = [];
  #waiting = 0;

  constructor(file: FileHandle, target: string) {
    this.#file = file;
    this.#path = target;
  }

  async write({ text }: SafeHtml): Promise<void> {
    this.#pieces.push(text);
    this.#waiting += text.length;
    if (this.#waiting > 1 << 18) await this.#flush();
  }

  async #flush(): Promise<void> {
    const block = this.#pieces.join('');
    this.#pieces = [];
    this.#waiting = 0;
    await onOutput(this.#path, () => this.#file.writeFile(block));
  }

  async close(): Promise<void> {
    try {
      await this.#flush();
    } finally {
      await this.#file.close();
    }
  }
}
