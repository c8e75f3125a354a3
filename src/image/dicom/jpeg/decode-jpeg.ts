import { JpegCorruptError, JpegTruncatedError, JpegUnsupportedError } from './errors.js';
import { type HuffmanTable, readHuffmanTables } from './huffman.js';
import { decodeLosslessScan } from './lossless-scan.js';
import { parseScanHeader } from './scan.js';
import { mostSampled } from './scan-units.js';
import {
  type FrameHeader,
  isFrameHeader,
  marker,
  parseFrameHeader,
  readSegment,
  type Segment,
} from './segments.js';
import { allocatePlanes, decodeSequentialScan, type Plane } from './sequential-scan.js';

export interface DecodedJpeg {
  readonly frame: FrameHeader;
  /** Row-major, the components of a pixel side by side; no colour conversion. */
  readonly samples: Uint16Array;
}

function readQuantisation(payload: Uint8Array, tables: Map<number, Uint16Array>): void {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  let at = 0;
  while (at < payload.length) {
    const key = view.getUint8(at);
    const wide = key >> 4 !== 0;
    const size = wide ? 128 : 64;
    if (at + 1 + size > payload.length) throw new JpegCorruptError('a quantisation table is cut');
    const first = at + 1;
    const read = (index: number) => (wide ? view.getUint16(first + 2 * index) : view.getUint8(first + index));
    tables.set(
      key & 15,
      Uint16Array.from({ length: 64 }, (_, index) => read(index)),
    );
    at = first + size;
  }
}

/** Planes on their own grids to components side by side; subsampled ones are repeated. */
function assemble({ width, height, components }: FrameHeader, planes: readonly Plane[]): Uint16Array {
  const samples = new Uint16Array(width * height * components.length);
  const most = mostSampled(components);
  planes.forEach((plane, index) => {
    const { horizontal } = plane.grid;
    for (let y = 0; y < height; y += 1) {
      const row = Math.floor((y * plane.grid.vertical) / most.vertical) * plane.stride;
      let at = y * width * planes.length + index;
      for (let x = 0; x < width; x += 1, at += planes.length) {
        const column = horizontal === most.horizontal ? x : Math.floor((x * horizontal) / most.horizontal);
        samples[at] = plane.samples[row + column] as number;
      }
    }
  });
  return samples;
}

function checkFrame(frame: FrameHeader): void {
  const { process, precision, width, height, components } = frame;
  if (width === 0 || height === 0) throw new JpegUnsupportedError('JPEG without a stated size');
  if (components.length !== 1 && components.length !== 3) {
    throw new JpegUnsupportedError(`JPEG of ${components.length} components`);
  }
  const fits =
    process === marker.SOF3
      ? precision >= 2 && precision <= 16
      : (process === marker.SOF0 || process === marker.SOF1) && (precision === 8 || precision === 12);
  if (!fits) throw new JpegUnsupportedError(`JPEG process ${process - marker.SOF0} with ${precision} bits`);
}

/** State of one image: tables, frame and where its samples go. */
class JpegImage {
  private readonly huffman = new Map<number, HuffmanTable>();
  private readonly quantisation = new Map<number, Uint16Array>();
  private readonly scanned = new Set<number>();
  private restartInterval = 0;
  private frame: FrameHeader | null = null;
  private planes: Plane[] = [];
  private lossless = new Uint16Array(0);

  constructor(private readonly bytes: Uint8Array) {}

  /** Takes one segment; returns where the next starts. */
  take(segment: Segment): number {
    const { code, payload, end } = segment;
    if (code === marker.DHT) readHuffmanTables(payload, this.huffman);
    else if (code === marker.DQT) readQuantisation(payload, this.quantisation);
    else if (code === marker.DRI) this.restartInterval = ((payload[0] ?? 0) << 8) | (payload[1] ?? 0);
    else if (code === marker.SOS) return this.scan(segment);
    else if (isFrameHeader(code)) this.start(parseFrameHeader(segment));
    return end;
  }

  private start(frame: FrameHeader): void {
    if (this.frame) throw new JpegCorruptError('two frame headers');
    checkFrame(frame);
    const factors = frame.components.flatMap(({ horizontal, vertical }) => [horizontal, vertical]);
    if (factors.some((factor) => factor < 1 || factor > 4))
      throw new JpegCorruptError('bad sampling factors');
    this.frame = frame;
    if (frame.process === marker.SOF3) {
      this.lossless = new Uint16Array(frame.width * frame.height * frame.components.length);
    } else this.planes = allocatePlanes(frame);
  }

  private scan(segment: Segment): number {
    const { frame, bytes, restartInterval } = this;
    if (!frame) throw new JpegCorruptError('a scan before the frame header');
    const scan = parseScanHeader(segment, frame, this.huffman);
    for (const { index } of scan.components) {
      if (this.scanned.has(index)) throw new JpegCorruptError('a component is scanned twice');
      this.scanned.add(index);
    }
    if (frame.process === marker.SOF3) {
      return decodeLosslessScan(bytes, segment.end, frame, scan, restartInterval, this.lossless);
    }
    return decodeSequentialScan(
      bytes,
      segment.end,
      frame,
      scan,
      restartInterval,
      this.quantisation,
      this.planes,
    );
  }

  result(): DecodedJpeg {
    const { frame } = this;
    if (!frame || this.scanned.size < frame.components.length)
      throw new JpegTruncatedError('a scan is missing');
    return { frame, samples: frame.process === marker.SOF3 ? this.lossless : assemble(frame, this.planes) };
  }
}

/**
 * Decodes Huffman-coded JPEG (T.81) of the sequential DCT processes with 8 or 12 bits, and of the lossless process 14
 * with 2 to 16: what other libraries on Node lack (12 bits), or read without noticing that data are missing (lossless).
 * Check the size by `readHeader` first: memory for the whole image is taken at once.
 *
 * @throws JpegTruncatedError, JpegCorruptError, JpegUnsupportedError
 */
export function decodeJpeg(bytes: Uint8Array): DecodedJpeg {
  const image = new JpegImage(bytes);
  let segment = readSegment(bytes, 0);
  if (segment.code !== marker.SOI) throw new JpegCorruptError('no start of image');
  for (let at = segment.end; ; ) {
    segment = readSegment(bytes, at);
    if (segment.code === marker.EOI) return image.result();
    at = image.take(segment);
  }
}
