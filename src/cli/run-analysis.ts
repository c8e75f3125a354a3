import path from 'node:path';
import { LucencyError } from '../core/errors.js';
import { printableJson } from '../core/printable.js';
import type { Reading } from '../core/reading.js';
import type { VolumeReadingResult } from '../core/volume-reading.js';
import type { ResultObject } from '../dicom/results/result-object.js';
import { findInputs } from '../image/inputs.js';
import type { ReadablePlan, VolumePlan } from '../image/volume/volume-plan.js';
import { VolumeSorter } from '../image/volume/volume-sorter.js';
import { modelUse } from '../models/registry.js';
import { openReader, type Reader, type ReaderOptions } from '../radiograph/open-reader.js';
import type { ReadingResult } from '../radiograph/reader.js';
import { StudyCollector } from '../radiograph/study.js';
import { dicomResults } from '../reading/results/dicom-results.js';
import { writeObjects } from '../reading/results/write-objects.js';
import type { ReadVolumesOptions } from '../reading/volumes/read-volumes.js';
import { drawPictures, type PictureSet } from '../report/picture/picture-set.js';
import { writeRunReport } from '../report/run/html.js';
import { openRun, type RunStore } from '../report/run/run-store.js';
import { CardShelf } from './card-shelf.js';
import { interruptedExitCode, onInterrupt } from './interrupt.js';
import { packageVersion } from './package-version.js';
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
  if (!toStdout(`${line}\n`)) await new Promise((resolve) => process.stdout.once('drain', resolve));
}

/** A path as seen from the working directory, where it lies below it. */
function fromHere(file: string): string {
  const relative = path.relative('', file);
  return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative;
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
  /** Models of the readers of volumes whose figures tell how often they are right. */
  readonly #volumeModels = new Set<string>();
  failures = 0;

  constructor(options: AnalyzeOptions, store: RunStore | null, progress: Progress) {
    this.#options = options;
    this.#store = store;
    this.#progress = progress;
  }

  async result(result: ReadingResult): Promise<void> {
    const { reading, radiograph, heatMaps } = result;
    const candidates = this.#options.reader.allCandidates ?? false;
    // Before the reading is listed as done, so that a resumed run leaves none without its objects.
    await this.#writeDicom(reading, (version) => dicomResults(result, { version }));
    await this.#keep(reading, () =>
      drawPictures(radiograph, reading, heatMaps, { heatMapPictures: true, candidates }),
    );
    if (reading.verdict !== 'refused' && reading.image.region) this.#regions.add(reading.image.region.label);
  }

  async volume(result: VolumeReadingResult, plan: ReadablePlan, modelIds: readonly string[]): Promise<void> {
    const { volumeDicomResults } = await import('../reading/results/volume-dicom-results.js');
    await this.#writeDicom(result.reading, (version) => volumeDicomResults(result, plan, { version }));
    const { drawVolumePictures } = await import('../report/volume/volume-pictures.js');
    await this.#keep(result.reading, () => drawVolumePictures(result));
    if (result.reading.verdict !== 'refused') for (const id of modelIds) this.#volumeModels.add(id);
  }

  /** A study that no reader is made for: there is nothing to draw. */
  async refused(reading: Reading): Promise<void> {
    await this.#keep(reading, async () => null);
  }

  async #keep(reading: Reading, draw: () => Promise<PictureSet | null>): Promise<void> {
    this.#progress.step(reading.input);
    const known = this.#store?.has(reading.input, reading.frame) ?? false;
    if (this.#store && !known) {
      await this.#store.write(reading, this.#options.output?.pictures ? await draw() : null);
    }
    if (!this.#store) this.#studies.add(reading);
    await print(this.#options.format === 'json' ? printableJson(reading) : readingLines(reading));
  }

  /** A picture has no study to join: named as a failure, its reading is given out all the same. */
  async #writeDicom(
    { input }: Reading,
    objects: (version: string) => Promise<ResultObject[]>,
  ): Promise<void> {
    const folder = this.#options.dicomOut;
    if (folder === null) return;
    try {
      await writeObjects(folder, await objects(packageVersion()));
    } catch (error) {
      if (!(error instanceof LucencyError) || error.code.startsWith('LUC_OUTPUT_')) throw error;
      this.failures++;
      this.#progress.note(faultLine(input, error));
    }
  }

  async failure(input: string, error: LucencyError): Promise<void> {
    this.failures++;
    this.#progress.step(input);
    this.#progress.note(faultLine(input, error));
    await this.#store?.fail(input, error);
  }

  async finish(reader: Reader): Promise<void> {
    const radiographCards = reader.models.map(({ card }) => card);
    const cards = new CardShelf(radiographCards, this.#options.reader.models);
    if (this.#store) {
      for await (const reading of this.#store.readings()) {
        this.#studies.add(reading);
        cards.note(reading);
      }
    }
    const summaries = this.#studies.summaries();
    await this.#store?.finish(summaries);
    if (this.#options.format === 'json') {
      if (this.#options.studies) for (const summary of summaries) await print(printableJson(summary));
    } else {
      if (this.#regions.size > 0) {
        await print('\nHow often such answers are right (95 % intervals):');
        for (const line of accuracyLines(reader.answering.card, this.#regions)) await print(`  ${line}`);
      }
      if (this.#volumeModels.size > 0) {
        await print('\nHow often the readings of volumes are right (95 % intervals):');
        for (const card of await cards.of(this.#volumeModels)) await print(`  ${volumeAccuracyLine(card)}`);
      }
    }
    if (this.#store && this.#options.output?.pictures) {
      const report = await writeRunReport(this.#store.folder, {
        cards: await cards.noted(),
      });
      this.#progress.note(`Report: ${fromHere(report)}`);
    }
  }
}

async function analyzeVolumes(
  plans: readonly VolumePlan[],
  analysis: Analysis,
  { reader: { models, threads, allCandidates, explain } }: AnalyzeOptions,
  options: ReadVolumesOptions,
): Promise<void> {
  const { VolumeReaders } = await import('../reading/volumes/volume-readers.js');
  const { readVolumes } = await import('../reading/volumes/read-volumes.js');
  const readers = new VolumeReaders({
    ...(models === undefined ? {} : { models }),
    ...(threads === undefined ? {} : { threads }),
    allCandidates: allCandidates ?? false,
    explain: explain ?? false,
  });
  try {
    for await (const event of readVolumes(plans, readers, options)) {
      if (event.kind === 'error') await analysis.failure(event.input, event.error);
      else if (event.kind === 'refused') await analysis.refused(event.reading);
      else {
        const { reading } = event.result;
        const reader = await readers.of(reading.kind === 'infection' ? 'infection' : 'ribs');
        await analysis.volume(event.result, event.plan, reader.modelIds);
      }
    }
  } finally {
    await readers.close();
  }
}

/**
 * Reads everything below the paths: images one by one as they are found, then the volumes.
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
    const { signal } = interrupt;
    const volumes = new VolumeSorter();
    const images = volumes.images(findInputs(paths, { volumes: true }), (input) => progress.step(input));
    for await (const event of reader.readInputs(images, { signal, skip })) {
      if (event.kind === 'result') await analysis.result(event.result);
      else await analysis.failure(event.input, event.error);
    }
    const plans = signal.aborted ? [] : await volumes.plans();
    if (plans.length > 0) {
      // The networks of radiographs make room for a volume.
      await reader.close();
      await analyzeVolumes(plans, analysis, options, { signal, skip, onProgress: progress.within });
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
