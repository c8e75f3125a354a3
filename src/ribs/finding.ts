import { invert, transform, type Vector3 } from '../core/affine.js';
import type { Certainty, Finding, FindingType, RibPlace } from '../core/reading.js';
import type { Volume } from '../core/volume.js';
import type { Box3d } from '../core/volume-geometry.js';
import type { RibLine } from '../core/volume-reading.js';
import { sigmoid } from '../models/calibration.js';
import type { Proposal } from './propose.js';
import type { RibFrame } from './straighten.js';

/** Half of a rib with what lies on it, mm: across (inside to outside of the chest) and upwards. */
const halfAcrossMm = 5.3;
const halfHighMm = 7.9;
/** A class stays possible from this probability on. */
const possible = 0.25;

/** The smallest box of whole voxels around a stretch of a rib, within the volume. */
export function boxOf(ct: Volume, frames: readonly RibFrame[]): Box3d {
  const toVoxel = invert(ct.affine);
  const low: [number, number, number] = [
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ];
  const high: [number, number, number] = [0, 0, 0];
  for (const { pointMm, outwards, upwards } of frames) {
    for (let corner = 0; corner < 8; corner++) {
      const out = halfAcrossMm * Math.cos((corner * Math.PI) / 4);
      const up = halfHighMm * Math.sin((corner * Math.PI) / 4);
      const at = transform(toVoxel, [
        pointMm[0] + out * outwards[0] + up * upwards[0],
        pointMm[1] + out * outwards[1] + up * upwards[1],
        pointMm[2] + out * outwards[2] + up * upwards[2],
      ]);
      for (const axis of [0, 1, 2] as const) {
        low[axis] = Math.min(low[axis], at[axis] + 0.5);
        high[axis] = Math.max(high[axis], at[axis] + 0.5);
      }
    }
  }
  const edge = (axis: 0 | 1 | 2): readonly [number, number] => {
    const first = Math.max(0, Math.min(ct.size[axis] - 1, Math.floor(low[axis])));
    return [first, Math.max(1, Math.min(ct.size[axis], Math.ceil(high[axis])) - first)];
  };
  const [x, y, z] = [edge(0), edge(1), edge(2)];
  return [x[0], y[0], z[0], x[1], y[1], z[1]];
}

/** Where on a rib a point lies, seen from the middle of the chest: behind, at the side, in front. */
export function partOf([x, y]: Vector3, chestCentre: readonly [number, number]): RibPlace['part'] {
  const degrees = (Math.atan2(Math.abs(x - chestCentre[0]), y - chestCentre[1]) * 180) / Math.PI;
  if (degrees < 60) return 'posterior';
  return degrees < 118 ? 'lateral' : 'anterior';
}

function twoClasses(logit: number, yes: string, no: string): FindingType {
  const p = sigmoid(logit);
  const probabilities = { [yes]: p, [no]: 1 - p };
  const label = p >= 0.5 ? yes : no;
  return { label, probabilities, set: [yes, no].filter((name) => (probabilities[name] ?? 0) >= possible) };
}

const ordinals: Readonly<Record<number, string>> = { 1: '1st', 2: '2nd', 3: '3rd' };

function classWords({ set }: FindingType): string {
  return set.join(' or ');
}

/** A finding in words: "right 7th rib, lateral, fresh, displaced". */
export function describeFinding(
  { side, number, part }: RibPlace,
  age: FindingType,
  shift: FindingType,
): string {
  const rib =
    number === null ? `${side} rib, number unknown` : `${side} ${ordinals[number] ?? `${number}th`} rib`;
  return [rib, part, classWords(age), classWords(shift)].join(', ');
}

/** What a finding is made of. `box` and `centreMm` in the volume that is reported. */
export interface FindingParts {
  readonly id: number;
  readonly rib: RibLine;
  readonly proposal: Proposal;
  readonly box: Box3d;
  readonly centreMm: Vector3;
  readonly score: number;
  readonly certainty: Certainty;
  readonly chestCentre: readonly [number, number];
}

export function makeFinding(parts: FindingParts): Finding {
  const { id, rib, proposal, box, centreMm, score, certainty, chestCentre } = parts;
  const place: RibPlace = { side: rib.side, number: rib.number, part: partOf(centreMm, chestCentre) };
  const type = twoClasses(proposal.old, 'old', 'fresh');
  const displacement = twoClasses(proposal.displaced, 'displaced', 'nondisplaced');
  return {
    id,
    box3d: [...box],
    centerMm: [...centreMm],
    score,
    certainty,
    type,
    displacement,
    rib: place,
    description: describeFinding(place, type, displacement),
  };
}
