import { JpegUnsupportedError } from '../jpeg/errors.js';
import { BitReader } from './bit-reader.js';
import type { CodingParameters } from './parameters.js';
import { type RunState, SampleDecoder } from './sample-decoder.js';

/** How the components of a scan alternate (T.87 C.2.3). */
const interleaving = { none: 0, byRow: 1, byPixel: 2 } as const;

export interface ScanLayout {
  readonly width: number;
  readonly height: number;
  /** Components of the frame: the distance of a pixel's samples in the output is one, of pixels this. */
  readonly frameComponents: number;
  /** Indices of the scan's components in the frame. */
  readonly components: readonly number[];
  readonly interleave: number;
}

/** Two rows of one component with a margin of one sample on either side, as the neighbourhood needs it (A.2.1). */
interface Rows {
  above: Int32Array;
  current: Int32Array;
}

function startRow(rows: Rows, width: number): void {
  rows.current[0] = rows.above[1] as number;
  rows.above[width + 1] = rows.above[width] as number;
}

function swap(rows: Rows): void {
  const { above, current } = rows;
  rows.above = current;
  rows.current = above;
}

/** One row of one component. */
function decodeRow(
  decoder: SampleDecoder,
  { above, current }: Rows,
  width: number,
  near: number,
  run: RunState,
): void {
  let x = 1;
  let left = current[0] as number;
  while (x <= width) {
    const up = above[x] as number;
    const upLeft = above[x - 1] as number;
    const context = decoder.context(left, up, upLeft, above[x + 1] as number);
    if (context !== 0) {
      left = decoder.regular(context, left, up, upLeft);
      current[x] = left;
      x += 1;
      continue;
    }
    const length = decoder.runLength(width - x + 1, run);
    current.fill(left, x, x + length);
    x += length;
    if (x > width) break;
    const over = above[x] as number;
    left = decoder.interruption(left, over, Math.abs(left - over) <= near, run);
    decoder.shortenRuns(run);
    current[x] = left;
    x += 1;
  }
}

/** One row of all components, pixel by pixel: runs need all of them flat, and end for all of them together. */
function decodePixels(decoder: SampleDecoder, planes: readonly Rows[], width: number, run: RunState): void {
  const contexts = new Int32Array(planes.length);
  let x = 1;
  while (x <= width) {
    let flat = true;
    for (let index = 0; index < planes.length; index += 1) {
      const { above, current } = planes[index] as Rows;
      contexts[index] = decoder.context(
        current[x - 1] as number,
        above[x] as number,
        above[x - 1] as number,
        above[x + 1] as number,
      );
      if (contexts[index] !== 0) flat = false;
    }
    if (!flat) {
      planes.forEach(({ above, current }, index) => {
        const context = contexts[index] as number;
        current[x] = decoder.regular(
          context,
          current[x - 1] as number,
          above[x] as number,
          above[x - 1] as number,
        );
      });
      x += 1;
      continue;
    }
    const length = decoder.runLength(width - x + 1, run);
    for (const { current } of planes) current.fill(current[x - 1] as number, x, x + length);
    x += length;
    if (x > width) break;
    for (const { above, current } of planes) {
      // In this mode the interrupting samples are always coded as dissimilar.
      current[x] = decoder.interruption(current[x - 1] as number, above[x] as number, false, run);
    }
    decoder.shortenRuns(run);
    x += 1;
  }
}

function store(
  rows: Rows,
  { width, frameComponents }: ScanLayout,
  component: number,
  y: number,
  samples: Uint16Array,
): void {
  let to = y * width * frameComponents + component;
  for (let x = 1; x <= width; x += 1, to += frameComponents) samples[to] = rows.current[x] as number;
}

/**
 * Decodes one scan into `samples` (components of a pixel side by side).
 * @returns offset of the marker behind the scan
 */
export function decodeScan(
  bytes: Uint8Array,
  start: number,
  layout: ScanLayout,
  parameters: CodingParameters,
  samples: Uint16Array,
): number {
  const { width, height, components, interleave } = layout;
  if (interleave === interleaving.none && components.length > 1) {
    throw new JpegUnsupportedError('a JPEG-LS scan of several components that do not alternate');
  }
  const reader = new BitReader(bytes, start);
  const decoder = new SampleDecoder(reader, parameters);
  const planes = components.map(
    (): Rows => ({ above: new Int32Array(width + 2), current: new Int32Array(width + 2) }),
  );
  const runs = components.map((): RunState => ({ index: 0 }));
  const byPixel = interleave === interleaving.byPixel && components.length > 1;
  for (let y = 0; y < height; y += 1) {
    for (const rows of planes) startRow(rows, width);
    if (byPixel) decodePixels(decoder, planes, width, runs[0] as RunState);
    else {
      planes.forEach((rows, index) => {
        decodeRow(decoder, rows, width, parameters.near, runs[index] as RunState);
      });
    }
    planes.forEach((rows, index) => {
      store(rows, layout, components[index] as number, y, samples);
      swap(rows);
    });
  }
  return reader.end();
}
