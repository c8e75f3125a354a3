import { BitReader } from './bit-reader.js';
import { JpegCorruptError, JpegTruncatedError, JpegUnsupportedError } from './errors.js';
import { type HuffmanTable, readHuffmanTables } from './huffman.js';
import { checkProgressiveScan, ProgressiveComponent } from './progressive-scan.js';
import { parseScanHeader, type ScanHeader } from './scan.js';
import { type BlockGrid, type BlockVisitor, blockGrids, walkScan } from './scan-units.js';
import {
  type FrameHeader,
  isFrameHeader,
  marker,
  parseFrameHeader,
  readSegment,
  type Segment,
} from './segments.js';
import { SequentialBlockReader } from './sequential-scan.js';

/** Reads the codes of one component of a sequential scan and checks that its DC stays in range. */
class SequentialVisitor implements BlockVisitor {
  readonly #blocks: SequentialBlockReader;
  readonly #largestDc: number;

  constructor(
    reader: BitReader,
    component: ScanHeader['components'][number],
    precision: number,
    step: number,
    readonly grid: BlockGrid,
  ) {
    this.#blocks = new SequentialBlockReader(reader, component, precision);
    // Eight times the largest sample, level shifted, and what quantisation may add.
    this.#largestDc = (8 * 2 ** (precision - 1)) / step + 1;
  }

  restart(): void {
    this.#blocks.restart();
  }

  block(): void {
    this.#blocks.read((index, value) => {
      if (index === 0 && Math.abs(value) > this.#largestDc) {
        throw new JpegCorruptError('a block is brighter or darker than samples can be');
      }
    });
  }
}

/** First entries of the quantisation tables of a DQT segment (T.81 B.2.4.1). */
function readFirstSteps(payload: Uint8Array, steps: Map<number, number>): void {
  for (let at = 0; at < payload.length; ) {
    const key = payload[at] as number;
    const wide = key >> 4 !== 0;
    const step = wide ? ((payload[at + 1] ?? 0) << 8) | (payload[at + 2] ?? 0) : (payload[at + 1] ?? 0);
    steps.set(key & 15, Math.max(step, 1));
    at += 1 + (wide ? 128 : 64);
  }
}

/** Walks one codestream, segment by segment. */
class WholeCheck {
  readonly #huffman = new Map<number, HuffmanTable>();
  readonly #steps = new Map<number, number>();
  readonly #scanned = new Set<number>();
  #restartInterval = 0;
  #frame: FrameHeader | null = null;
  #grids: BlockGrid[] = [];
  #progressive: ProgressiveComponent[] = [];

  constructor(private readonly bytes: Uint8Array) {}

  /** Takes one segment; returns where the next starts. */
  take(segment: Segment): number {
    const { code, payload, end } = segment;
    if (code === marker.DHT) readHuffmanTables(payload, this.#huffman);
    else if (code === marker.DQT) readFirstSteps(payload, this.#steps);
    else if (code === marker.DRI) this.#restartInterval = ((payload[0] ?? 0) << 8) | (payload[1] ?? 0);
    else if (code === marker.SOS) return this.#scan(segment);
    else if (isFrameHeader(code)) this.#start(parseFrameHeader(segment));
    return end;
  }

  #start(frame: FrameHeader): void {
    const { process, width, height, precision, components } = frame;
    if (this.#frame) throw new JpegCorruptError('two frame headers');
    const known = process === marker.SOF0 || process === marker.SOF1 || process === marker.SOF2;
    if (!known) throw new JpegUnsupportedError(`JPEG process ${process - marker.SOF0}`);
    if (precision !== 8 && precision !== 12) throw new JpegUnsupportedError(`JPEG with ${precision} bits`);
    if (width === 0 || height === 0) throw new JpegUnsupportedError('JPEG without a stated size');
    const factors = components.flatMap(({ horizontal, vertical }) => [horizontal, vertical]);
    if (factors.some((factor) => factor < 1 || factor > 4))
      throw new JpegCorruptError('bad sampling factors');
    this.#frame = frame;
    this.#grids = blockGrids(frame);
    if (process === marker.SOF2)
      this.#progressive = this.#grids.map((grid) => new ProgressiveComponent(grid));
  }

  #scan(segment: Segment): number {
    const frame = this.#frame;
    if (!frame) throw new JpegCorruptError('a scan before the frame header');
    const scan = parseScanHeader(segment, frame, this.#huffman);
    if (frame.process === marker.SOF2) {
      return checkProgressiveScan(
        this.bytes,
        segment.end,
        frame,
        scan,
        this.#restartInterval,
        this.#progressive,
      );
    }
    const reader = new BitReader(this.bytes, segment.end);
    const visitors = scan.components.map((component) => {
      const grid = this.#grids[component.index];
      if (!grid || this.#scanned.has(component.index)) {
        throw new JpegCorruptError('a component is scanned twice');
      }
      this.#scanned.add(component.index);
      const step = this.#steps.get(frame.components[component.index]?.quantisation ?? -1) ?? 1;
      return new SequentialVisitor(reader, component, frame.precision, step, grid);
    });
    return walkScan(reader, frame, visitors, this.#restartInterval);
  }

  finish(): void {
    const frame = this.#frame;
    const whole =
      frame?.process === marker.SOF2
        ? this.#progressive.every(({ complete }) => complete)
        : this.#scanned.size === frame?.components.length;
    if (!whole) throw new JpegTruncatedError('a scan is missing');
  }
}

/**
 * Makes sure that a JPEG of the Huffman-coded DCT processes, sequential or progressive, with 8 or 12 bits (ITU-T T.81) is
 * whole: every block of every scan is coded, no bytes are missing or left over, every component is sent to its last bit,
 * and the image has its end. Decoders make up what is missing. Bytes behind the end are left alone.
 *
 * @throws JpegTruncatedError, JpegCorruptError, JpegUnsupportedError
 */
export function checkWholeJpeg(bytes: Uint8Array): void {
  const check = new WholeCheck(bytes);
  let segment = readSegment(bytes, 0);
  if (segment.code !== marker.SOI) throw new JpegCorruptError('no start of image');
  segment = readSegment(bytes, segment.end);
  while (segment.code !== marker.EOI) segment = readSegment(bytes, check.take(segment));
  check.finish();
}
