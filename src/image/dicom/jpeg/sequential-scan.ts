import { BitReader } from './bit-reader.js';
import { JpegCorruptError } from './errors.js';
import { inverseDct, zigzag } from './inverse-dct.js';
import { needTable, type ScanComponent, type ScanHeader } from './scan.js';
import { type BlockGrid, type BlockVisitor, blockGrids, walkScan } from './scan-units.js';
import type { FrameHeader } from './segments.js';

/** One component's samples on its own grid, padded to whole minimum coded units. */
export interface Plane {
  readonly samples: Uint16Array;
  readonly stride: number;
  readonly grid: BlockGrid;
}

/** Empty planes of a frame. */
export function allocatePlanes(frame: FrameHeader): Plane[] {
  return blockGrids(frame).map((grid) => {
    const stride = grid.paddedAcross * 8;
    return { samples: new Uint16Array(stride * grid.paddedDown * 8), stride, grid };
  });
}

/** Largest categories of a precision of 8 or 12 bits (T.81 tables F.1, F.2, F.6 and F.7). */
export function largestCategories(precision: number): { dc: number; ac: number } {
  return precision === 8 ? { dc: 11, ac: 10 } : { dc: 15, ac: 14 };
}

/** Takes the coefficients of one block as they are read: place in zigzag order, and value before dequantisation. */
export type TakeCoefficient = (index: number, value: number) => void;

/** Reads the blocks of one component of a sequential scan (T.81 F.2.2), keeping its DC prediction between them. */
export class SequentialBlockReader {
  #prediction = 0;
  readonly #dc;
  readonly #ac;
  readonly #largest;

  constructor(
    private readonly reader: BitReader,
    component: ScanComponent,
    precision: number,
  ) {
    this.#dc = needTable(component.dc);
    this.#ac = needTable(component.ac);
    this.#largest = largestCategories(precision);
  }

  restart(): void {
    this.#prediction = 0;
  }

  read(take: TakeCoefficient): void {
    const { reader } = this;
    const category = reader.readSymbol(this.#dc);
    if (category > this.#largest.dc) throw new JpegCorruptError('a difference is out of range');
    this.#prediction += reader.readSigned(category);
    take(0, this.#prediction);
    for (let index = 1; index < 64; index += 1) {
      const symbol = reader.readSymbol(this.#ac);
      const size = symbol & 15;
      const run = symbol >> 4;
      if (size === 0) {
        if (run === 0) return;
        if (run !== 15) throw new JpegCorruptError('a code that sequential scans do not have');
        index += 15;
        continue;
      }
      if (size > this.#largest.ac) throw new JpegCorruptError('a coefficient is out of range');
      index += run;
      if (index > 63) throw new JpegCorruptError('a block has more than 64 coefficients');
      take(index, reader.readSigned(size));
    }
  }
}

/** Decodes the blocks of one component. */
class BlockDecoder implements BlockVisitor {
  readonly #block = new Float64Array(64);
  readonly #blocks: SequentialBlockReader;
  readonly grid: BlockGrid;

  constructor(
    reader: BitReader,
    component: ScanComponent,
    private readonly quantisation: Uint16Array,
    private readonly precision: number,
    private readonly plane: Plane,
  ) {
    this.#blocks = new SequentialBlockReader(reader, component, precision);
    this.grid = plane.grid;
  }

  restart(): void {
    this.#blocks.restart();
  }

  /** One block, dequantised, transformed and stored at block column `across` and row `down`. */
  block(across: number, down: number): void {
    const { quantisation, plane } = this;
    const block = this.#block.fill(0);
    let last = 0;
    this.#blocks.read((index, value) => {
      block[zigzag[index] as number] = value * (quantisation[index] as number);
      last = index;
    });
    const at = down * 8 * plane.stride + across * 8;
    inverseDct(block, last === 0, this.precision, plane.samples, at, plane.stride);
  }
}

/**
 * Decodes a scan of the sequential DCT processes (T.81 F, 8 and 12 bits) into the planes of its components.
 * @returns offset of the marker behind the scan
 */
export function decodeSequentialScan(
  bytes: Uint8Array,
  start: number,
  frame: FrameHeader,
  scan: ScanHeader,
  restartInterval: number,
  quantisation: ReadonlyMap<number, Uint16Array>,
  planes: readonly Plane[],
): number {
  const reader = new BitReader(bytes, start);
  const decoders = scan.components.map((component) => {
    const plane = planes[component.index];
    const table = quantisation.get(frame.components[component.index]?.quantisation ?? -1);
    if (!plane || !table) throw new JpegCorruptError('a scan uses a quantisation table that is not defined');
    return new BlockDecoder(reader, component, table, frame.precision, plane);
  });
  return walkScan(reader, frame, decoders, restartInterval);
}
