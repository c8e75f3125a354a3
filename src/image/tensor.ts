import type { Box } from '../core/box.js';
import type { Radiograph } from '../core/radiograph.js';
import { type GreyHistogram, greyHistogram } from './histogram.js';
import { feedRows, type RowReader, RowResizer } from './resize.js';

/** Grey values of a radiograph that become 0 and 1 in a tensor. */
export interface StretchRange {
  readonly lo: number;
  readonly hi: number;
}

/** Where an image lies in its letterboxed square: tensor x = image x * (width / image width) + left, y likewise. */
export interface Letterbox {
  /** Row-major, `size * size`, 0 to 1. */
  readonly tensor: Float32Array<ArrayBuffer>;
  /** Factor before `width` and `height` were rounded to whole pixels. */
  readonly scale: number;
  readonly left: number;
  readonly top: number;
  /** Size of the image inside the square. */
  readonly width: number;
  readonly height: number;
}

/** A square cut out of an image; `left`, `top` and `side` are in image pixels and may reach outside it. */
export interface SquareCrop {
  /** Row-major, `size * size`, 0 to 1. */
  readonly tensor: Float32Array<ArrayBuffer>;
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

const lowFraction = 0.005;
const highFraction = 0.995;

/**
 * The 0.5th and 99.5th percentile of the pixels that are not padding: the smallest grey value at or below which that
 * share of them lies. Both are 0 when every pixel is padding. `training/` computes the same.
 */
export function stretchRange(
  radiograph: Radiograph,
  { counts, total }: GreyHistogram = greyHistogram(radiograph),
): StretchRange {
  if (total === 0) return { lo: 0, hi: 0 };
  const percentile = (fraction: number): number => {
    let seen = 0;
    for (let value = 0; value < 65536; value += 1) {
      seen += counts[value] as number;
      if (seen >= fraction * total) return value;
    }
    return 65535;
  };
  return { lo: percentile(lowFraction), hi: percentile(highFraction) };
}

/** Table from grey value to tensor value: `clip((v - lo) / (hi - lo), 0, 1)`, all 0 for an empty range. */
function stretchTable({ lo, hi }: StretchRange): Float32Array {
  const table = new Float32Array(65536);
  if (hi <= lo) return table;
  for (let value = 0; value < 65536; value += 1) {
    table[value] = Math.min(Math.max((value - lo) / (hi - lo), 0), 1);
  }
  return table;
}

/** Reads stretched rows of a part of an image: columns `from` to `to`, written from `target` on; padding becomes 0. */
function stretchedRows(
  { width, pixels, padding }: Radiograph,
  range: StretchRange,
): (row: Float64Array, y: number, from: number, to: number, target: number) => void {
  const table = stretchTable(range);
  return (row, y, from, to, target) => {
    const start = y * width;
    const shift = target - from;
    for (let x = from; x < to; x += 1) row[x + shift] = table[pixels[start + x] as number] as number;
    if (!padding) return;
    for (let x = from; x < to; x += 1) if (padding[start + x] !== 0) row[x + shift] = 0;
  };
}

/** The place of an image in its letterboxed square, with the resizer that fills it. */
function placed({ width: imageWidth, height: imageHeight }: Radiograph, size: number) {
  const scale = Math.min(size / imageWidth, size / imageHeight);
  const width = Math.max(1, Math.floor(imageWidth * scale + 0.5));
  const height = Math.max(1, Math.floor(imageHeight * scale + 0.5));
  const left = Math.floor((size - width) / 2);
  const top = Math.floor((size - height) / 2);
  const resizer = new RowResizer(imageWidth, imageHeight, width, height);
  return { size, scale, left, top, width, height, resizer };
}

/**
 * The whole image in the middle of a `size` x `size` square of zeros, its aspect kept, for each of the sizes: stretched
 * by `range`, then resized with antialiased bilinear interpolation. The image is read once for all of them. The contract
 * is shared with `training/`.
 */
export function letterboxes(
  radiograph: Radiograph,
  sizes: readonly number[],
  range: StretchRange,
): Letterbox[] {
  const places = sizes.map((size) => placed(radiograph, size));
  const readStretched = stretchedRows(radiograph, range);
  const readRow: RowReader = (row, y) => readStretched(row, y, 0, radiograph.width, 0);
  feedRows(
    readRow,
    radiograph.width,
    radiograph.height,
    places.map(({ resizer }) => resizer),
  );
  return places.map(({ size, resizer, ...place }) => {
    const { left, top, width, height } = place;
    const tensor = new Float32Array(size * size);
    for (let y = 0; y < height; y += 1) {
      tensor.set(resizer.output.subarray(y * width, (y + 1) * width), (top + y) * size + left);
    }
    return { tensor, ...place };
  });
}

export interface CropOptions {
  /** Side of the square as a multiple of the box's longer side. */
  readonly context: number;
  /** Smallest side in image pixels. */
  readonly minimumSide: number;
  /** Side of the tensor in pixels. */
  readonly size: number;
}

/**
 * A square of image around the centre of `box`, zeros where it reaches outside the image: stretched by `range`, then
 * resized to `size` x `size` with antialiased bilinear interpolation. The contract is shared with `training/`.
 */
export function cropSquare(
  radiograph: Radiograph,
  box: Box,
  { context, minimumSide, size }: CropOptions,
  range: StretchRange,
): SquareCrop {
  const { width, height } = radiograph;
  const [x, y, boxWidth, boxHeight] = box;
  const wanted = Math.max(context * Math.max(boxWidth, boxHeight), minimumSide);
  const side = Math.max(1, Math.floor(wanted + 0.5));
  const left = Math.floor(x + boxWidth / 2 - wanted / 2);
  const top = Math.floor(y + boxHeight / 2 - wanted / 2);
  const from = Math.min(Math.max(left, 0), width);
  const to = Math.max(Math.min(left + side, width), from);
  const readStretched = stretchedRows(radiograph, range);
  const readRow: RowReader = (row, cropRow) => {
    row.fill(0);
    const imageRow = top + cropRow;
    if (imageRow >= 0 && imageRow < height) readStretched(row, imageRow, from, to, from - left);
  };
  const resizer = new RowResizer(side, side, size, size);
  feedRows(readRow, side, side, [resizer]);
  return { tensor: resizer.output, left, top, side };
}
