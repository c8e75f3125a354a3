import { cross, dot, invert, length, transform, type Vector3 } from '../../core/affine.js';
import { largest, smallest } from '../../core/extremes.js';
import type { Finding } from '../../core/reading.js';
import { sampleVoxel } from '../../core/resample.js';
import type { Volume } from '../../core/volume.js';
import type { RibLine } from '../../core/volume-reading.js';
import { colours } from '../picture/colours.js';
import type { Glyphs } from '../picture/glyphs.js';
import { boneWindow, greyOf } from './grey-window.js';
import { plate } from './marks.js';
import { type PanelPart, rgbOfGrey } from './panel.js';

/** Half height of a strip and half depth of the slab whose highest values it shows, mm. */
const halfHeightMm = 14;
const halfDepthMm = 5;
const pixelsPerMm = 1.5;
const rowHeight = Math.round(2 * halfHeightMm * pixelsPerMm);
const rowGap = 4;
const labelWidth = 56;
const columnGap = 16;

interface LinePoint {
  readonly point: Vector3;
  /** Towards the head, at right angles to the rib. */
  readonly up: Vector3;
  /** Out of the chest (or into it), at right angles to both. */
  readonly depth: Vector3;
}

function scaled(vector: Vector3, by: number): Vector3 {
  return [vector[0] * by, vector[1] * by, vector[2] * by];
}

function plus(a: Vector3, b: Vector3): Vector3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

/** Points at every pixel along a centre line, each with its frame; the line's own direction is smoothed over 10 mm. */
function pointsAlong({ pointsMm }: RibLine): LinePoint[] {
  const distances = [0];
  pointsMm.slice(1).forEach((point, index) => {
    const before = pointsMm[index] as Vector3;
    distances.push((distances[index] as number) + length(plus(point, scaled(before, -1))));
  });
  const total = distances.at(-1) ?? 0;
  const at = (mm: number): Vector3 => {
    const wanted = Math.min(Math.max(mm, 0), total);
    let next = distances.findIndex((distance) => distance >= wanted);
    if (next <= 0) next = 1;
    const from = pointsMm[next - 1] as Vector3;
    const to = (pointsMm[next] ?? from) as Vector3;
    const span = (distances[next] ?? 0) - (distances[next - 1] ?? 0);
    const share = span > 0 ? (wanted - (distances[next - 1] as number)) / span : 0;
    return plus(from, scaled(plus(to, scaled(from, -1)), share));
  };
  return Array.from({ length: Math.max(1, Math.floor(total * pixelsPerMm)) }, (_, pixel) => {
    const mm = pixel / pixelsPerMm;
    const along = plus(at(mm + 5), scaled(at(mm - 5), -1));
    const tangent = scaled(along, 1 / (length(along) || 1));
    const head: Vector3 = [0, 0, 1];
    const upright = plus(head, scaled(tangent, -dot(head, tangent)));
    const up = scaled(upright, 1 / (length(upright) || 1));
    return { point: at(mm), up, depth: cross(tangent, up) };
  });
}

/** The rib pulled straight: from the spine on the left to its front end, the highest value through its thickness. */
function strip(ct: Volume, points: readonly LinePoint[]): Uint8Array {
  const toVoxel = invert(ct.affine);
  const grey = new Uint8Array(points.length * rowHeight);
  points.forEach(({ point, up, depth }, column) => {
    const start = transform(toVoxel, point);
    const perUp = plus(transform(toVoxel, plus(point, up)), scaled(start, -1));
    const perDepth = plus(transform(toVoxel, plus(point, depth)), scaled(start, -1));
    for (let row = 0; row < rowHeight; row += 1) {
      const base = plus(start, scaled(perUp, halfHeightMm - (row + 0.5) / pixelsPerMm));
      let highest = -1024;
      for (let slab = -halfDepthMm; slab <= halfDepthMm; slab += 1) {
        highest = Math.max(highest, sampleVoxel(ct, plus(base, scaled(perDepth, slab)), -1024));
      }
      grey[row * points.length + column] = greyOf(highest, boneWindow);
    }
  });
  return grey;
}

/** The finding's place along a line, pixels; null when it lies on another rib. */
function placeOn(points: readonly LinePoint[], finding: Finding): number | null {
  const { centerMm } = finding;
  if (!centerMm) return null;
  let best = -1;
  let nearest = 20;
  points.forEach(({ point }, column) => {
    const distance = length(plus(point, scaled(centerMm, -1)));
    if (distance < nearest) {
      nearest = distance;
      best = column;
    }
  });
  return best < 0 ? null : best;
}

function mark(finding: Finding, column: number, width: number, glyphs: Glyphs): string {
  const dash = finding.certainty === 'definite' ? '' : ' stroke-dasharray="4 3"';
  const half = 13;
  const place = `x="${column - half}" y="2" width="${2 * half}" height="${rowHeight - 4}" fill="none"`;
  const text = String(finding.id);
  const room = glyphs.measure(text, 12) + 8;
  const left = column + half + 2 + room < width ? column + half + 2 : column - half - 2 - room;
  return (
    `<rect ${place} stroke="${colours.rim}" stroke-opacity="0.6" stroke-width="4"/>` +
    `<rect ${place} stroke="${colours[finding.certainty]}" stroke-width="2"${dash}/>` +
    plate(text, left, 2, 12, colours[finding.certainty], glyphs)
  );
}

function nameOf({ side, number }: RibLine): string {
  return `${side === 'right' ? 'R' : 'L'}${number ?? '?'}`;
}

function byNumber(a: RibLine, b: RibLine): number {
  return (a.number ?? 99) - (b.number ?? 99);
}

/** On which rib a finding is marked: the one whose line comes nearest. */
function ownRib(finding: Finding, ribs: readonly (readonly LinePoint[])[]): number {
  const { centerMm } = finding;
  if (!centerMm) return -1;
  const distances = ribs.map((points) =>
    smallest(points.map(({ point }) => length(plus(point, scaled(centerMm, -1))))),
  );
  return distances.indexOf(smallest(distances));
}

/**
 * All ribs pulled straight, the right ones on the left as on a chest seen from the front, each from the spine to its front
 * end, with the findings marked.
 */
export function unrolledRibs(
  ct: Volume,
  ribs: readonly RibLine[],
  findings: readonly Finding[],
  glyphs: Glyphs,
): PanelPart[] {
  const lines = ribs.filter(({ pointsMm }) => pointsMm.length > 1);
  const right = lines.filter(({ side }) => side === 'right').sort(byNumber);
  const left = lines.filter(({ side }) => side === 'left').sort(byNumber);
  const ordered = [...right, ...left];
  const points = ordered.map(pointsAlong);
  const own = findings.map((finding) => ownRib(finding, points));
  const longest = largest(
    points.slice(0, right.length).map((line) => line.length),
    0,
  );
  const parts: PanelPart[] = [];
  ordered.forEach((rib, index) => {
    const line = points[index] ?? [];
    const isRight = index < right.length;
    const start = isRight ? 0 : longest + labelWidth + columnGap;
    const row = isRight ? index : index - right.length;
    const top = row * (rowHeight + rowGap);
    const marks = findings.flatMap((finding, at) => {
      const column = own[at] === index ? placeOn(line, finding) : null;
      return column === null ? [] : [mark(finding, column, line.length, glyphs)];
    });
    parts.push({
      left: start,
      top,
      width: labelWidth,
      height: rowHeight,
      pixels: new Uint8Array(3 * labelWidth * rowHeight).fill(16),
      marks: glyphs.draw(nameOf(rib), 8, rowHeight / 2 + 6, 17, colours.text),
    });
    parts.push({
      left: start + labelWidth,
      top,
      width: line.length,
      height: rowHeight,
      pixels: rgbOfGrey(strip(ct, line)),
      marks: marks.join(''),
    });
  });
  return parts;
}
