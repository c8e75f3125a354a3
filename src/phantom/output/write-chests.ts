import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LucencyError } from '../../core/errors.js';
import { makeFolders } from '../../files/make-folders.js';
import type { CtSettings, ScannerGroup } from '../scanner/ct-settings.js';
import type { ChestBuild } from '../thorax/build.js';
import { chestVolume } from '../thorax/chest-volume.js';
import { drawChestScan } from '../thorax/draw-chest-scan.js';
import { type FractureTruth, fractureTruths, type RibTruth, ribTruths } from '../thorax/rib-truth.js';
import { ctSeries } from './series/ct-series.js';
import { writeSeries } from './series/write-series.js';

export interface WriteChestsOptions {
  /** Chests to make; chest n has the seed `seed + n`. */
  readonly count: number;
  readonly seed: number;
  /** Breaks per chest; drawn by default: none in one chest of five, else 1 to 10. */
  readonly fractures?: number;
  /** @default test */
  readonly scanner?: ScannerGroup;
  /** Columns of the image. @default 512 */
  readonly matrix?: number;
  /** Slice thickness, mm; drawn by default. */
  readonly sliceMm?: number;
  readonly force?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, folder: string) => void;
}

/** A simulated chest on disk: the folder of its CT series, and its truth. */
export interface WrittenChest {
  readonly folder: string;
  readonly seed: number;
  readonly build: ChestBuild;
  readonly settings: CtSettings;
  readonly fractures: readonly FractureTruth[];
  readonly ribs: readonly RibTruth[];
}

const truthName = 'truth.json';

async function prepareFolder(out: string, force: boolean): Promise<void> {
  const found = await readdir(out).catch(() => []);
  const ours = found.filter((name) => /^chest-\d+$/.test(name) || name === truthName);
  if (ours.length > 0 && !force) throw new LucencyError('LUC_USAGE_OUTPUT_EXISTS', { path: out });
  await writing(out, async () => {
    await makeFolders(out);
    for (const name of ours) await rm(path.join(out, name), { recursive: true });
  });
}

async function writing(target: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LucencyError('LUC_PHANTOM_WRITE', { path: target, reason }, { cause });
  }
}

function truthFile(chests: readonly WrittenChest[]): string {
  const rounded = (_: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toFixed(3)) : value;
  const document = {
    schema: 'lucency.chest-truth/1',
    description:
      'SIMULATED chest CT made by lucency phantom ribs; boxes [x, y, z, width, height, depth] in voxels, mm are patient coordinates (LPS)',
    simulated: true,
    chests,
  };
  return `${JSON.stringify(document, rounded, 1)}\n`;
}

/**
 * Simulates chest CT and writes each as a DICOM series (`chest-<seed>/`), with `truth.json` for all: every fracture with
 * its box, rib, kind, age and displacement, and the centre line of every rib. The same options give the same bytes.
 * Stopped by the signal, it completes the truth of what was written.
 *
 * @throws LUC_USAGE_OUTPUT_EXISTS, LUC_PHANTOM_WRITE
 */
export async function writeChests(out: string, options: WriteChestsOptions): Promise<WrittenChest[]> {
  const { signal, scanner = 'test', matrix = 512, fractures, sliceMm } = options;
  await prepareFolder(out, options.force ?? false);
  const written: WrittenChest[] = [];
  for (let index = 0; index < options.count && !signal?.aborted; index++) {
    const seed = options.seed + index;
    const scan = drawChestScan({
      seed,
      scanner,
      matrix,
      ...(fractures === undefined ? {} : { fractures }),
      ...(sliceMm === undefined ? {} : { settings: { sliceMm, intervalMm: sliceMm } }),
    });
    const folder = `chest-${seed}`;
    const series = ctSeries(chestVolume(scan), {
      study: folder,
      seed,
      subject: 'chest',
      bodyPart: 'CHEST',
      kernel: scan.settings.edge >= 0.5 ? 'BONE' : 'SOFT',
      sliceThicknessMm: scan.settings.sliceMm,
    });
    await writeSeries(path.join(out, folder), series, signal);
    if (signal?.aborted) await rm(path.join(out, folder), { recursive: true, force: true });
    else {
      const { settings, chest } = scan;
      const truth = { fractures: fractureTruths(scan), ribs: ribTruths(scan) };
      written.push({ folder, seed, build: chest.build, settings, ...truth });
      options.onProgress?.(written.length, folder);
    }
  }
  await writing(out, () => writeFile(path.join(out, truthName), truthFile(written)));
  return written;
}
