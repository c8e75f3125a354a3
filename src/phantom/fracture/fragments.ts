import type { Field } from '../geometry/field.js';
import type { Rigid } from '../geometry/rigid.js';
import type { Vec3 } from '../geometry/vector.js';

/** What a pattern makes of a bone, in the bone's own frame. */
export interface Fragments {
  readonly pieces: readonly Fragment[];
  /** Points of the broken faces after the fragments have moved: what the truth is drawn around. */
  readonly faces: readonly Vec3[];
}

/** One fragment: which part of the bone it is and where it went. */
export interface Fragment {
  /** Negative inside the fragment's share of the bone. */
  readonly clip: Field;
  readonly from: number;
  readonly to: number;
  readonly move: Rigid;
  /** Carries a point of a bent bone back to the straight one. */
  readonly straighten: ((point: [number, number, number]) => void) | null;
  /** How far the bent end swings out of the box of the straight bone, mm. */
  readonly bendReachMm: number;
}

/** The bone that is to be broken, as the patterns see it. */
export interface Breaking {
  /** Outer surface of the bone. */
  readonly bone: Field;
  /** Positive outside the part that can break off; null when the break goes through the whole bone. */
  readonly beyond: Field | null;
  /** Where the lower fragment goes, in the bone's own frame. */
  readonly lower: Rigid;
  readonly seed: number;
}
