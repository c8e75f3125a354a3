import { Random } from '../random.js';
import { type CtSettings, drawSettings, type ScannerGroup } from '../scanner/ct-settings.js';
import { Chest } from './chest.js';
import { ChestScan } from './scan-chest.js';

export interface ChestScanOptions {
  /** The same options give the same voxels on every machine. */
  readonly seed: number;
  /** Breaks wanted; fewer where no place is left. By default none in one chest of five, else 1 to 10. */
  readonly fractures?: number;
  /** @default test */
  readonly scanner?: ScannerGroup;
  /** Columns of the image. @default 512 */
  readonly matrix?: number;
  /** Settings that shall not be drawn, such as `sliceMm`. */
  readonly settings?: Partial<CtSettings>;
}

/** Fields reach this far beyond the ribs on either side, mm, and are this deep for a chest of mean size. */
const besideRibsMm = 22;
const depthMm = 255;

/** Draws one chest and how it is scanned. Nothing is computed until its planes are asked for. */
export function drawChestScan({
  seed,
  fractures,
  scanner = 'test',
  matrix = 512,
  settings = {},
}: ChestScanOptions): ChestScan {
  const random = new Random(`scan of chest ${seed}`);
  const drawn = random.chance(0.2) ? 0 : 1 + (random.bits() % 10);
  const chest = new Chest({ seed, fractures: fractures ?? drawn });
  const { size, depth } = chest.build;
  const extent = [2 * (chest.halfBreadthMm + besideRibsMm), depthMm * size * depth] as const;
  return new ChestScan(chest, { ...drawSettings(scanner, extent, matrix, random), ...settings }, seed);
}
