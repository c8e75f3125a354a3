import type { RibLine } from '../core/volume-reading.js';
import type { FoundRib } from './rib-lines.js';

/** Heads of the two ribs of one vertebra lie within this height of each other, mm. */
const levelMm = 9;
/** Free height above the first or below the last rib that shows that there is no other, mm. */
const freeAboveMm = 8;
const freeBelowMm = 22;
/** The first rib reaches less far to the side than this share of the second. */
const firstRibShare = 0.86;

interface Level {
  /** Height of the heads, mm. */
  readonly z: number;
  readonly ribs: readonly FoundRib[];
}

const headOf = (rib: FoundRib): number => rib.points[0]?.[2] ?? 0;

/** Pairs of ribs from the head down. */
function levelsOf(ribs: readonly FoundRib[]): Level[] {
  const sorted = [...ribs].sort((a, b) => headOf(b) - headOf(a));
  const levels: { z: number; ribs: FoundRib[] }[] = [];
  for (const rib of sorted) {
    const last = levels.at(-1);
    const free = last?.ribs.every((other) => other.side !== rib.side) ?? false;
    if (last && free && last.z - headOf(rib) < levelMm) last.ribs.push(rib);
    else levels.push({ z: headOf(rib), ribs: [rib] });
  }
  return levels;
}

/** How far a rib goes to the side from where it starts, mm. */
function reachOf(rib: FoundRib): number {
  const start = rib.points[0]?.[0] ?? 0;
  return rib.points.reduce((most, [x]) => Math.max(most, Math.abs(x - start)), 0);
}

const meanOf = (level: Level, of: (rib: FoundRib) => number): number =>
  level.ribs.reduce((sum, rib) => sum + of(rib), 0) / level.ribs.length;

/** Steps between levels in vertebrae: 2 where a pair is missing between. */
function stepsBetween(levels: readonly Level[]): number[] {
  const gaps = levels.slice(1).map((level, i) => (levels[i]?.z ?? 0) - level.z);
  return gaps.map((gap, i) => {
    const near = gaps.filter((_, k) => k !== i && Math.abs(k - i) <= 3).sort((a, b) => a - b);
    const usual = near[Math.floor(near.length / 2)] ?? gap;
    return Math.max(1, Math.round(gap / usual - 0.1));
  });
}

/** Numbered ribs, and how the numbers were found. */
export interface NumberedRibs {
  readonly ribs: readonly (RibLine & { readonly lengthMm: number })[];
  /** `top` and `bottom`: both ends were seen and agree; `none`: no rib has a number. */
  readonly countedFrom: 'top' | 'bottom' | 'both' | 'none';
  /** Both ends were seen but do not leave room for twelve ribs: the numbers are doubtful. */
  readonly conflict: boolean;
}

/**
 * Gives each rib its number. Counted from the first rib where it is in the scan (there is room above it, and it is
 * shorter than the next), else upwards from the twelfth. Where neither is seen, numbers stay null.
 *
 * @param topMm height of the uppermost slice (patient z), mm; `bottomMm` that of the lowest
 */
export function numberRibs(found: readonly FoundRib[], topMm: number, bottomMm: number): NumberedRibs {
  const levels = levelsOf(found);
  const steps = stepsBetween(levels);
  const place = levels.map((_, i) => steps.slice(0, i).reduce((sum, step) => sum + step, 0));
  const span = place.at(-1) ?? 0;
  const first = levels[0];
  const second = levels[1];
  const last = levels.at(-1);
  const above = levels.at(-2);
  const highest = first ? Math.max(...first.ribs.flatMap(({ points }) => points.map((point) => point[2]))) : 0;
  const top =
    first !== undefined &&
    second !== undefined &&
    topMm - highest >= freeAboveMm &&
    meanOf(first, reachOf) < firstRibShare * meanOf(second, reachOf);
  const bottom =
    last !== undefined &&
    above !== undefined &&
    last.z - bottomMm >= freeBelowMm &&
    meanOf(last, ({ lengthMm }) => lengthMm) < 0.97 * meanOf(above, ({ lengthMm }) => lengthMm);
  const fromTop = (level: number): number => 1 + (place[level] ?? 0);
  const fromBottom = (level: number): number => 12 - (span - (place[level] ?? 0));
  const conflict = top && bottom && span !== 11;
  const countedFrom = top ? (bottom && !conflict ? 'both' : 'top') : bottom ? 'bottom' : 'none';
  const ribs = levels.flatMap((level, i) => {
    const counted = top ? fromTop(i) : bottom ? fromBottom(i) : null;
    const number = counted !== null && counted >= 1 && counted <= 12 ? counted : null;
    return level.ribs.map(({ side, points, lengthMm }) => ({ side, number, pointsMm: points, lengthMm }));
  });
  return { ribs, countedFrom, conflict };
}
