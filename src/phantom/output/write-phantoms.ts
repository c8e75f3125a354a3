import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LucencyError } from '../../core/errors.js';
import { makeFolders } from '../../files/make-folders.js';
import { encodePng } from '../../image/encode.js';
import type { AnatomyName } from '../anatomy/anatomies.js';
import { simulateRadiograph } from '../radiograph.js';
import { drawCase } from './draw-case.js';
import { dxFile } from './dx-file.js';
import type { SimulatedRadiograph } from './simulated.js';
import { cocoTruth, imagesTable, type WrittenPhantom, withoutPixels } from './truth-files.js';

export interface WritePhantomsOptions {
  /** Images to make; image n has the seed `seed + n`. */
  readonly count: number;
  readonly seed: number;
  readonly format: 'dicom' | 'png';
  readonly anatomies?: readonly AnatomyName[];
  /** Share of images with a fracture, 0 to 1. @default 0.5 */
  readonly fractures?: number;
  /** Longest side in pixels; by default what the simulated detector has. */
  readonly size?: number;
  readonly force?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, fileName: string) => void;
}

// Display values fill 16 bits in a PNG: viewers know no 12-bit pictures.
const twelveToSixteenBits = 65535 / 4095;

async function encode(
  image: SimulatedRadiograph,
  format: 'dicom' | 'png',
  index: number,
): Promise<Uint8Array> {
  if (format === 'dicom') return dxFile(image, { monochrome1: index % 4 === 3 });
  const samples = image.pixels.map((value) => Math.round(value * twelveToSixteenBits));
  return encodePng({ width: image.width, height: image.height, channels: 1, samples });
}

async function prepareFolder(out: string, force: boolean): Promise<void> {
  const found = await readdir(out).catch(() => []);
  const ours = found.filter((name) => /^(phantom-\d+\.(dcm|png)|coco\.json|images\.csv)$/.test(name));
  if (ours.length > 0 && !force) throw new LucencyError('LUC_USAGE_OUTPUT_EXISTS', { path: out });
  await makeFolders(out);
  for (const name of ours) await rm(path.join(out, name));
}

function writing<T>(target: string, work: Promise<T>): Promise<T> {
  return work.catch((cause: unknown) => {
    if (cause instanceof LucencyError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LucencyError('LUC_PHANTOM_WRITE', { path: target, reason }, { cause });
  });
}

/**
 * Simulates radiographs and writes them with their truth: `phantom-<seed>.dcm` or `.png`, `coco.json` (boxes, polygons,
 * types) and `images.csv`. The same options give the same bytes. Stopped by the signal, it completes the truth of what
 * was written.
 *
 * @throws LUC_USAGE_OUTPUT_EXISTS, LUC_PHANTOM_WRITE
 */
export async function writePhantoms(out: string, options: WritePhantomsOptions): Promise<WrittenPhantom[]> {
  await writing(out, prepareFolder(out, options.force ?? false));
  const written: WrittenPhantom[] = [];
  for (let index = 0; index < options.count && !options.signal?.aborted; index++) {
    const drawn = drawCase(options.seed + index, options.anatomies, options.fractures);
    const image = simulateRadiograph({
      ...drawn,
      ...(options.size === undefined ? {} : { size: options.size }),
    });
    const fileName = `phantom-${drawn.seed}.${options.format === 'dicom' ? 'dcm' : 'png'}`;
    const target = path.join(out, fileName);
    await writing(
      target,
      encode(image, options.format, index).then((bytes) => writeFile(target, bytes)),
    );
    written.push(withoutPixels(image, fileName, `${drawn.anatomy}-${drawn.seed}`));
    options.onProgress?.(written.length, fileName);
  }
  await writing(out, writeFile(path.join(out, 'coco.json'), cocoTruth(written)));
  await writing(out, writeFile(path.join(out, 'images.csv'), imagesTable(written)));
  return written;
}
