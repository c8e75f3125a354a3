import path from 'node:path';
import type { LucencyError } from '../core/errors.js';
import { printableJson } from '../core/printable.js';
import { type StudySummary, type Verdict, verdictsByUrgency } from '../core/reading.js';
import { countWords } from '../core/reading-words.js';
import { packageVersion } from '../models/package-version.js';
import { readStudies } from '../reading/read-studies.js';
import { openReaders, type Readers, type ReadersOptions } from '../reading/readers.js';
import type { ReadingOutcome } from '../reading/reading-outcome.js';
import { DicomFolderSink } from '../reading/sinks/dicom-folder.js';
import { cardsOf } from '../reading/sinks/run-cards.js';
import { RunFolderSink } from '../reading/sinks/run-folder.js';
import { pathsSource } from '../reading/sources/paths.js';
import { interruptedExitCode, onInterrupt } from './interrupt.js';
import { type Progress, startProgress } from './progress.js';
import { accuracyLines, readingLines, volumeAccuracyLine } from './reading-lines.js';
import { faultLine, toStdout } from './terminal.js';

export interface AnalysisOutput {
  readonly folder: string;
  readonly force: boolean;
  readonly resume: boolean;
  readonly pictures: boolean;
}

export interface AnalyzeOptions {
  readonly reader: ReadersOptions;
  readonly format: 'json' | 'text';
  readonly studies: boolean;
  /** The pictures of a folder are views of one study. */
  readonly folderStudies: boolean;
  readonly output: AnalysisOutput | null;
  /** Folder for the results as DICOM objects. */
  readonly dicomOut: string | null;
  /** Number of inputs, for the bar. */
  readonly total: number;
  readonly progress: boolean;
  /** Print readings and errors, nothing else. */
  readonly quiet: boolean;
}

/** Waits while standard output is full, so that a slow reader does not make our memory grow. */
async function print(line: string): Promise<void> {
  if (!toStdout(`${line}\n`)) await new Promise((resolve) => process.stdout.once('drain', resolve));
}

/** A path as seen from the working directory, where it lies below it. */
function fromHere(file: string): string {
  const relative = path.relative('', file);
  return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative;
}

async function openRunFolder(readers: Readers, options: AnalyzeOptions): Promise<RunFolderSink | null> {
  const { reader, output } = options;
  if (!output) return null;
  const allCandidates = reader.allCandidates ?? false;
  return RunFolderSink.open(readers, {
    ...output,
    version: packageVersion(),
    candidates: allCandidates,
    settings: {
      allCandidates,
      explain: reader.explain ?? false,
      networks: reader.networks ? [...reader.networks] : null,
    },
  });
}

/** One run of `lucency analyze`: outcomes in, lines and files out. */
class Analysis {
  readonly #options: AnalyzeOptions;
  readonly #readers: Readers;
  readonly #run: RunFolderSink | null;
  readonly #dicom: DicomFolderSink | null;
  readonly #progress: Progress;
  readonly #regions = new Set<string>();
  /** Models of the readers of volumes whose figures tell how often they are right. */
  readonly #volumeModels = new Set<string>();
  readonly #started = performance.now();
  readonly #verdicts = new Map<Verdict, number>();
  failures = 0;

  constructor(options: AnalyzeOptions, readers: Readers, run: RunFolderSink | null, progress: Progress) {
    this.#options = options;
    this.#readers = readers;
    this.#run = run;
    this.#dicom =
      options.dicomOut === null
        ? null
        : new DicomFolderSink(options.dicomOut, { version: packageVersion(), refused: true });
    this.#progress = progress;
  }

  async take(outcome: ReadingOutcome): Promise<void> {
    const { reading, seen, answeredBy } = outcome;
    // Before the reading is listed as done, so that a resumed run leaves none without its objects.
    const made = await this.#dicom?.take(outcome);
    // The picture was read; that it has no study which an object could join is no fault of the run.
    if (made?.error?.code === 'LUC_RESULT_NO_DICOM_SOURCE')
      this.#progress.note(faultLine(reading.input, made.error));
    else if (made?.error) this.#note(reading.input, made.error);
    this.#verdicts.set(reading.verdict, (this.#verdicts.get(reading.verdict) ?? 0) + 1);
    this.#progress.step(reading.input);
    await this.#run?.take(outcome);
    await print(this.#options.format === 'json' ? printableJson(reading) : readingLines(reading));
    if (reading.verdict === 'refused') return;
    if (reading.image.region) this.#regions.add(reading.image.region.label);
    if (seen?.reads === 'volume') for (const id of answeredBy) this.#volumeModels.add(id);
  }

  #note(input: string, error: LucencyError): void {
    this.failures++;
    this.#progress.note(faultLine(input, error));
  }

  async fail(input: string, error: LucencyError): Promise<void> {
    this.#progress.step(input);
    this.#note(input, error);
    await this.#run?.fail(input, error);
  }

  async finish(summaries: readonly StudySummary[]): Promise<void> {
    const run = await this.#run?.finish();
    if (this.#options.format === 'json') {
      const all = run?.summaries ?? summaries;
      if (this.#options.studies) for (const summary of all) await print(printableJson(summary));
    }
    if (this.#options.quiet) return;
    if (this.#options.format === 'text') {
      await this.#printAccuracy();
      this.#progress.note(this.#summary());
    }
    if (run?.report) this.#progress.note(`Report: ${fromHere(run.report)}`);
  }

  #summary(): string {
    const seconds = (performance.now() - this.#started) / 1000;
    const total = [...this.#verdicts.values()].reduce((sum, count) => sum + count, 0);
    const parts = verdictsByUrgency.flatMap((verdict) => {
      const count = this.#verdicts.get(verdict);
      return count === undefined ? [] : [`${count} ${countWords[verdict]}`];
    });
    const failed = this.failures === 0 ? [] : [`${this.failures} could not be read`];
    return `${total} read in ${seconds.toFixed(seconds < 10 ? 1 : 0)} s: ${[...parts, ...failed].join(', ')}.`;
  }

  async #printAccuracy(): Promise<void> {
    if (this.#regions.size > 0) {
      await print('\nHow often such answers are right (95 % intervals):');
      for (const line of accuracyLines(this.#readers.answering.card, this.#regions)) await print(`  ${line}`);
    }
    if (this.#volumeModels.size > 0) {
      await print('\nHow often the readings of volumes are right (95 % intervals):');
      for (const card of await cardsOf(this.#volumeModels, this.#readers.modelsFolder)) {
        await print(`  ${volumeAccuracyLine(card)}`);
      }
    }
  }
}

/**
 * Reads everything below the paths: images one by one as they are found, then the volumes.
 * @returns exit code: 0 all read, 1 some inputs could not be read, 130 stopped by the user
 * @throws LUC_MODEL_*, LUC_OUTPUT_*, LUC_USAGE_* when the run cannot start or its results cannot be written
 */
export async function runAnalysis(paths: readonly string[], options: AnalyzeOptions): Promise<number> {
  const readers = await openReaders(options.reader);
  const progress = startProgress(options.total, options.progress);
  const interrupt = onInterrupt(() =>
    progress.note('Stopping after this image; press Ctrl-C again to stop at once.'),
  );
  const { signal } = interrupt;
  let run: RunFolderSink | null = null;
  try {
    run = await openRunFolder(readers, options);
    const analysis = new Analysis(options, readers, run, progress);
    const summaries: StudySummary[] = [];
    const events = readStudies(pathsSource(paths, { folderStudies: options.folderStudies }), readers, {
      signal,
      skip: (input) => run?.has(input) ?? false,
      onProgress: progress.within,
      onSlice: progress.step,
    });
    for await (const event of events) {
      if (event.kind === 'reading') await analysis.take(event.outcome);
      else if (event.kind === 'failure') await analysis.fail(event.input, event.error);
      else if (event.kind === 'study') summaries.push(event.summary);
      else await readers.releaseRadiographs();
    }
    if (signal.aborted) {
      if (run) progress.note('Stopped. Go on with the same command and --resume.');
      return interruptedExitCode;
    }
    await analysis.finish(summaries);
    return analysis.failures > 0 ? 1 : 0;
  } finally {
    await run?.release();
    progress.stop();
    interrupt.release();
    await readers.close();
  }
}
