import { JpegCorruptError } from './errors.js';
import type { HuffmanTable } from './huffman.js';
import type { FrameHeader, Segment } from './segments.js';

/** One component of a scan and the tables it uses. */
export interface ScanComponent {
  /** Index in the frame header. */
  readonly index: number;
  readonly dc: HuffmanTable | null;
  readonly ac: HuffmanTable | null;
}

/** Scan header (T.81 B.2.3). For lossless scans `start` is the predictor and `low` the point transform. */
export interface ScanHeader {
  readonly components: readonly ScanComponent[];
  readonly start: number;
  readonly end: number;
  readonly high: number;
  readonly low: number;
}

/** @throws JpegCorruptError */
export function parseScanHeader(
  { payload }: Segment,
  frame: FrameHeader,
  tables: ReadonlyMap<number, HuffmanTable>,
): ScanHeader {
  const count = payload[0] ?? 0;
  const after = 1 + 2 * count;
  if (count === 0 || count > 4 || payload.length < after + 3) throw new JpegCorruptError('bad scan header');
  const components = Array.from({ length: count }, (_, position): ScanComponent => {
    const id = payload[1 + 2 * position];
    const selector = payload[2 + 2 * position] ?? 0;
    const index = frame.components.findIndex((component) => component.id === id);
    if (index < 0) throw new JpegCorruptError('a scan names a component that the frame lacks');
    return {
      index,
      dc: tables.get(selector >> 4) ?? null,
      ac: tables.get(16 + (selector & 15)) ?? null,
    };
  });
  const approximation = payload[after + 2] ?? 0;
  return {
    components,
    start: payload[after] ?? 0,
    end: payload[after + 1] ?? 0,
    high: approximation >> 4,
    low: approximation & 15,
  };
}

export function needTable(table: HuffmanTable | null): HuffmanTable {
  if (!table) throw new JpegCorruptError('a scan uses a Huffman table that is not defined');
  return table;
}
