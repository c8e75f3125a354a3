import type { SoftTissue } from '../anatomy/soft-tissue.js';
import { bake, type DistanceGrid, normaliseDistances } from '../geometry/distance-grid.js';
import type { Field } from '../geometry/field.js';
import { noise3 } from '../geometry/noise.js';
import { identity } from '../geometry/rigid.js';
import type { Bounds } from '../geometry/vector.js';
import { type PathLengths, shareBelowZero, slab } from './path-lengths.js';
import { type PixelRange, type Projection, pixelRange, rayFan, rayOf } from './projection.js';

/** Soft tissue sampled for tracing, in its own frame. */
export interface BakedSoftTissue {
  readonly skin: DistanceGrid;
  readonly muscle: DistanceGrid;
  /** Share of fat between the fibres of a muscle, 0 to 1. */
  readonly marbling: DistanceGrid;
}

/** A cast: plaster around the skin, between two levels of the limb. */
export interface Cast {
  readonly from: number;
  readonly to: number;
  /** Padding between skin and plaster, and thickness of the plaster, mm. */
  readonly paddingMm: number;
  readonly thicknessMm: number;
  /** Thickness there as a factor: 0 where there is no plaster, around 1 where there is. */
  readonly evenness: Field;
}

const latticeMm = 2.2;
const skinMm = 1.6;
/** Distances to the skin are true this far out: padding and plaster lie there. */
const wrapMm = 24;
/** Steps along a ray in mm: near the skin, and at most. */
const shortStep = 0.8;
const longStep = 4.5;
/** The thickest place of a cast, as a factor of its thickness. */
const thickestWrap = 1.7;
/** Soft tissue has no fine detail: rays are traced this far apart at the detector, mm, and interpolated between. */
const rayDistanceMm = 0.5;

export function bakeSoftTissue(soft: SoftTissue, within: Bounds, seed: number): BakedSoftTissue | null {
  const low = (i: 0 | 1 | 2) => Math.max(soft.bounds.min[i], within.min[i]);
  const high = (i: 0 | 1 | 2) => Math.min(soft.bounds.max[i], within.max[i]);
  const bounds: Bounds = { min: [low(0), low(1), low(2)], max: [high(0), high(1), high(2)] };
  if (bounds.min.some((from, i) => (bounds.max[i] as number) - from < latticeMm)) return null;
  const skin = normaliseDistances(bake(soft.skin, bounds, latticeMm, wrapMm), wrapMm);
  const muscle = bake(soft.muscle, bounds, latticeMm);
  const marbling = new Float32Array(skin.values.length);
  const [nx, ny, nz] = skin.size;
  for (let i = 0, at = 0; i < nx; i++) {
    for (let j = 0; j < ny; j++) {
      for (let k = 0; k < nz; k++, at++) {
        if ((muscle.values[at] as number) > latticeMm) continue;
        const [x, y, z] = skin.point(i, j, k);
        // Bundles run along the limb: long waves along y, short ones across, and soft layers of fat between bellies.
        const bundle = noise3(seed, x / 5, y / 60, z / 5);
        const belly = noise3(seed + 1, x / 24, y / 160, z / 24);
        const layer = Math.max(0, 1 - Math.abs(belly) / 0.2);
        marbling[at] = Math.min(1, 0.06 + 0.06 * bundle + 0.2 * layer * layer);
      }
    }
  }
  return { skin, muscle, marbling: skin.sibling(marbling) };
}

/** How the limb as it lies differs from the limb at rest. */
export interface Deformation {
  /** Carries a point of the limb as it lies back to the limb at rest. */
  readonly straighten: (point: [number, number, number]) => void;
  /** Growth of the skin at a point of the limb at rest, mm. */
  readonly swelling: (x: number, y: number, z: number) => number;
  /** The skin never moves farther than this, mm. */
  readonly reachMm: number;
}

/** What one ray crosses, mm along the ray. */
interface Crossing {
  muscle: number;
  fat: number;
  plaster: number;
}

/** Adds skin, fat, muscle and a cast to the path lengths. */
export function traceSoftTissue(
  paths: PathLengths,
  p: Projection,
  soft: BakedSoftTissue,
  deformation: Deformation | null,
  cast: Cast | null,
): void {
  const reach = widened(soft.skin.bounds, deformation?.reachMm ?? 0);
  const range = pixelRange(p, reach, identity);
  if (!range) return;
  const stride = Math.max(2, Math.round(rayDistanceMm / p.pixelMm));
  const columns = Math.ceil((range.right - range.left) / stride) + 1;
  const rows = Math.ceil((range.bottom - range.top) / stride) + 1;
  const coarse = () => new Float32Array(columns * rows);
  const layers = { muscle: coarse(), fat: coarse(), plaster: coarse() };
  const fan = rayFan(p, identity);
  const o: [number, number, number] = [0, 0, 0];
  const d: [number, number, number] = [0, 0, 0];
  const span: [number, number] = [0, 0];
  const crossing: Crossing = { muscle: 0, fat: 0, plaster: 0 };
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      rayOf(fan, range.left + i * stride, range.top + j * stride, o, d);
      slab(span, o, d, reach.min, reach.max);
      if (span[0] >= span[1]) continue;
      crossing.muscle = 0;
      crossing.fat = 0;
      crossing.plaster = 0;
      traceRay(crossing, soft, deformation, cast, o, d, span[0], span[1]);
      const stretch = Math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
      const at = j * columns + i;
      layers.muscle[at] = crossing.muscle * stretch;
      layers.fat[at] = crossing.fat * stretch;
      layers.plaster[at] = crossing.plaster * stretch;
    }
  }
  for (const layer of ['muscle', 'fat', 'plaster'] as const) {
    addInterpolated(paths[layer], paths.width, layers[layer], columns, stride, range);
  }
}

const point: [number, number, number] = [0, 0, 0];

function traceRay(
  crossing: Crossing,
  soft: BakedSoftTissue,
  deformation: Deformation | null,
  cast: Cast | null,
  o: Readonly<[number, number, number]>,
  d: Readonly<[number, number, number]>,
  start: number,
  end: number,
): void {
  // The outer surface of a cast: nothing but air lies farther from the skin.
  const wrapReach = cast ? cast.paddingMm + cast.thicknessMm * thickestWrap : 0;
  let z = start;
  let step = 0;
  let skinBefore = 1;
  let muscleBefore = 1;
  let wrapBefore = 1;
  for (;;) {
    point[0] = o[0] + z * d[0];
    point[1] = o[1] + z * d[1];
    point[2] = o[2] + z * d[2];
    deformation?.straighten(point);
    const [x, y, w] = point;
    let skin = soft.skin.sample(x, y, w);
    if (deformation && skin < 20) skin -= deformation.swelling(x, y, w);
    const muscle = skin > 0 ? 1 : soft.muscle.sample(x, y, w);
    const wrap = cast && skin > -1 ? plasterAt(cast, skin, x, y, w) : 1;
    if (step > 0) {
      const inside = step * shareBelowZero(skinBefore, skin);
      if (inside > 0) {
        const deep = step * shareBelowZero(skinBefore + skinMm, skin + skinMm);
        const lean = Math.min(deep, step * shareBelowZero(muscleBefore, muscle));
        const marbled = lean > 0 ? soft.marbling.sample(x, y, w) : 0;
        crossing.muscle += inside - deep + lean * (1 - marbled);
        crossing.fat += deep - lean + lean * marbled;
      }
      if (cast) crossing.plaster += step * shareBelowZero(wrapBefore, wrap);
    }
    if (z >= end) return;
    skinBefore = skin;
    muscleBefore = muscle;
    wrapBefore = wrap;
    step = Math.max(shortStep, freeStep(skin, muscle, wrapReach));
    if (z + step >= end) {
      step = end - z;
      z = end;
    } else {
      z += step;
    }
  }
}

/** How far a ray may go on from a point without missing a layer, mm. */
function freeStep(skin: number, muscle: number, wrapReach: number): number {
  if (skin > wrapReach) return (skin - wrapReach) * 0.8;
  if (skin > 0) return shortStep;
  const free = Math.max(-skin * 0.8, Math.min(Math.abs(muscle) * 0.6, 1 - skin));
  return Math.min(free, longStep);
}

/** Negative inside the plaster, by the distance to the skin and the place. */
function plasterAt(cast: Cast, skin: number, x: number, y: number, z: number): number {
  if (y < cast.from || y > cast.to) return 1;
  const thickness = cast.thicknessMm * cast.evenness(x, y, z);
  return thickness > 0 ? Math.abs(skin - cast.paddingMm - thickness / 2) - thickness / 2 : 1;
}

/** Adds what was traced on a coarse raster to the full image, by bilinear interpolation. */
function addInterpolated(
  target: Float32Array,
  width: number,
  coarse: Float32Array,
  columns: number,
  stride: number,
  range: PixelRange,
): void {
  for (let y = range.top; y < range.bottom; y++) {
    const v = (y - range.top) / stride;
    const j = v | 0;
    const fy = v - j;
    for (let x = range.left; x < range.right; x++) {
      const u = (x - range.left) / stride;
      const i = u | 0;
      const fx = u - i;
      const at = j * columns + i;
      const a = coarse[at] as number;
      const b = coarse[at + columns] as number;
      const top = a + ((coarse[at + 1] as number) - a) * fx;
      const bottom = b + ((coarse[at + columns + 1] as number) - b) * fx;
      const pixel = y * width + x;
      target[pixel] = (target[pixel] as number) + top + (bottom - top) * fy;
    }
  }
}

function widened({ min, max }: Bounds, by: number): Bounds {
  return { min: [min[0] - by, min[1], min[2] - by], max: [max[0] + by, max[1], max[2] + by] };
}
