import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readingSchema, studySummarySchema } from '../../core/reading.js';
import { makeFolders } from '../../files/make-folders.js';
import { writeDurably } from '../../files/output-file.js';

/**
 * What was read of a study: the contract `lucency.study-result/1`. Inputs are file names within the study's folder; that of
 * a volume is the name of the folder, which is the Study Instance UID, or a file of the volume.
 */
export const studyResultSchema = z.object({
  schema: z.literal('lucency.study-result/1'),
  study: z.string(),
  /** Null when no image of the study could be read. */
  summary: studySummarySchema.nullable(),
  readings: z.array(readingSchema),
  /** Images and volumes that could not be read, and why. */
  failures: z.array(z.object({ input: z.string(), code: z.string(), message: z.string() })),
});
export type StudyResult = z.infer<typeof studyResultSchema>;

const stateSchema = z.object({
  schema: z.literal('lucency.analysis-state/1'),
  /** Files that are done with. */
  analysed: z.array(z.string()),
  /** Tries in which work was begun and during which the process ended, since the last one that came to an end. */
  tries: z.number().int().nonnegative(),
  /** When the last try was begun, ISO 8601. */
  lastTry: z.string().optional(),
  /** What was given up, until someone has it tried again. */
  givenUp: z
    .array(z.object({ files: z.array(z.string()), at: z.string(), tries: z.number().int().positive() }))
    .optional(),
});
export type AnalysisState = z.infer<typeof stateSchema>;

async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T | null> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // Absent or damaged: the study is then read again, which loses nothing.
    return null;
  }
}

/** Where the results of one study lie: `results/<Study Instance UID>/`. */
export class StudyResultFolder {
  readonly folder: string;
  readonly #study: string;
  readonly #images: string;

  constructor(receivingFolder: string, study: string) {
    this.#study = study;
    this.folder = path.join(receivingFolder, 'results', study);
    this.#images = path.join(receivingFolder, 'studies', study);
  }

  /** The result as JSON. */
  get resultFile(): string {
    return path.join(this.folder, 'study.json');
  }

  /** The results as DICOM objects. */
  get objectsFolder(): string {
    return path.join(this.folder, 'objects');
  }

  async state(): Promise<AnalysisState> {
    const state = await readJson(path.join(this.folder, 'state.json'), stateSchema);
    return state ?? { schema: 'lucency.analysis-state/1', analysed: [], tries: 0 };
  }

  async writeState(state: AnalysisState): Promise<void> {
    await makeFolders(this.folder);
    await writeDurably(path.join(this.folder, 'state.json'), `${JSON.stringify(state)}\n`);
  }

  async result(): Promise<StudyResult> {
    const empty = { schema: 'lucency.study-result/1', study: this.#study, summary: null } as const;
    return (await readJson(this.resultFile, studyResultSchema)) ?? { ...empty, readings: [], failures: [] };
  }

  async writeResult(result: StudyResult): Promise<void> {
    await makeFolders(this.folder);
    await writeDurably(this.resultFile, `${JSON.stringify(result, null, 2)}\n`);
  }

  /** All received files, absolute. */
  async received(): Promise<string[]> {
    const names = await readdir(this.#images).catch(() => []);
    return names.sort().map((name) => path.join(this.#images, name));
  }

  /** Received files that are not done with, absolute. */
  async pending({ analysed }: AnalysisState): Promise<string[]> {
    const done = new Set(analysed);
    return (await this.received()).filter((file) => !done.has(path.basename(file)));
  }
}
