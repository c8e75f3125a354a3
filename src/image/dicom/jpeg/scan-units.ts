import type { BitReader } from './bit-reader.js';
import type { FrameHeader } from './segments.js';

/** How the blocks of one component lie (T.81 A.1.1, A.2). */
export interface BlockGrid {
  /** Blocks of 8 x 8 that hold image, without the padding of the last minimum coded unit. */
  readonly blocksAcross: number;
  readonly blocksDown: number;
  /** Blocks with that padding. */
  readonly paddedAcross: number;
  readonly paddedDown: number;
  readonly horizontal: number;
  readonly vertical: number;
}

export function mostSampled(components: readonly { horizontal: number; vertical: number }[]): {
  horizontal: number;
  vertical: number;
} {
  const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);
  return {
    horizontal: largest(components.map(({ horizontal }) => horizontal)),
    vertical: largest(components.map(({ vertical }) => vertical)),
  };
}

/** Grids of a frame's components, in their order. */
export function blockGrids({ width, height, components }: FrameHeader): BlockGrid[] {
  const most = mostSampled(components);
  const unitsAcross = Math.ceil(width / (8 * most.horizontal));
  const unitsDown = Math.ceil(height / (8 * most.vertical));
  return components.map(({ horizontal, vertical }) => ({
    blocksAcross: Math.ceil(Math.ceil((width * horizontal) / most.horizontal) / 8),
    blocksDown: Math.ceil(Math.ceil((height * vertical) / most.vertical) / 8),
    paddedAcross: unitsAcross * horizontal,
    paddedDown: unitsDown * vertical,
    horizontal,
    vertical,
  }));
}

/** Takes the blocks of one component of a scan, in the order in which they are coded. */
export interface BlockVisitor {
  readonly grid: BlockGrid;
  block(across: number, down: number): void;
  /** A restart: predictions and runs begin anew. */
  restart(): void;
}

/**
 * Walks the blocks of a scan: one component block by block, several by minimum coded units (T.81 A.2.2, A.2.3), restart
 * markers in between (E.2.4).
 * @returns offset of the marker behind the scan
 */
export function walkScan(
  reader: BitReader,
  frame: FrameHeader,
  visitors: readonly BlockVisitor[],
  restartInterval: number,
): number {
  const [first] = visitors;
  if (!first) return reader.end();
  const most = mostSampled(frame.components);
  const interleaved = visitors.length > 1;
  const across = interleaved ? Math.ceil(frame.width / (8 * most.horizontal)) : first.grid.blocksAcross;
  const down = interleaved ? Math.ceil(frame.height / (8 * most.vertical)) : first.grid.blocksDown;
  for (let unit = 0; unit < across * down; unit += 1) {
    if (restartInterval > 0 && unit > 0 && unit % restartInterval === 0) {
      reader.restart(unit / restartInterval - 1);
      for (const visitor of visitors) visitor.restart();
    }
    const column = unit % across;
    const row = Math.floor(unit / across);
    if (!interleaved) first.block(column, row);
    else for (const visitor of visitors) visitUnit(visitor, column, row);
  }
  return reader.end();
}

function visitUnit(visitor: BlockVisitor, column: number, row: number): void {
  const { horizontal, vertical } = visitor.grid;
  for (let v = 0; v < vertical; v += 1) {
    for (let h = 0; h < horizontal; h += 1) visitor.block(column * horizontal + h, row * vertical + v);
  }
}
