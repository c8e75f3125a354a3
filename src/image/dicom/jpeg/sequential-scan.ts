import { BitReader } from './bit-reader.js';
import { JpegCorruptError } from './errors.js';
import { inverseDct, zigzag } from './inverse-dct.js';
import { needTable, type ScanComponent, type ScanHeader } from './scan.js';
import type { FrameHeader } from './segments.js';

/** One component's samples on its own grid, padded to whole minimum coded units. */
export interface Plane {
  readonly samples: Uint16Array;
  readonly stride: number;
  /** Blocks that hold image, without the padding of the last minimum coded unit. */
  readonly blocksAcross: number;
  readonly blocksDown: number;
  readonly horizontal: number;
  readonly vertical: number;
}

/** Empty planes of a frame (T.81 A.1.1, A.2). */
export function allocatePlanes({ width, height, components }: FrameHeader): Plane[] {
  if (
    components.some(
      ({ horizontal, vertical }) => horizontal < 1 || vertical < 1 || horizontal > 4 || vertical > 4,
    )
  ) {
    throw new JpegCorruptError('bad sampling factors');
  }
  const most = mostSampled(components);
  const unitsAcross = Math.ceil(width / (8 * most.horizontal));
  const unitsDown = Math.ceil(height / (8 * most.vertical));
  return components.map(({ horizontal, vertical }) => {
    const stride = unitsAcross * horizontal * 8;
    return {
      samples: new Uint16Array(stride * unitsDown * vertical * 8),
      stride,
      blocksAcross: Math.ceil(Math.ceil((width * horizontal) / most.horizontal) / 8),
      blocksDown: Math.ceil(Math.ceil((height * vertical) / most.vertical) / 8),
      horizontal,
      vertical,
    };
  });
}

export function mostSampled(components: readonly { horizontal: number; vertical: number }[]): {
  horizontal: number;
  vertical: number;
} {
  return {
    horizontal: Math.max(...components.map(({ horizontal }) => horizontal)),
    vertical: Math.max(...components.map(({ vertical }) => vertical)),
  };
}

/** Decodes the blocks of one component, which keeps its DC prediction between them. */
class BlockDecoder {
  private readonly block = new Float64Array(64);
  private prediction = 0;

  constructor(
    private readonly reader: BitReader,
    private readonly component: ScanComponent,
    private readonly quantisation: Uint16Array,
    private readonly precision: number,
    readonly plane: Plane,
  ) {}

  reset(): void {
    this.prediction = 0;
  }

  /** T.81 F.2.2: one block, dequantised, transformed and stored at block column `across` and row `down`. */
  decode(across: number, down: number): void {
    const { reader, block, quantisation, plane } = this;
    const dc = needTable(this.component.dc);
    const ac = needTable(this.component.ac);
    block.fill(0);
    const category = reader.readSymbol(dc);
    if (category > 16) throw new JpegCorruptError('a difference has more than 16 bits');
    this.prediction += reader.readSigned(category);
    block[0] = this.prediction * (quantisation[0] as number);
    let last = 0;
    for (let index = 1; index < 64; index += 1) {
      const symbol = reader.readSymbol(ac);
      const size = symbol & 15;
      const run = symbol >> 4;
      if (size === 0) {
        if (run !== 15) break;
        index += 15;
        continue;
      }
      index += run;
      if (index > 63) throw new JpegCorruptError('a block has more than 64 coefficients');
      block[zigzag[index] as number] = reader.readSigned(size) * (quantisation[index] as number);
      last = index;
    }
    inverseDct(
      block,
      last === 0,
      this.precision,
      plane.samples,
      down * 8 * plane.stride + across * 8,
      plane.stride,
    );
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
  const [single] = decoders;
  const most = mostSampled(frame.components);
  // A scan of one component runs over its blocks; one of several over minimum coded units (T.81 A.2.2, A.2.3).
  const interleaved = decoders.length > 1;
  const across =
    interleaved || !single ? Math.ceil(frame.width / (8 * most.horizontal)) : single.plane.blocksAcross;
  const down =
    interleaved || !single ? Math.ceil(frame.height / (8 * most.vertical)) : single.plane.blocksDown;

  for (let unit = 0; unit < across * down; unit += 1) {
    if (restartInterval > 0 && unit > 0 && unit % restartInterval === 0) {
      reader.restart(unit / restartInterval - 1);
      for (const decoder of decoders) decoder.reset();
    }
    const column = unit % across;
    const row = Math.floor(unit / across);
    if (!interleaved) single?.decode(column, row);
    else for (const decoder of decoders) decodeUnit(decoder, column, row);
  }
  return reader.end();
}

function decodeUnit(decoder: BlockDecoder, column: number, row: number): void {
  const { horizontal, vertical } = decoder.plane;
  for (let v = 0; v < vertical; v += 1) {
    for (let h = 0; h < horizontal; h += 1) decoder.decode(column * horizontal + h, row * vertical + v);
  }
}
