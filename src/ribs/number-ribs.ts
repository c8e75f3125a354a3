import { largest, smallest } from '../core/extremes.js';
import type { RibLine } from '../core/volume-reading.js';
import { type FoundRib, reachAside } from './rib-lines.js';

/** Free height above the first or below the last rib that shows that there is no other, mm. */
const freeAboveMm = 8;
const freeBelowMm = 22;
/** The first rib reaches less far to the side than this share of the second. */
const firstRibShare = 0.86;

interface Level {
  /** In vertebrae below the first level. */
  readonly place: number;
  /** Height of the heads, mm. */
  readonly z: number;
  readonly ribs: readonly FoundRib[];
}

const headOf = (rib: FoundRib): number => rib.points[0]?.[2] ?? 0;

/** Place of each rib of one side, counted in vertebrae from its first: a gap of two heights counts twice. */
function placesOf(heads: readonly number[]): number[] {
  const gaps = heads.slice(1).map((z, i) => (heads[i] ?? 0) - z);
  let place = 0;
  return heads.map((_, i) => {
    if (i === 0) return 0;
    const gap = gaps[i - 1] ?? 0;
    const near = gaps.filter((_, k) => Math.abs(k - (i - 1)) <= 3).sort((a, b) => a - b);
    const usual = near[Math.floor((near.length - 1) / 2)] ?? gap;
    place += Math.max(1, Math.round(gap / usual - 0.12));
    return place;
  });
}

/** By how many places the left side starts below the right one: where the heads of pairs are nearest in height. */
function shiftBetween(right: readonly Placed[], left: readonly Placed[]): number {
  let best = { shift: 0, distance: Number.POSITIVE_INFINITY };
  for (let shift = -3; shift <= 3; shift++) {
    const distances = left.flatMap(({ place, rib }) => {
      const other = right.find((entry) => entry.place === place + shift);
      return other ? [Math.abs(headOf(rib) - headOf(other.rib))] : [];
    });
    if (distances.length < Math.min(3, left.length, right.length)) continue;
    const distance = distances.reduce((sum, d) => sum + d, 0) / distances.length + 0.5 * Math.abs(shift);
    if (distance < best.distance) best = { shift, distance };
  }
  return best.shift;
}

interface Placed {
  readonly place: number;
  readonly rib: FoundRib;
}

/** Pairs of ribs from the head down, with their place counted in vertebrae from the first. */
function levelsOf(ribs: readonly FoundRib[]): Level[] {
  const placed = (side: FoundRib['side']): Placed[] => {
    const own = ribs.filter((rib) => rib.side === side).sort((a, b) => headOf(b) - headOf(a));
    const places = placesOf(own.map(headOf));
    return own.map((rib, i) => ({ rib, place: places[i] ?? i }));
  };
  const right = placed('right');
  const left = placed('left');
  const shift = shiftBetween(right, left);
  const all = [...right, ...left.map(({ place, rib }) => ({ rib, place: place + shift }))];
  const first = smallest(all.map(({ place }) => place));
  const levels = new Map<number, FoundRib[]>();
  for (const { place, rib } of all) levels.set(place - first, [...(levels.get(place - first) ?? []), rib]);
  return [...levels]
    .sort(([a], [b]) => a - b)
    .map(([place, pair]) => ({
      place,
      z: pair.reduce((sum, rib) => sum + headOf(rib), 0) / pair.length,
      ribs: pair,
    }));
}

const reachOf = ({ points }: FoundRib): number => reachAside(points);

const whole = (level: Level): boolean => level.ribs.every(({ cut }) => !cut);

const meanOf = (level: Level, of: (rib: FoundRib) => number): number =>
  level.ribs.reduce((sum, rib) => sum + of(rib), 0) / level.ribs.length;

/** Numbered ribs, and how the numbers were found. */
export interface NumberedRibs {
  readonly ribs: readonly (RibLine & { readonly lengthMm: number })[];
  /** `top` and `bottom`: both ends were seen and agree; `none`: no rib has a number. */
  readonly countedFrom: 'top' | 'bottom' | 'both' | 'none';
  /** Both ends were seen but do not leave room for twelve ribs: the numbers are doubtful. */
  readonly conflict: boolean;
}

/**
 * Gives each rib its number. Counted from the first rib where it is in the scan (there is room above it, it is whole, and
 * it reaches less far aside than the next), else upwards from the twelfth. Where neither is seen, numbers stay null.
 *
 * @param topMm height of the uppermost slice (patient z), mm; `bottomMm` that of the lowest
 */
export function numberRibs(found: readonly FoundRib[], topMm: number, bottomMm: number): NumberedRibs {
  const levels = levelsOf(found);
  const span = levels.at(-1)?.place ?? 0;
  const first = levels[0];
  const second = levels[1];
  const last = levels.at(-1);
  const above = levels.at(-2);
  const highest = first ? largest(first.ribs.flatMap(({ points }) => points.map((point) => point[2]))) : 0;
  const top =
    first !== undefined &&
    second !== undefined &&
    topMm - highest >= freeAboveMm &&
    whole(first) &&
    meanOf(first, reachOf) < firstRibShare * meanOf(second, reachOf);
  const bottom =
    last !== undefined &&
    above !== undefined &&
    last.z - bottomMm >= freeBelowMm &&
    whole(last) &&
    meanOf(last, ({ lengthMm }) => lengthMm) < 0.97 * meanOf(above, ({ lengthMm }) => lengthMm);
  const conflict = top && bottom && span !== 11;
  const countedFrom = top ? (bottom && !conflict ? 'both' : 'top') : bottom ? 'bottom' : 'none';
  const ribs = levels.flatMap((level) => {
    const counted = top ? 1 + level.place : bottom ? 12 - (span - level.place) : null;
    const number = counted !== null && counted >= 1 && counted <= 12 ? counted : null;
    return level.ribs.map(({ side, points, lengthMm }) => ({ side, number, pointsMm: points, lengthMm }));
  });
  return { ribs, countedFrom, conflict };
}
