import type { LucencyError } from '../../core/errors.js';
import type { StudySummary } from '../../core/reading.js';
import { modelUse } from '../../models/registry.js';
import { StudyCollector } from '../../radiograph/study.js';
import { writeRunReport } from '../../report/run/html.js';
import { openRun, type RunStore } from '../../report/run/run-store.js';
import type { Readers } from '../readers.js';
import type { ReadingOutcome } from '../reading-outcome.js';
import { RunCards } from './run-cards.js';

export interface RunFolderOptions {
  readonly folder: string;
  /** Replace the run that the folder holds. */
  readonly force: boolean;
  /** Go on with the run that the folder holds. */
  readonly resume: boolean;
  /** Draw pictures and the HTML report. */
  readonly pictures: boolean;
  readonly version: string;
  /** Also draw findings below the doubtful threshold. */
  readonly candidates: boolean;
  /** What else changes results, by name. */
  readonly settings: Readonly<Record<string, string[] | boolean | null>>;
}

/** Takes readings into the folder of a run: lines, pictures and a report. A run that was stopped can be resumed. */
export class RunFolderSink {
  readonly #store: RunStore;
  readonly #readers: Readers;
  readonly #options: RunFolderOptions;
  #open = true;

  private constructor(store: RunStore, readers: Readers, options: RunFolderOptions) {
    this.#store = store;
    this.#readers = readers;
    this.#options = options;
  }

  /** @throws as `openRun` */
  static async open(readers: Readers, options: RunFolderOptions): Promise<RunFolderSink> {
    const { folder, force, resume, version, pictures, settings } = options;
    const store = await openRun(folder, {
      force,
      resume,
      version,
      models: readers.models.map(modelUse),
      options: { ...settings, pictures },
    });
    return new RunFolderSink(store, readers, options);
  }

  /** Whether this image was read already, in this run or before it was resumed. */
  has(input: string, frame?: number): boolean {
    return this.#store.has(input, frame);
  }

  /** @throws LUC_OUTPUT_* */
  async take(outcome: ReadingOutcome): Promise<void> {
    const { reading } = outcome;
    if (this.has(reading.input, reading.frame)) return;
    const { pictures, candidates } = this.#options;
    await this.#store.write(reading, pictures ? await outcome.pictures({ candidates }) : null);
  }

  /** @throws LUC_OUTPUT_* */
  async fail(input: string, error: LucencyError): Promise<void> {
    await this.#store.fail(input, error);
  }

  /**
   * Completes the run.
   * @returns what its studies come to, those from before a resume included, and the report where there is one
   * @throws LUC_OUTPUT_*
   */
  async finish(): Promise<{ summaries: StudySummary[]; report: string | null }> {
    this.#open = false;
    const studies = new StudyCollector();
    const cards = new RunCards(
      this.#readers.models.map(({ card }) => card),
      this.#readers.modelsFolder,
    );
    for await (const reading of this.#store.readings()) {
      studies.add(reading);
      cards.note(reading);
    }
    const summaries = studies.summaries();
    await this.#store.finish(summaries);
    const { folder } = this.#store;
    const report = this.#options.pictures
      ? await writeRunReport(folder, { cards: await cards.noted() })
      : null;
    return { summaries, report };
  }

  /** Lets go of a run that was not completed, so that it can be resumed. */
  async release(): Promise<void> {
    if (this.#open) await this.#store.interrupt();
    this.#open = false;
  }
}
