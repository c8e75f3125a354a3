import type { BootstrapOptions } from '../bootstrap/bootstrap.js';
import type { BoxSet } from '../detection/box-set.js';
import type { HitRule } from '../detection/hits.js';
import type { NamedThreshold } from '../operating-point.schema.js';

/** An operating point with the call on every item. */
export interface CalledPoint extends NamedThreshold {
  readonly calls: Uint8Array;
}

export interface BreakdownOptions extends BootstrapOptions {
  readonly points: readonly CalledPoint[];
  /** A figure that rests on fewer cases than this is withheld. @default 20 */
  readonly minimum?: number;
  /** @default 5000 */
  readonly permutations?: number;
}

/** Boxes of the same images, in the same order. */
export interface BreakdownBoxes {
  readonly set: BoxSet;
  readonly hitRule: HitRule;
}
