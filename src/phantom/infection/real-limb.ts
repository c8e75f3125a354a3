import { invert, transform } from '../../core/affine.js';
import { LucencyError } from '../../core/errors.js';
import { sampleVoxel } from '../../core/resample.js';
import type { Volume } from '../../core/volume.js';
import { spacingMm, voxelToPatient } from '../../core/volume-geometry.js';
import type { Random } from '../random.js';
import { directions, type RadialTube } from './radial-tube.js';
import type { RealBackground } from './simulate-limb.js';

const boneHu = 250;
const airHu = -400;
// Uptake above this many times that of muscle is a lesion of the real patient: it is pressed down.
const lesionFactor = 2;
const lesionShare = 0.08;
const gapBetweenBones = 3;
/** A bone must be followed over this length to be fractured, mm. */
const shortestBone = 60;

/** A real PET/CT of a limb, measured once, that lesions can be implanted into. */
export interface RealLimb {
  readonly name: string;
  readonly ct: Volume;
  readonly pet: Volume;
  readonly bone: RadialTube;
  readonly skin: RadialTube;
  /** Uptake of muscle: the median of all that lies within the body. */
  readonly muscleSuv: number;
}

interface Piece {
  readonly area: number;
  readonly x: number;
  readonly y: number;
}

/** Bone in one slice, as pieces that hang together; centres in mm. */
function piecesOf(ct: Volume, z: number): Piece[] {
  const [columns, rows] = ct.size;
  const [sx, sy] = spacingMm(ct);
  const start = z * columns * rows;
  const seen = new Uint8Array(columns * rows);
  const pieces: Piece[] = [];
  for (let first = 0; first < seen.length; first++) {
    if (seen[first] === 1 || (ct.voxels[start + first] as number) < boneHu) continue;
    const stack = [first];
    seen[first] = 1;
    let count = 0;
    let sumX = 0;
    let sumY = 0;
    let edge = false;
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const x = at % columns;
      const y = Math.floor(at / columns);
      count++;
      sumX += x;
      sumY += y;
      edge ||= x < 2 || y < 2 || x > columns - 3 || y > rows - 3;
      for (const next of [at - 1, at + 1, at - columns, at + columns]) {
        if (next < 0 || next >= seen.length || Math.abs((next % columns) - x) > 1) continue;
        if (seen[next] === 1 || (ct.voxels[start + next] as number) < boneHu) continue;
        seen[next] = 1;
        stack.push(next);
      }
    }
    const area = count * sx * sy;
    if (area < 40 || edge) continue;
    const [x, y] = voxelToPatient(ct, [sumX / count, sumY / count, z]);
    pieces.push({ area, x, y });
  }
  return pieces;
}

/** Follows one bone from slice to slice: the longest chain of pieces whose centres stay close. */
function followBone(ct: Volume): { z: number; x: number; y: number }[] {
  const slices = ct.size[2];
  const slice = spacingMm(ct)[2];
  const all = Array.from({ length: slices }, (_, z) => piecesOf(ct, z));
  let best: { z: number; x: number; y: number }[] = [];
  let bestScore = 0;
  for (let first = 0; first < slices; first += 4) {
    for (const piece of all[first] ?? []) {
      const chain = [{ z: first, x: piece.x, y: piece.y }];
      let size = piece.area;
      for (let z = first + 1; z < slices; z++) {
        const last = chain[chain.length - 1] ?? { x: 0, y: 0 };
        const near = (all[z] ?? [])
          .filter((p) => Math.hypot(p.x - last.x, p.y - last.y) < 0.8 * slice + 2)
          .sort((a, b) => b.area - a.area)[0];
        if (!near || near.area > 1400) break;
        chain.push({ z, x: near.x, y: near.y });
        size += near.area;
      }
      const score = chain.length * Math.sqrt(size / chain.length);
      if (score > bestScore) {
        best = chain;
        bestScore = score;
      }
    }
  }
  return best;
}

/** Radii of one slice that stray far from the median, where a ray slipped through, are brought back to it. */
function holdTogether(radii: Float32Array): void {
  const median = [...radii].sort((a, b) => a - b)[directions / 2] as number;
  for (let d = 0; d < directions; d++) {
    radii[d] = Math.max(0.55 * median, Math.min(1.6 * median, radii[d] as number));
  }
}

/** Radii of bone, marrow and skin around a followed bone, cast as rays in every slice. */
function measureTubes(ct: Volume, chain: readonly { z: number; x: number; y: number }[]) {
  const inverse = invert(ct.affine);
  const count = chain.length;
  const slice = spacingMm(ct)[2];
  const fromZ = voxelToPatient(ct, [0, 0, chain[0]?.z ?? 0])[2];
  const patientZ = chain.map(({ z }) => voxelToPatient(ct, [0, 0, z])[2]);
  const centreX = Float32Array.from(chain, ({ x }) => x);
  const centreY = Float32Array.from(chain, ({ y }) => y);
  const outer = new Float32Array(count * directions);
  const inner = new Float32Array(count * directions);
  const surface = new Float32Array(count * directions);
  for (let i = 0; i < count; i++) {
    for (let d = 0; d < directions; d++) {
      const angle = (2 * Math.PI * d) / directions;
      const at = (radius: number) => {
        const x = (centreX[i] as number) + radius * Math.cos(angle);
        const y = (centreY[i] as number) + radius * Math.sin(angle);
        return sampleVoxel(ct, transform(inverse, [x, y, patientZ[i] as number]), -1000);
      };
      // Across the marrow to the cortex, then on through it; what comes after a gap is another bone.
      let reached = 0.5;
      while (reached < 30 && at(reached) < boneHu) reached += 0.5;
      let last = reached;
      let densest = 0;
      for (let radius = reached; radius < last + gapBetweenBones; radius += 0.5) {
        const value = at(radius);
        densest = Math.max(densest, value);
        if (value > boneHu) last = radius;
      }
      let first = 0.5;
      while (first < last - 1 && at(first) < Math.max(boneHu, 0.55 * densest)) first += 0.5;
      let out = last + 1;
      for (let empty = 0; empty < 6 && out < 130; out += 1) empty = at(out) < airHu ? empty + 1 : 0;
      outer[i * directions + d] = last;
      inner[i * directions + d] = Math.min(first, last - 1);
      surface[i * directions + d] = out - 6;
    }
    holdTogether(outer.subarray(i * directions, (i + 1) * directions));
    holdTogether(inner.subarray(i * directions, (i + 1) * directions));
  }
  const common = {
    fromZ,
    step: slice,
    count,
    centreX,
    centreY,
    trabecular: new Float32Array(count).fill(0.3),
  };
  const largest = (radii: Float32Array) => radii.reduce((m, v) => Math.max(m, v), 0);
  return {
    bone: { ...common, outer, inner, largestRadius: largest(outer) },
    skin: {
      ...common,
      outer: surface,
      inner: surface.map((v) => v - 8),
      largestRadius: largest(surface),
    },
  };
}

function muscleUptake(ct: Volume, pet: Volume): number {
  const inverse = invert(ct.affine);
  const [columns, rows, slices] = pet.size;
  const values: number[] = [];
  for (let z = 0, at = 0; z < slices; z++) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++, at++) {
        const hu = sampleVoxel(ct, transform(inverse, voxelToPatient(pet, [x, y, z])), -1000);
        if (hu > 0 && hu < 120) values.push(pet.voxels[at] as number);
      }
    }
  }
  values.sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)] ?? 0;
}

/**
 * Measures a real PET/CT of a limb for implanting: the bone that can be followed farthest, its surface and marrow, the
 * skin. Both volumes upright (axial slices), slices rising.
 * @throws LUC_PHANTOM_BACKGROUND when no long bone can be followed
 */
export function measureLimb(name: string, ct: Volume, pet: Volume): RealLimb {
  const chain = followBone(ct);
  const length = chain.length * spacingMm(ct)[2];
  if (length < shortestBone) {
    throw new LucencyError('LUC_PHANTOM_BACKGROUND', { name, length: Math.round(length) });
  }
  return { name, ct, pet, ...measureTubes(ct, chain), muscleSuv: muscleUptake(ct, pet) };
}

function moved(tube: RadialTube, x: number, y: number, z: number, mirror: 1 | -1): RadialTube {
  const turn = (radii: Float32Array) => {
    if (mirror > 0) return radii;
    return radii.map((_, i) => {
      const d = i % directions;
      return radii[i - d + ((directions / 2 - d + directions) % directions)] as number;
    });
  };
  return {
    ...tube,
    fromZ: tube.fromZ - z,
    centreX: tube.centreX.map((v) => mirror * (v - x)),
    centreY: tube.centreY.map((v) => v - y),
    outer: turn(tube.outer),
    inner: turn(tube.inner),
  };
}

/** Chooses where a real limb breaks and whether it is mirrored, and moves the break to the origin. */
export function implantInto(limb: RealLimb, r: Random): RealBackground {
  const { ct, pet, bone, skin } = limb;
  const mirror = r.chance(0.5) ? 1 : -1;
  const i = Math.floor(bone.count * r.between(0.3, 0.7));
  const x = bone.centreX[i] as number;
  const y = bone.centreY[i] as number;
  const z = bone.fromZ + i * bone.step;
  const ctInverse = invert(ct.affine);
  const petInverse = invert(pet.affine);
  const limit = lesionFactor * limb.muscleSuv;
  const ends = [
    [0, 0, 0],
    [ct.size[0] - 1, ct.size[1] - 1, ct.size[2] - 1],
  ].map(([a = 0, b = 0, c = 0]) => voxelToPatient(ct, [a, b, c]));
  const span = (axis: 0 | 1 | 2, shift: number) => ends.map((p) => p[axis] - shift).sort((a, b) => a - b);
  const xs = span(0, x)
    .map((v) => mirror * v)
    .sort((a, b) => a - b);
  const ys = span(1, y);
  const zs = span(2, z);
  const crop = (value: number | undefined, half: number) => Math.max(-half, Math.min(half, value ?? 0));
  return {
    name: limb.name,
    min: [crop(xs[0], 85), crop(ys[0], 85), crop(zs[0], 80)],
    max: [crop(xs[1], 85), crop(ys[1], 85), crop(zs[1], 80)],
    background: {
      bone: moved(bone, x, y, z, mirror),
      skin: moved(skin, x, y, z, mirror),
      real: true,
      attenuation: (px, py, pz) =>
        sampleVoxel(ct, transform(ctInverse, [mirror * px + x, py + y, pz + z]), -1000),
      uptake(px, py, pz) {
        const suv = sampleVoxel(pet, transform(petInverse, [mirror * px + x, py + y, pz + z]), 0);
        return suv > limit ? limit + lesionShare * (suv - limit) : suv;
      },
    },
  };
}
