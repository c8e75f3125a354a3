import type { Random } from '../random.js';
import type { Rib, Side } from './rib-cage.js';
import {
  drawShape,
  type FractureAge,
  halfZone,
  type RibFracture,
  type RibFractureKind,
} from './rib-fracture.js';

/** Breaks keep this distance from the spine, from the cartilage and from each other, mm. */
const fromSpineMm = 40;
const fromCartilageMm = 10;
const apartMm = 36;

const kinds: readonly (readonly [RibFractureKind, number])[] = [
  ['nondisplaced', 0.4],
  ['displaced', 0.3],
  ['buckle', 0.2],
  ['segmental', 0.1],
];

function drawKind(random: Random): RibFractureKind {
  let left = random.next();
  for (const [kind, share] of kinds) {
    left -= share;
    if (left < 0) return kind;
  }
  return 'nondisplaced';
}

function makeFracture(
  rib: Rib,
  kind: RibFractureKind,
  age: FractureAge,
  alongMm: number,
  random: Random,
): RibFracture {
  const shape = drawShape(kind, age, random);
  // The near end moves by a third of the offset, against the far one.
  const step = 1.35 * Math.hypot(...shape.offset);
  return {
    side: rib.side,
    number: rib.number,
    kind,
    age,
    displaced: step >= 2,
    alongMm,
    halfZoneMm: halfZone(shape),
    shape,
  };
}

/**
 * Breaks ribs of one chest: mostly on one side and in neighbours, most of one age, as after one fall.
 * @param count breaks wanted; fewer where no place is left
 */
export function drawFractures(ribs: readonly Rib[], count: number, random: Random): RibFracture[] {
  const fractures: RibFracture[] = [];
  const mainSide: Side = random.chance(0.5) ? 'left' : 'right';
  const mainAge: FractureAge = random.chance(0.5) ? 'fresh' : 'old';
  const middle = random.between(3, 9.5);
  for (let attempt = 0; attempt < 12 * count && fractures.length < count; attempt++) {
    const side = random.chance(0.72) ? mainSide : mainSide === 'left' ? 'right' : 'left';
    const number = Math.round(middle + 2.6 * random.normal());
    const rib = ribs.find((candidate) => candidate.side === side && candidate.number === number);
    if (!rib) continue;
    const end = rib.bone.lengthMm - fromCartilageMm;
    if (end - fromSpineMm < 20) continue;
    const alongMm = random.between(fromSpineMm, end);
    const age: FractureAge = random.chance(0.75) ? mainAge : mainAge === 'fresh' ? 'old' : 'fresh';
    const kind = drawKind(random);
    const places = kind === 'segmental' ? [alongMm, alongMm + random.between(apartMm, 62)] : [alongMm];
    const free = places.every(
      (place) =>
        place <= end &&
        fractures.every(
          (other) =>
            other.side !== side || other.number !== number || Math.abs(other.alongMm - place) >= apartMm,
        ),
    );
    if (!free) continue;
    for (const place of places) {
      fractures.push(makeFracture(rib, kind, age, place, random.fork(`${side} ${number} ${place}`)));
    }
  }
  return fractures;
}
