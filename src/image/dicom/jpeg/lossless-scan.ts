import { BitReader } from './bit-reader.js';
import { JpegCorruptError, JpegUnsupportedError } from './errors.js';
import type { HuffmanTable } from './huffman.js';
import { needTable, type ScanHeader } from './scan.js';
import type { FrameHeader } from './segments.js';

/** Predictor of T.81 table H.1 from the samples to the left (a), above (b) and above left (c). */
function predict(selection: number, a: number, b: number, c: number): number {
  switch (selection) {
    case 1:
      return a;
    case 2:
      return b;
    case 3:
      return c;
    case 4:
      return a + b - c;
    case 5:
      return a + ((b - c) >> 1);
    case 6:
      return b + ((a - c) >> 1);
    default:
      return (a + b) >> 1;
  }
}

/** A difference (T.81 H.1.2.2): category 16 is 32768 and has no further bits. */
function readDifference(reader: BitReader, table: HuffmanTable): number {
  const category = reader.readSymbol(table);
  if (category === 16) return 32768;
  if (category > 16) throw new JpegCorruptError('a difference has more than 16 bits');
  return reader.readSigned(category);
}

/**
 * Decodes a scan of the lossless process (T.81 H) into `samples`, which hold the frame's components side by side.
 * @returns offset of the marker behind the scan
 */
export function decodeLosslessScan(
  bytes: Uint8Array,
  start: number,
  frame: FrameHeader,
  scan: ScanHeader,
  restartInterval: number,
  samples: Uint16Array,
): number {
  const { width, height, precision, components } = frame;
  const { start: selection, low: pointTransform } = scan;
  if (selection < 1 || selection > 7) throw new JpegCorruptError(`predictor ${selection}`);
  if (pointTransform >= precision) throw new JpegCorruptError('bad point transform');
  if (components.some(({ horizontal, vertical }) => horizontal !== 1 || vertical !== 1)) {
    throw new JpegUnsupportedError('subsampled lossless JPEG');
  }
  if (restartInterval % width !== 0) throw new JpegUnsupportedError('restarts inside a row of lossless JPEG');
  const rowsPerRestart = restartInterval / width;
  const reader = new BitReader(bytes, start);
  const step = components.length;
  const rowStep = width * step;
  const initial = 1 << (precision - pointTransform - 1);
  const planes = scan.components.map(({ index, dc }) => ({ index, table: needTable(dc) }));
  // Sums are modulo 2^16 (H.1.2.1). Encoders exist whose differences are modulo the precision instead, so that sums leave
  // the range by multiples of it; their predictions were made from the samples, and so must be ours.
  const mask = (1 << (precision - pointTransform)) - 1;

  for (let y = 0; y < height; y += 1) {
    const restarted = rowsPerRestart > 0 && y > 0 && y % rowsPerRestart === 0;
    if (restarted) reader.restart(y / rowsPerRestart - 1);
    const firstRow = y === 0 || restarted;
    for (let x = 0; x < width; x += 1) {
      for (let plane = 0; plane < planes.length; plane += 1) {
        const { index, table } = planes[plane] as (typeof planes)[number];
        const at = y * rowStep + x * step + index;
        let prediction: number;
        if (x === 0) prediction = firstRow ? initial : (samples[at - rowStep] as number);
        else if (firstRow || selection === 1) prediction = samples[at - step] as number;
        else {
          const above = samples[at - rowStep] as number;
          const aboveLeft = samples[at - rowStep - step] as number;
          prediction = predict(selection, samples[at - step] as number, above, aboveLeft);
        }
        samples[at] = (prediction + readDifference(reader, table)) & mask;
      }
    }
  }
  if (pointTransform > 0) for (const { index } of planes) scaleUp(samples, index, step, pointTransform);
  return reader.end();
}

function scaleUp(samples: Uint16Array, first: number, step: number, bits: number): void {
  for (let at = first; at < samples.length; at += step) samples[at] = (samples[at] as number) << bits;
}
