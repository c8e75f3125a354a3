import { BitReader } from './bit-reader.js';
import { JpegCorruptError } from './errors.js';
import { needTable, type ScanComponent, type ScanHeader } from './scan.js';
import { type BlockGrid, type BlockVisitor, walkScan } from './scan-units.js';
import type { FrameHeader } from './segments.js';
import { largestCategories } from './sequential-scan.js';

/** What a component has been sent so far: which coefficients are not zero, and down to which bit each is known. */
export class ProgressiveComponent {
  /** Bit still missing of each coefficient in zigzag order; -1 where it has not been sent at all. */
  readonly lowestBit = new Int8Array(64).fill(-1);
  readonly #nonZero: Uint8Array;

  constructor(readonly grid: BlockGrid) {
    this.#nonZero = new Uint8Array(grid.paddedAcross * grid.paddedDown * 8);
  }

  /** The 64 flags of a block, one bit each. */
  flags(across: number, down: number): Uint8Array {
    const at = (down * this.grid.paddedAcross + across) * 8;
    return this.#nonZero.subarray(at, at + 8);
  }

  /** True when every coefficient has been sent to its last bit. */
  get complete(): boolean {
    return this.lowestBit.every((bit) => bit === 0);
  }
}

function isSet(flags: Uint8Array, index: number): boolean {
  return (((flags[index >> 3] as number) >> (index & 7)) & 1) === 1;
}

function set(flags: Uint8Array, index: number): void {
  flags[index >> 3] = (flags[index >> 3] as number) | (1 << (index & 7));
}

/** Reads the codes of one component of a progressive scan (T.81 G.1.2) and keeps track of what they send. */
class ProgressiveVisitor implements BlockVisitor {
  readonly grid: BlockGrid;
  readonly #visit: (flags: Uint8Array) => void;
  /** Blocks that have no further coefficients in this band. */
  #endOfBand = 0;

  constructor(
    private readonly reader: BitReader,
    private readonly coded: ScanComponent,
    private readonly scan: ScanHeader,
    private readonly component: ProgressiveComponent,
    private readonly precision: number,
  ) {
    this.grid = component.grid;
    const first = scan.high === 0;
    if (scan.start === 0) this.#visit = first ? () => this.#firstDc() : () => this.reader.read(1);
    else this.#visit = first ? (flags) => this.#firstAc(flags) : (flags) => this.#refineAc(flags);
  }

  restart(): void {
    this.#endOfBand = 0;
  }

  block(across: number, down: number): void {
    this.#visit(this.component.flags(across, down));
  }

  #firstDc(): void {
    const category = this.reader.readSymbol(needTable(this.coded.dc));
    if (category > largestCategories(this.precision).dc) {
      throw new JpegCorruptError('a difference is out of range');
    }
    this.reader.read(category);
  }

  /** Length of a run of blocks without further coefficients, this one included. */
  #runOfBlocks(order: number): number {
    return 2 ** order + this.reader.read(order);
  }

  #firstAc(flags: Uint8Array): void {
    if (this.#endOfBand > 0) {
      this.#endOfBand -= 1;
      return;
    }
    const table = needTable(this.coded.ac);
    const { start, end } = this.scan;
    const largest = largestCategories(this.precision).ac;
    for (let index = start; index <= end; index += 1) {
      const symbol = this.reader.readSymbol(table);
      const run = symbol >> 4;
      const size = symbol & 15;
      if (size === 0 && run < 15) {
        this.#endOfBand = this.#runOfBlocks(run) - 1;
        return;
      }
      index += run;
      if (size === 0) continue;
      if (index > end || size > largest) throw new JpegCorruptError('a coefficient is out of range');
      this.reader.read(size);
      set(flags, index);
    }
  }

  /** Corrections of the coefficients from `index` on that are not zero, until `zeros` others are passed (G.1.2.3). */
  #correct(flags: Uint8Array, index: number, zeros: number): number {
    let left = zeros;
    let at = index;
    for (; at <= this.scan.end; at += 1) {
      if (isSet(flags, at)) this.reader.read(1);
      else if (left === 0) break;
      else left -= 1;
    }
    return at;
  }

  #refineAc(flags: Uint8Array): void {
    const { start, end } = this.scan;
    let index = start;
    if (this.#endOfBand === 0) {
      const table = needTable(this.coded.ac);
      while (index <= end) {
        const symbol = this.reader.readSymbol(table);
        const run = symbol >> 4;
        const size = symbol & 15;
        if (size === 0 && run < 15) {
          this.#endOfBand = this.#runOfBlocks(run);
          break;
        }
        if (size > 1) throw new JpegCorruptError('a coefficient is out of range');
        if (size === 1) this.reader.read(1);
        index = this.#correct(flags, index, run);
        if (size === 1) {
          if (index > end) throw new JpegCorruptError('a coefficient is out of range');
          set(flags, index);
        }
        index += 1;
      }
    }
    if (this.#endOfBand > 0) {
      this.#correct(flags, index, Number.POSITIVE_INFINITY);
      this.#endOfBand -= 1;
    }
  }

  /** A run of blocks must end with the scan or before. */
  finish(): void {
    if (this.#endOfBand > 0) throw new JpegCorruptError('a run of blocks is longer than its scan');
  }
}

function noteScan({ start, end, high, low }: ScanHeader, { lowestBit }: ProgressiveComponent): void {
  for (let index = start; index <= end; index += 1) {
    const before = lowestBit[index] as number;
    const follows = high === 0 ? before === -1 : before === high && low === high - 1;
    if (!follows) throw new JpegCorruptError('a scan is missing or out of order');
    lowestBit[index] = low;
  }
}

/**
 * Reads a scan of the progressive DCT process (T.81 G) without decoding it, to see that it is whole.
 * @returns offset of the marker behind the scan
 */
export function checkProgressiveScan(
  bytes: Uint8Array,
  start: number,
  frame: FrameHeader,
  scan: ScanHeader,
  restartInterval: number,
  components: readonly ProgressiveComponent[],
): number {
  const dc = scan.start === 0;
  const bandFits = dc ? scan.end === 0 : scan.end >= scan.start && scan.end < 64;
  if (!bandFits || scan.low > 13 || (!dc && scan.components.length !== 1)) {
    throw new JpegCorruptError('bad scan header');
  }
  const reader = new BitReader(bytes, start);
  const visitors = scan.components.map((coded) => {
    const component = components[coded.index];
    if (!component) throw new JpegCorruptError('a scan names a component that the frame lacks');
    noteScan(scan, component);
    return new ProgressiveVisitor(reader, coded, scan, component, frame.precision);
  });
  const end = walkScan(reader, frame, visitors, restartInterval);
  for (const visitor of visitors) visitor.finish();
  return end;
}
