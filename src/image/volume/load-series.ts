import { LucencyError } from '../../core/errors.js';
import { type SliceSource, sharedFloat32, sharedInt16, type Volume } from '../../core/volume.js';
import { decodedBudget } from '../decoded-budget.js';
import type { SampleArray } from '../dicom/codecs/frame.js';
import { type DicomFile, openDicomFile } from '../dicom/dicom-file.js';
import { type FunctionalGroups, functionalGroups } from '../dicom/functional-groups.js';
import { modalityTransform } from '../dicom/modality-lut.js';
import { type PaddingRange, paddingRange } from '../dicom/padding.js';
import { openStoredFrames, type StoredFrames } from '../dicom/stored-values.js';
import { tag } from '../dicom/tags.js';
import type { FrameHeader } from './frame-header.js';
import { type FoundSeries, seriesName } from './series.js';
import type { Stack } from './stack.js';
import { suvbwFactors } from './suv.js';
import { checkVoxelCount } from './voxel-limit.js';

export interface LoadOptions {
  /**
   * Most voxels of one volume.
   * @default 536870912 (2 ** 29: 512 x 512 x 2048, 1 GiB as HU)
   */
  readonly maxVoxels?: number;
  readonly signal?: AbortSignal;
  /** Share of the slices that are there, 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

/** Bytes that a deflated data set may inflate to: four per pixel of the largest slice, and its attributes. */
const maxInflatedBytes = 4 * 2 ** 26 + 2 ** 24;
/** What lies outside of the scanned field is air, or gives no signal. */
const emptiness = { CT: -1024, PT: 0 } as const;

interface OpenFile {
  readonly input: string;
  readonly file: DicomFile;
  readonly frames: StoredFrames;
  readonly groups: FunctionalGroups;
  readonly padding: PaddingRange | null;
}

function openFile(bytes: Uint8Array, input: string): OpenFile {
  const file = openDicomFile(bytes, { name: input, maxInflatedBytes });
  const frames = openStoredFrames(file);
  return {
    input,
    file,
    frames,
    groups: functionalGroups(file.dataSet),
    padding: paddingRange(file.dataSet, frames.description),
  };
}

/** Opens the files of slices one after another; while one is decoded the next is on its way from the disk. */
class FileSequence {
  #open: OpenFile | null = null;
  #ahead: { readonly input: string; readonly bytes: Promise<Uint8Array> } | null = null;

  async of(slice: FrameHeader, next: FrameHeader | null): Promise<OpenFile> {
    const { input } = slice.source;
    if (this.#open?.input !== input) {
      const bytes = this.#ahead?.input === input ? this.#ahead.bytes : slice.source.read();
      this.#open = null;
      this.#open = openFile(await bytes, input);
    }
    if (next && next.source.input !== input && this.#ahead?.input !== next.source.input) {
      const ahead = next.source.read();
      // A failure is told when the slice's turn comes; before, nobody waits for it.
      ahead.catch(() => undefined);
      this.#ahead = { input: next.source.input, bytes: ahead };
    }
    return this.#open;
  }
}

function unlike(path: string, reason: string): LucencyError {
  return new LucencyError('LUC_VOLUME_SLICE_UNLIKE', { path, reason });
}

/** Rescale of one slice (PS3.3 C.11.1), refused where a CT does not state it: HU would be guessed. */
function rescaleOf(
  { file, frames, groups, input }: OpenFile,
  frame: number,
  modality: 'CT' | 'PT',
  series: string,
): (stored: number) => number {
  const { dataSet } = file;
  const item = groups(tag.PixelValueTransformationSequence, frame);
  if (item.number(tag.RescaleSlope, 'DS') === null && !dataSet.has(tag.ModalityLutSequence)) {
    const details = { path: input, attribute: 'RescaleSlope', value: 'missing' };
    throw new LucencyError('LUC_VOLUME_ATTRIBUTE', details);
  }
  const unit = item.text(tag.RescaleType);
  if (modality === 'CT' && unit !== null && unit !== 'HU') {
    throw new LucencyError('LUC_VOLUME_UNIT', { series, unit, needed: 'Hounsfield units' });
  }
  return modalityTransform(dataSet, item, frames.description.signed).apply;
}

/** Rescales one slice into its place; padding becomes emptiness. Whole numbers are rounded and clipped to 16 bits. */
function place(
  samples: SampleArray,
  rescale: (stored: number) => number,
  padding: PaddingRange | null,
  empty: number,
  target: Int16Array | Float32Array,
): boolean {
  const whole = target instanceof Int16Array;
  const lowest = padding?.lowest ?? Number.POSITIVE_INFINITY;
  const highest = padding?.highest ?? Number.NEGATIVE_INFINITY;
  let padded = false;
  for (let at = 0; at < target.length; at += 1) {
    const stored = samples[at] as number;
    if (stored >= lowest && stored <= highest) {
      target[at] = empty;
      padded = true;
      continue;
    }
    const value = rescale(stored);
    target[at] = whole ? Math.min(Math.max(Math.round(value), -32768), 32767) : value;
  }
  return padded;
}

/** Fills missing slices in linearly between the nearest ones that are there; the first and the last always are. */
function fillGaps(voxels: Int16Array | Float32Array, slices: readonly unknown[], area: number): void {
  for (let first = 0; first < slices.length; first += 1) {
    if (slices[first] !== null) continue;
    const before = first - 1;
    let after = first;
    while (slices[after] === null) after += 1;
    for (let slice = first; slice < after; slice += 1) {
      const share = (slice - before) / (after - before);
      for (let at = 0; at < area; at += 1) {
        const low = voxels[before * area + at] as number;
        const high = voxels[after * area + at] as number;
        const value = low + share * (high - low);
        voxels[slice * area + at] = voxels instanceof Int16Array ? Math.round(value) : value;
      }
    }
    first = after;
  }
}

/** Factors to SUVbw by SOPInstanceUID; none for CT. */
function suvFactorsOf(series: FoundSeries): Map<string, number> {
  if (series.modality === 'CT') return new Map();
  const factors = suvbwFactors(seriesName(series), [...series.pet.values()]);
  return new Map([...series.pet.keys()].map((uid, index) => [uid, factors[index] ?? Number.NaN]));
}

/**
 * Reads the voxels of a stack: every slice decoded, rescaled by its own slope and intercept, PET turned into SUVbw. One
 * slice is in memory beside the volume.
 *
 * @throws LUC_VOLUME_TOO_LARGE, LUC_IMAGE_BUDGET, LUC_VOLUME_ATTRIBUTE, LUC_VOLUME_UNIT, LUC_VOLUME_SLICE_UNLIKE, LUC_VOLUME_SUV_*, and the
 *   LUC_DICOM_* and LUC_IMAGE_* codes of a slice that cannot be decoded; the signal's reason when it stops
 */
export async function loadSeries(
  series: FoundSeries,
  stack: Stack,
  options: LoadOptions = {},
): Promise<Volume> {
  const name = seriesName(series);
  checkVoxelCount(name, stack.size, options.maxVoxels);
  const [columns, rows, depth] = stack.size;
  // The volume, and beside it one slice with its words in the decoder.
  const needed = columns * rows * (depth * (series.modality === 'CT' ? 2 : 4) + 12);
  const release = await decodedBudget().hold(needed, name);
  try {
    return await loadVoxels(series, stack, options);
  } finally {
    release();
  }
}

async function loadVoxels(series: FoundSeries, stack: Stack, options: LoadOptions): Promise<Volume> {
  const name = seriesName(series);
  const factors = suvFactorsOf(series);
  const [columns, rows, depth] = stack.size;
  const area = columns * rows;
  const voxels = series.modality === 'CT' ? sharedInt16(area * depth) : sharedFloat32(area * depth);
  const files = new FileSequence();
  let padded = false;
  for (let slice = 0; slice < depth; slice += 1) {
    options.signal?.throwIfAborted();
    const header = stack.slices[slice];
    if (!header) continue;
    const next = stack.slices.find((other, index) => index > slice && other !== null) ?? null;
    const file = await files.of(header, next);
    const { description } = file.frames;
    const frame = header.frame ?? 1;
    const decoded = await file.frames.decode(frame);
    if (!decoded.photometric.startsWith('MONOCHROME')) throw unlike(file.input, 'it is in colour');
    if (decoded.width !== columns || decoded.height !== rows || decoded.samples.length < area) {
      throw unlike(file.input, `it has ${description.width} x ${description.height} pixels`);
    }
    const rescale = rescaleOf(file, frame, series.modality, name);
    const suv = factors.get(header.sopInstanceUid) ?? 1;
    const toValue = suv === 1 ? rescale : (stored: number): number => rescale(stored) * suv;
    const target = voxels.subarray(slice * area, (slice + 1) * area);
    padded = place(decoded.samples, toValue, file.padding, emptiness[series.modality], target) || padded;
    options.onProgress?.((slice + 1) / depth);
  }
  fillGaps(voxels, stack.slices, area);
  return {
    size: stack.size,
    affine: stack.affine,
    modality: series.modality,
    unit: series.modality === 'CT' ? 'HU' : 'SUVbw',
    voxels,
    paddingValue: padded ? emptiness[series.modality] : null,
    slices: stack.slices.map(sourceOf),
    dicom: series.identity,
  };
}

function sourceOf(slice: FrameHeader | null): SliceSource | null {
  return slice ? { sopInstanceUid: slice.sopInstanceUid, frame: slice.frame } : null;
}
