import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LucencyError } from '../../core/errors.js';
import { makeFolders } from '../../files/make-folders.js';
import { openLimb } from '../infection/open-limb.js';
import { implantInto, type RealLimb } from '../infection/real-limb.js';
import type { ScannerFamily } from '../infection/scanner.js';
import { type LimbTruth, type SimulatedLimb, simulateLimb } from '../infection/simulate-limb.js';
import { Random } from '../random.js';
import { ctSeries } from './series/ct-series.js';
import { ptSeries } from './series/pt-series.js';
import { writeSeries } from './series/write-series.js';

export interface WriteLimbsOptions {
  /** Limbs to make; limb n has the seed `seed + n`. */
  readonly count: number;
  readonly seed: number;
  /** Share that is infected, 0 to 1. @default 0.5 */
  readonly infected?: number;
  /** @default 'held-out': finer voxels, as clinical scanners have them */
  readonly scanners?: ScannerFamily;
  /** Folders of real PET/CT of limbs to implant into, in turn; by default all limbs are drawn. */
  readonly backgrounds?: readonly string[];
  readonly force?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, folder: string) => void;
}

/** A simulated limb on disk: its folder, with `CT` and `PT` below it, and its truth. */
export interface WrittenLimb extends LimbTruth {
  readonly folder: string;
}

const truthName = 'truth.json';

async function prepareFolder(out: string, force: boolean): Promise<void> {
  const found = await readdir(out).catch(() => []);
  const ours = found.filter((name) => /^limb-\d+$/.test(name) || name === truthName);
  if (ours.length > 0 && !force) throw new LucencyError('LUC_USAGE_OUTPUT_EXISTS', { path: out });
  try {
    await makeFolders(out);
    for (const name of ours) await rm(path.join(out, name), { recursive: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LucencyError('LUC_PHANTOM_WRITE', { path: out, reason }, { cause });
  }
}

// BodyPartExamined, PS3.16 annex L, as far as validators know it. A real background keeps no name of its own: it is some limb.
const bodyParts: Readonly<Record<string, string>> = {
  thigh: 'THIGH',
  'lower leg': 'LEG',
  'upper arm': 'UPPERARM',
  forearm: 'ARM',
};

async function writeLimb(
  folder: string,
  { ct, pet, truth }: SimulatedLimb,
  signal: AbortSignal | undefined,
): Promise<void> {
  const options = {
    study: `limb-${truth.seed}`,
    seed: truth.seed,
    subject: 'limb',
    bodyPart: bodyParts[truth.segment] ?? 'EXTREMITY',
    laterality: truth.side === 'left' ? 'L' : 'R',
  } as const;
  await writeSeries(path.join(folder, 'CT'), ctSeries(ct, { ...options, seriesNumber: 1 }), signal);
  await writeSeries(path.join(folder, 'PT'), ptSeries(pet, { ...options, seriesNumber: 2 }), signal);
}

function truthFile(limbs: readonly WrittenLimb[]): string {
  const document = {
    schema: 'lucency.limb-truth/1',
    description:
      'SIMULATED PET/CT of limbs made by lucency phantom infection; mm are patient coordinates (LPS)',
    simulated: true,
    limbs,
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}

/**
 * Simulates PET/CT of limbs and writes each as two DICOM series (`limb-<seed>/CT`, `limb-<seed>/PT`), with `truth.json`
 * for all. The same options give the same bytes. Stopped by the signal, it completes the truth of what was written.
 *
 * @throws LUC_USAGE_OUTPUT_EXISTS, LUC_PHANTOM_WRITE, LUC_PHANTOM_BACKGROUND, and those of reading a background
 */
export async function writeLimbs(out: string, options: WriteLimbsOptions): Promise<WrittenLimb[]> {
  const { signal, infected = 0.5, scanners = 'held-out' } = options;
  const limbs: RealLimb[] = [];
  for (const folder of options.backgrounds ?? []) limbs.push(await openLimb(folder));
  await prepareFolder(out, options.force ?? false);
  const written: WrittenLimb[] = [];
  for (let index = 0; index < options.count && !signal?.aborted; index++) {
    const seed = options.seed + index;
    const real = limbs.length > 0 ? limbs[index % limbs.length] : undefined;
    const simulated = simulateLimb({
      seed,
      scanners,
      infected: new Random(`infected ${seed}`).chance(infected),
      ...(real ? { openBackground: (r: Random) => implantInto(real, r) } : {}),
    });
    const folder = `limb-${seed}`;
    await writeLimb(path.join(out, folder), simulated, signal);
    // A limb whose writing was stopped is no limb.
    if (signal?.aborted) await rm(path.join(out, folder), { recursive: true, force: true });
    else {
      written.push({ folder, ...simulated.truth });
      options.onProgress?.(written.length, folder);
    }
  }
  try {
    await writeFile(path.join(out, truthName), truthFile(written));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LucencyError('LUC_PHANTOM_WRITE', { path: out, reason }, { cause });
  }
  return written;
}
