import { LucencyError } from '../core/errors.js';
import { modelUse } from '../models/registry.js';
import { openReader, type Reader, type ReaderOptions } from '../radiograph/open-reader.js';
import type { ReadingResult } from '../radiograph/reader.js';
import { StudyCollector } from '../radiograph/study.js';
import { drawPictures } from '../report/picture/picture-set.js';
import { writeRunReport } from '../report/run/html.js';
import { openRun, type RunStore } from '../report/run/run-store.js';
import { dicomResults } from '../service/results/dicom-results.js';
import { writeObjects } from '../service/results/write-objects.js';
import { interruptedExitCode, onInterrupt } from './interrupt.js';
import { packageVersion } from './package-version.js';
import { type Progress, startProgress } from './progress.js';
import { accuracyLines, readingLines } from './reading-lines.js';

export interface AnalysisOutput {
  readonly folder: string;
  readonly force: boolean;
  readonly resume: boolean;
  readonly pictures: boolean;
}

export interface AnalyzeOptions {
  readonly reader: ReaderOptions;
  readonly format: 'json' | 'text';
  readonly studies: boolean;
  readonly output: AnalysisOutput | null;
  /** Folder for the results as DICOM objects. */
  readonly dicomOut: string | null;
  /** Number of inputs, for the bar. */
  readonly total: number;
  readonly progress: boolean;
}

/** Waits while standard output is full, so that a slow reader does not make our memory grow. */
async function print(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`))
    await new Promise((resolve) => process.stdout.once('drain', resolve));
}

function openStore(reader: Reader, { reader: settings, output }: AnalyzeOptions): Promise<RunStore> | null {
  if (!output) return null;
  const { folder, force, resume, pictures } = output;
  return openRun(folder, {
    force,
    resume,
    version: packageVersion(),
    models: reader.models.map(modelUse),
    options: {
      allCandidates: settings.allCandidates ?? false,
      explain: settings.explain ?? false,
      networks: settings.networks ? [...settings.networks] : null,
      pictures,
    },
  });
}

/** One run of `lucency analyze`: images in, lines and files out. */
class Analysis {
  readonly #options: AnalyzeOptions;
  readonly #store: RunStore | null;
  readonly #progress: Progress;
  readonly #studies = new StudyCollector();
  readonly #regions = new Set<string>();
  failures = 0;

  constructor(options: AnalyzeOptions, store: RunStore | null, progress: Progress) {
    this.#options = options;
    this.#store = store;
    this.#progress = progress;
  }

  async result(result: ReadingResult): Promise<void> {
    const { reading, radiograph, heatMaps } = result;
    this.#progress.step(reading.input);
    const known = this.#store?.has(reading.input, reading.frame) ?? false;
    // Before the reading is listed as done, so that a resumed run leaves none without its objects.
    if (this.#options.dicomOut !== null) await this.#writeDicom(result, this.#options.dicomOut);
    if (this.#store && !known) {
      const candidates = this.#options.reader.allCandidates ?? false;
      const pictures = this.#options.output?.pictures
        ? await drawPictures(radiograph, reading, heatMaps, { heatMapPictures: true, candidates })
        : null;
      await this.#store.write(reading, pictures);
    }
    if (reading.verdict !== 'refused' && reading.image.region) this.#regions.add(reading.image.region.label);
    if (!this.#store) this.#studies.add(reading);
    await print(this.#options.format === 'json' ? JSON.stringify(reading) : readingLines(reading));
  }

  /** A picture has no study to join: named as a failure, its reading is given out all the same. */
  async #writeDicom(result: ReadingResult, folder: string): Promise<void> {
    try {
      await writeObjects(folder, await dicomResults(result, { version: packageVersion() }));
    } catch (error) {
      if (!(error instanceof LucencyError) || error.code.startsWith('LUC_OUTPUT_')) throw error;
      this.failures++;
      this.#progress.note(`${result.reading.input}: ${error.toLine()}`);
    }
  }

  async failure(input: string, error: LucencyError): Promise<void> {
    this.failures++;
    this.#progress.step(input);
    this.#progress.note(`${input}: ${error.toLine()}`);
    await this.#store?.fail(input, error);
  }

  async finish(reader: Reader): Promise<void> {
    if (this.#store) for await (const reading of this.#store.readings()) this.#studies.add(reading);
    const summaries = this.#studies.summaries();
    await this.#store?.finish(summaries);
    if (this.#options.format === 'json') {
      if (this.#options.studies) for (const summary of summaries) await print(JSON.stringify(summary));
    } else {
      if (this.#regions.size > 0) {
        await print('\nHow often such answers are right (95 % intervals):');
        for (const line of accuracyLines(reader.answering.card, this.#regions)) await print(`  ${line}`);
      }
    }
    if (this.#store && this.#options.output?.pictures) {
      const report = await writeRunReport(this.#store.folder, {
        cards: reader.models.map(({ card }) => card),
      });
      this.#progress.note(`Report: ${report}`);
    }
  }
}

/**
 * Reads everything below the paths.
 * @returns exit code: 0 all read, 1 some inputs could not be read, 130 stopped by the user
 * @throws LUC_MODEL_*, LUC_OUTPUT_*, LUC_USAGE_* when the run cannot start or its results cannot be written
 */
export async function runAnalysis(paths: readonly string[], options: AnalyzeOptions): Promise<number> {
  const reader = await openReader(options.reader);
  const progress = startProgress(options.total, options.progress);
  const interrupt = onInterrupt(() =>
    progress.note('Stopping after this image; press Ctrl-C again to stop at once.'),
  );
  let store: RunStore | null = null;
  let open = false;
  try {
    store = await openStore(reader, options);
    open = store !== null;
    const analysis = new Analysis(options, store, progress);
    const skip = (input: string): boolean => store?.has(input) ?? false;
    for await (const event of reader.readPaths(paths, { signal: interrupt.signal, skip })) {
      if (event.kind === 'result') await analysis.result(event.result);
      else await analysis.failure(event.input, event.error);
    }
    if (interrupt.signal.aborted) {
      if (store) progress.note('Stopped. Go on with the same command and --resume.');
      return interruptedExitCode;
    }
    open = false;
    await analysis.finish(reader);
    return analysis.failures > 0 ? 1 : 0;
  } finally {
    if (open) await store?.interrupt();
    progress.stop();
    interrupt.release();
    await reader.close();
  }
}
