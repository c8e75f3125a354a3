import { type Affine, affineOf, cross, dot, type Vector3 } from '../../core/affine.js';
import { LucencyError } from '../../core/errors.js';
import { limitation } from '../../core/limitation.js';
import type { Limitation } from '../../core/reading.js';
import type { GridSize } from '../../core/volume.js';
import { shearDegrees } from '../../core/volume-geometry.js';
import type { FrameHeader } from './frame-header.js';
import { instanceGaps } from './instance-gaps.js';
import { type FoundSeries, seriesName } from './series.js';

/** The slices of one volume in their order along the normal, first slice first; null where one is missing. */
export interface Stack {
  readonly size: GridSize;
  readonly affine: Affine;
  readonly slices: readonly (FrameHeader | null)[];
  readonly limitations: readonly Limitation[];
}

/** Positions are decimal strings with rounding of their own; nearer than this they are the same place, mm. */
const samePlaceMm = 0.01;
/** Slices may stand off their even place by this share of the spacing. */
const unevenShare = 0.2;
/** Slices may stand off the line through the first and the last by this much, mm. */
const offLineMm = 0.5;
/** So many missing slices in a row are filled in, and at most this share of all. */
const longestGap = 2;
const filledShare = 0.05;
const visibleTiltDegrees = 0.5;

function sameDirection(a: Vector3, b: Vector3): boolean {
  return dot(a, b) > 0.9999;
}

/** Slices of one size, spacing and direction. */
function belongTogether(a: FrameHeader, b: FrameHeader): boolean {
  return (
    a.columns === b.columns &&
    a.rows === b.rows &&
    Math.abs(a.spacing[0] - b.spacing[0]) < 1e-3 &&
    Math.abs(a.spacing[1] - b.spacing[1]) < 1e-3 &&
    sameDirection(a.directions[0], b.directions[0]) &&
    sameDirection(a.directions[1], b.directions[1])
  );
}

/** The largest set of slices that belong together; scouts and reformats in the series form smaller ones. */
function largestGroup(frames: readonly FrameHeader[]): FrameHeader[] {
  const groups: FrameHeader[][] = [];
  for (const frame of frames) {
    const group = groups.find(([first]) => first && belongTogether(first, frame));
    if (group) group.push(frame);
    else groups.push([frame]);
  }
  return groups.reduce((best, group) => (group.length > best.length ? group : best), []);
}

interface Placed {
  readonly frame: FrameHeader;
  readonly along: number;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** In the order along the normal; of slices in one place the first one acquired stays. */
function inOrder(frames: readonly FrameHeader[], normal: Vector3): { placed: Placed[]; duplicates: number } {
  const sorted = frames
    .map((frame) => ({ frame, along: dot(normal, frame.position) }))
    .sort(
      (a, b) =>
        a.along - b.along ||
        a.frame.acquisitionNumber - b.frame.acquisitionNumber ||
        a.frame.instanceNumber - b.frame.instanceNumber,
    );
  const placed: Placed[] = [];
  for (const slice of sorted) {
    const last = placed.at(-1);
    if (!last || slice.along - last.along > samePlaceMm) placed.push(slice);
    else if (comesBefore(slice.frame, last.frame)) placed[placed.length - 1] = slice;
  }
  return { placed, duplicates: frames.length - placed.length };
}

function comesBefore(a: FrameHeader, b: FrameHeader): boolean {
  return (
    a.acquisitionNumber < b.acquisitionNumber ||
    (a.acquisitionNumber === b.acquisitionNumber && a.instanceNumber < b.instanceNumber)
  );
}

function place({ frame, along }: Placed): string {
  return `${along.toFixed(1)} mm (instance ${frame.instanceNumber})`;
}

/** Slices with nulls for those that are missing, and where these are. */
function withGaps(
  placed: readonly Placed[],
  spacing: number,
  series: string,
): { slices: (FrameHeader | null)[]; missing: number; longest: number; where: string } {
  const slices: (FrameHeader | null)[] = [];
  const gaps: string[] = [];
  let missing = 0;
  let longest = 0;
  placed.forEach((slice, index) => {
    const before = placed[index - 1];
    if (before) {
      const steps = (slice.along - before.along) / spacing;
      const whole = Math.round(steps);
      if (whole < 1 || Math.abs(steps - whole) > unevenShare) {
        const where = `${(slice.along - before.along).toFixed(2)} mm between ${place(before)} and ${place(slice)}, elsewhere ${spacing.toFixed(2)} mm`;
        throw new LucencyError('LUC_VOLUME_SPACING_IRREGULAR', { series, where });
      }
      if (whole > 1) {
        gaps.push(`${whole - 1} between ${place(before)} and ${place(slice)}`);
        missing += whole - 1;
        longest = Math.max(longest, whole - 1);
        for (let gap = 1; gap < whole; gap += 1) slices.push(null);
      }
    }
    slices.push(slice.frame);
  });
  const shown = gaps.slice(0, 5).join('; ');
  const where = gaps.length > 5 ? `${shown}; and ${gaps.length - 5} more gaps` : shown;
  return { slices, missing, longest, where };
}

/** Every slice must lie on the line from the first to the last, evenly: only then one affine holds for all. */
function checkLine(
  slices: readonly (FrameHeader | null)[],
  start: Vector3,
  step: Vector3,
  series: string,
): void {
  slices.forEach((slice, index) => {
    if (!slice) return;
    const off = Math.hypot(
      ...slice.position.map((part, axis) => part - (start[axis] ?? 0) - index * (step[axis] ?? 0)),
    );
    const allowed = offLineMm + unevenShare * Math.hypot(...step);
    if (off > allowed) {
      const where = `instance ${slice.instanceNumber} stands ${off.toFixed(1)} mm off`;
      throw new LucencyError('LUC_VOLUME_SPACING_IRREGULAR', { series, where });
    }
  });
}

/**
 * Puts the slices of a series in their order along the normal (PS3.3 C.7.6.2.1.1), whatever their names and numbers say.
 * Scouts and images of other sizes or directions are left out, of slices in one place the first stays, and few missing
 * slices are marked for filling in; each of these is a stated limitation.
 *
 * @param minimum fewest slices that make a volume
 * @throws LUC_VOLUME_TOO_FEW_SLICES, LUC_VOLUME_SLICES_MISSING, LUC_VOLUME_SPACING_IRREGULAR
 */
export function stackSlices(series: FoundSeries, minimum: number): Stack {
  const name = seriesName(series);
  const group = largestGroup(series.frames);
  const [first] = group;
  if (!first || group.length < minimum) {
    throw new LucencyError('LUC_VOLUME_TOO_FEW_SLICES', { series: name, count: group.length, minimum });
  }
  const [rowDirection, columnDirection] = first.directions;
  const normal = cross(rowDirection, columnDirection);
  const { placed, duplicates } = inOrder(group, normal);
  if (placed.length < minimum) {
    throw new LucencyError('LUC_VOLUME_TOO_FEW_SLICES', { series: name, count: placed.length, minimum });
  }
  const distances = placed.slice(1).map((slice, index) => slice.along - (placed[index]?.along ?? 0));
  const spacing = placed.length > 1 ? median(distances) : (first.thicknessMm ?? 1);
  const { slices, missing, longest, where } = withGaps(placed, spacing, name);
  if (longest > longestGap || missing > filledShare * slices.length) {
    throw new LucencyError('LUC_VOLUME_SLICES_MISSING', { series: name, count: missing, where });
  }
  const start = (placed[0] as Placed).frame.position;
  const end = (placed.at(-1) as Placed).frame.position;
  const steps = slices.length - 1;
  const step: Vector3 =
    steps === 0
      ? [normal[0] * spacing, normal[1] * spacing, normal[2] * spacing]
      : [(end[0] - start[0]) / steps, (end[1] - start[1]) / steps, (end[2] - start[2]) / steps];
  checkLine(slices, start, step, name);
  const along = (direction: Vector3, size: number): Vector3 => [
    direction[0] * size,
    direction[1] * size,
    direction[2] * size,
  ];
  const grid = {
    size: [first.columns, first.rows, slices.length] as const,
    affine: affineOf(
      along(rowDirection, first.spacing[1]),
      along(columnDirection, first.spacing[0]),
      step,
      start,
    ),
  };
  const others = series.frames.length - group.length + series.localizers.length;
  const tilt = shearDegrees(grid);
  const absent = instanceGaps(series);
  return {
    ...grid,
    slices,
    limitations: [
      ...(others > 0 ? [limitation('LUC_VOLUME_OTHER_STACKS', { count: others })] : []),
      ...(duplicates > 0 ? [limitation('LUC_VOLUME_DUPLICATE_SLICES', { count: duplicates })] : []),
      ...(missing > 0 ? [limitation('LUC_VOLUME_SLICES_FILLED', { count: missing, where })] : []),
      ...(absent && absent.count > missing
        ? [limitation('LUC_VOLUME_INSTANCES_MISSING', { count: absent.count, where: absent.where })]
        : []),
      ...(tilt > visibleTiltDegrees
        ? [limitation('LUC_VOLUME_GANTRY_TILT', { degrees: tilt.toFixed(1) })]
        : []),
    ],
  };
}
