import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { LucencyError } from '../../core/errors.js';
import { modelUseSchema } from '../../core/reading.js';

/** How a run was made: the contract `lucency.run/1`, written to `run.json`. */
export const runRecordSchema = z.object({
  schema: z.literal('lucency.run/1'),
  /** Version of Lucency. */
  version: z.string(),
  /** The options that change results, by name. */
  options: z.record(z.string(), z.json()),
  models: z.array(modelUseSchema),
  /** Models of the readers of volumes, which are opened only when a volume is met. */
  volumeModels: z.array(modelUseSchema).default([]),
  /** ISO 8601, UTC. */
  startedAt: z.string(),
  resumedAt: z.array(z.string()),
  /** Null while the run goes on, and for good when it was broken off. */
  finishedAt: z.string().nullable(),
  counts: z.object({
    fracture: z.number().int(),
    // Runs that were begun before volumes were read have no such counts.
    infection: z.number().int().default(0),
    doubt: z.number().int(),
    'no-fracture': z.number().int(),
    'no-infection': z.number().int().default(0),
    refused: z.number().int(),
    failed: z.number().int(),
  }),
});
export type RunRecord = z.infer<typeof runRecordSchema>;
export type RunCounts = RunRecord['counts'];

export function noCounts(): RunCounts {
  return {
    fracture: 0,
    infection: 0,
    doubt: 0,
    'no-fracture': 0,
    'no-infection': 0,
    refused: 0,
    failed: 0,
  };
}

/** What makes two runs the same kind of run. */
export type RunIdentity = Pick<RunRecord, 'version' | 'options' | 'models'>;

/** Names of the files of a run, relative to its folder. */
export const runFiles = {
  record: 'run.json',
  readings: 'readings.jsonl',
  failures: 'errors.jsonl',
  pictureList: 'pictures.jsonl',
  studies: 'studies.json',
  report: 'report.html',
} as const;

/** Names of the folders of a run, relative to its folder. */
export const runFolders = { pictures: 'pictures', heatMaps: 'heatmaps', parts: 'parts' } as const;

/** An input that could not be read. */
export const failureSchema = z.object({
  input: z.string(),
  frame: z.number().int().positive().optional(),
  code: z.string(),
  message: z.string(),
  advice: z.string(),
});
export type Failure = z.infer<typeof failureSchema>;

/** A path that stays inside the folder of the run: one known folder and one plain file name. */
const insidePath = z.string().regex(/^(pictures|heatmaps|parts)\/[A-Za-z0-9_-][A-Za-z0-9._-]*$/);

/** Where the pictures of one reading lie, relative to the folder of the run, with forward slashes. */
export const pictureEntrySchema = z.object({
  input: z.string(),
  frame: z.number().int().positive().optional(),
  annotated: insidePath.nullable(),
  view: insidePath,
  thumbnail: insidePath,
  heatMaps: z.array(
    z.object({
      model: z.string(),
      findingId: z.number().int().positive().nullable(),
      method: z.enum(['grad-cam', 'detector-scores']),
      top: z.number().nonnegative(),
      overlay: insidePath,
      picture: insidePath.nullable(),
    }),
  ),
  /** Volumes only: cuts through findings and overviews. */
  panels: z
    .array(
      z.object({
        title: z.string(),
        findingId: z.number().int().positive().nullable(),
        picture: insidePath,
      }),
    )
    .default([]),
});
export type PictureEntry = z.infer<typeof pictureEntrySchema>;

/** Key of one image of a run. */
export function imageKey({ input, frame }: { input: string; frame?: number | undefined }): string {
  return `${frame ?? 0} ${input}`;
}

/** @throws LUC_OUTPUT_NOT_A_RUN when the folder holds no valid `run.json` */
export async function readRunRecord(folder: string): Promise<RunRecord> {
  const refuse = (reason: string, cause?: unknown): LucencyError =>
    new LucencyError('LUC_OUTPUT_NOT_A_RUN', { path: folder, reason }, { cause });
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(path.join(folder, runFiles.record), 'utf8'));
  } catch (cause) {
    throw refuse(`its ${runFiles.record} is missing or is not JSON`, cause);
  }
  const result = runRecordSchema.safeParse(parsed);
  if (!result.success) throw refuse(`its ${runFiles.record} does not follow lucency.run/1`, result.error);
  return result.data;
}

/** What differs between two runs, in words; null when one can go on with the other. */
export function identityDifference(earlier: RunIdentity, now: RunIdentity): string | null {
  const differences: string[] = [];
  if (earlier.version !== now.version) differences.push(`version ${earlier.version}, now ${now.version}`);
  for (const name of new Set([...Object.keys(earlier.options), ...Object.keys(now.options)].sort())) {
    const before = canonical(earlier.options[name]);
    const after = canonical(now.options[name]);
    if (before !== after) differences.push(`option ${name} was ${before}, is now ${after}`);
  }
  const sums = (identity: RunIdentity): Map<string, string> =>
    new Map(identity.models.map(({ id, version, sha256 }) => [id, `${version} ${sha256}`]));
  const before = sums(earlier);
  const after = sums(now);
  for (const id of new Set([...before.keys(), ...after.keys()].sort())) {
    if (before.get(id) !== after.get(id)) differences.push(`model ${id}`);
  }
  return differences.length > 0 ? differences.join('; ') : null;
}

/** JSON with sorted keys, so that the order in which options were given does not matter. */
function canonical(value: unknown): string {
  if (value === undefined) return 'absent';
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
