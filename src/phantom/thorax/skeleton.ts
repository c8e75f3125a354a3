import { largest, smallest } from '../../core/extremes.js';
import type { Vec3 } from '../geometry/vector.js';
import type { RibCage, Vertebra } from './rib-cage.js';
import { inside, type SlicePlane, windowOf } from './slice-plane.js';
import type { SoftTissue } from './soft-tissue.js';
import { fineTexture } from './texture.js';

/** A bone other than a rib: a solid with cortex and marrow. */
export interface SolidBone {
  readonly min: Vec3;
  readonly max: Vec3;
  /** Signed distance from its surface, mm, negative inside. */
  readonly distance: (x: number, y: number, z: number) => number;
  readonly cortexMm: number;
  readonly cortexHu: number;
  readonly marrowHu: number;
}

function around(points: readonly Vec3[], margin: number): { min: Vec3; max: Vec3 } {
  const low = (i: 0 | 1 | 2) => smallest(points.map((p) => p[i])) - margin;
  const high = (i: 0 | 1 | 2) => largest(points.map((p) => p[i])) + margin;
  return { min: [low(0), low(1), low(2)], max: [high(0), high(1), high(2)] };
}

/** Distance from a rod with round ends whose radius goes from `ra` to `rb`. */
function rod(a: Vec3, b: Vec3, ra: number, rb: number): (x: number, y: number, z: number) => number {
  const [ax, ay, az] = a;
  const [dx, dy, dz] = [b[0] - ax, b[1] - ay, b[2] - az];
  const squared = dx * dx + dy * dy + dz * dz;
  return (x, y, z) => {
    const t = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy + (z - az) * dz) / squared));
    const ex = x - ax - t * dx;
    const ey = y - ay - t * dy;
    const ez = z - az - t * dz;
    return Math.sqrt(ex * ex + ey * ey + ez * ez) - (ra + t * (rb - ra));
  };
}

/** An elliptic cylinder with rounded rims. */
function drum(
  centre: Vec3,
  a: number,
  b: number,
  halfHeight: number,
): (x: number, y: number, z: number) => number {
  return (x, y, z) => {
    const u = (x - centre[0]) / a;
    const v = (y - centre[1]) / b;
    const q = Math.sqrt(u * u + v * v);
    const side = (q - 1) * Math.min(a, b);
    const end = Math.abs(z - centre[2]) - halfHeight;
    return Math.max(side, end, (side + end + 2.5) * 0.7);
  };
}

function vertebraBones(vertebra: Vertebra, cage: RibCage): SolidBone[] {
  const { centre, halfWidth, halfDepth, halfHeight } = vertebra;
  const [x, y, z] = centre;
  const { size, cortexMm, cortexHu, marrowHu } = cage.build;
  const spongy = { cortexMm: 0.9 * cortexMm, cortexHu: 0.75 * cortexHu, marrowHu: marrowHu * 0.7 + 90 };
  const body = drum(centre, halfWidth, halfDepth, halfHeight);
  const bones: SolidBone[] = [
    {
      min: [x - halfWidth - 2, y - halfDepth - 2, z - halfHeight - 2],
      max: [x + halfWidth + 2, y + halfDepth + 2, z + halfHeight + 2],
      distance: (px, py, pz) => body(px, py, pz) * (1 + 0.05 * Math.sin(pz)),
      ...spongy,
    },
  ];
  const back = y + halfDepth;
  const thoracic = vertebra.number >= 1 && vertebra.number <= 12;
  const reach = (thoracic ? 35 : 30) * size * (vertebra.number >= 11 ? 0.75 : 1);
  const lean = thoracic ? 20 : 6;
  const parts: { from: Vec3; to: Vec3; ra: number; rb: number }[] = [];
  for (const sign of [-1, 1]) {
    parts.push(
      // pedicle, lamina, transverse process
      { from: [x + sign * 9, back - 3, z + 3], to: [x + sign * 12, back + 13, z + 2], ra: 4, rb: 4.5 },
      { from: [x + sign * 12, back + 14, z], to: [x, back + 21, z - 5], ra: 4.5, rb: 3.5 },
      {
        from: [x + sign * 12, back + 13, z + 2],
        to: [x + sign * reach, back + 19 * size, z + 4],
        ra: 4.5,
        rb: 3.8,
      },
    );
  }
  parts.push({ from: [x, back + 21, z - 4], to: [x, back + 43 * size, z - 4 - lean], ra: 3.4, rb: 3.8 });
  for (const { from, to, ra, rb } of parts) {
    bones.push({ ...around([from, to], Math.max(ra, rb) + 2), distance: rod(from, to, ra, rb), ...spongy });
  }
  return bones;
}

/** Manubrium and body of the sternum: slabs that lean as the front of the chest does. */
function sternumBones(cage: RibCage): SolidBone[] {
  const { size, cortexMm, cortexHu, marrowHu } = cage.build;
  const slab = (top: number, bottom: number, upper: number, lower: number): SolidBone => {
    const middle = ((top + bottom) / 2) * size;
    const half = ((top - bottom) / 2) * size;
    const [x] = cage.axis(middle);
    const y = cage.sternumY(middle);
    // Neighbouring points ask for the front at one height.
    let sliceZ = Number.NaN;
    let front = y;
    return {
      min: [x - 40 * size, y - 32, bottom * size - 4],
      max: [x + 40 * size, y + 32, top * size + 4],
      distance: (px, py, pz) => {
        const share = Math.max(0, Math.min(1, (top * size - pz) / (2 * half)));
        const width = (upper + share * (lower - upper)) * size;
        if (pz !== sliceZ) {
          sliceZ = pz;
          front = cage.sternumY(pz);
        }
        const across = Math.abs(px - x) - width;
        const deep = Math.abs(py - front) - 5.5 * size;
        const high = Math.abs(pz - middle) - half;
        const outside = Math.sqrt(
          Math.max(across + 3, 0) ** 2 + Math.max(deep + 3, 0) ** 2 + Math.max(high + 3, 0) ** 2,
        );
        return Math.min(Math.max(across, deep, high) + 3, 0) + outside - 3;
      },
      cortexMm: 0.8 * cortexMm,
      cortexHu: 0.75 * cortexHu,
      marrowHu: marrowHu * 0.6 + 40,
    };
  };
  return [slab(-22, -66, 27, 16), slab(-69, -170, 13, 18), slab(-172, -192, 8, 4)];
}

/** Shoulder blade: a thin plate behind the ribs with its spine and the socket of the shoulder; and the collar bone. */
function girdleBones(cage: RibCage, soft: SoftTissue): SolidBone[] {
  const { size, muscleMm, cortexMm, cortexHu, marrowHu } = cage.build;
  const dense = { cortexMm: 1.1 * cortexMm, cortexHu, marrowHu: marrowHu + 60 };
  const bones: SolidBone[] = [];
  for (const sign of [-1, 1]) {
    const offset = 13 + 0.35 * muscleMm;
    const corner = (x: number, z: number) => [x * size, z * size] as const;
    const [a, b, c] = [corner(66, -18), corner(132, -38), corner(92, -148)];
    bones.push({
      // The plate lies behind the middle of the chest.
      min: [Math.min(sign * 55, sign * 145) * size, cage.axis(-60)[1], -156 * size],
      max: [Math.max(sign * 55, sign * 145) * size, 110 * size, -10 * size],
      distance: (x, y, z) => {
        const plane = Math.max(edge(sign * x, z, a, b), edge(sign * x, z, b, c), edge(sign * x, z, c, a));
        if (plane > 4) return plane;
        const thick = 1.2 + 2.4 * Math.exp(-(((plane + 2) / 5) ** 2));
        const away = Math.abs(soft.wallDistance(x, y, z) - offset) - thick;
        return Math.max(away, plane);
      },
      ...dense,
    });
    const socket: Vec3 = [sign * 150 * size, cage.axis(-45)[1] + 22 * size, -40 * size];
    const acromion: Vec3 = [sign * 152 * size, cage.axis(-30)[1] + 34 * size, -14 * size];
    const ridge: Vec3 = [sign * 74 * size, cage.axis(-45)[1] + 74 * size, -48 * size];
    const head: Vec3 = [sign * 176 * size, socket[1] - 6, -32 * size];
    const collar: Vec3 = [sign * 26 * size, cage.sternumY(-24 * size) + 2, -22 * size];
    const bend: Vec3 = [sign * 88 * size, cage.axis(-8)[1] - 40 * size, -6 * size];
    for (const [from, to, ra, rb] of [
      [ridge, acromion, 3.6, 6],
      [[sign * 130 * size, cage.axis(-40)[1] + 42 * size, -38 * size], socket, 5, 13],
      [collar, bend, 8, 6],
      [bend, acromion, 6, 6.5],
      [head, [head[0] + sign * 6, head[1], head[2]], 22 * size, 22 * size],
    ] as readonly (readonly [Vec3, Vec3, number, number])[]) {
      bones.push({ ...around([from, to], Math.max(ra, rb) + 2), distance: rod(from, to, ra, rb), ...dense });
    }
  }
  return bones;
}

/** Distance from a side of a triangle in the x-z plane, negative inside; corners in one sense of rotation. */
function edge(x: number, z: number, from: readonly [number, number], to: readonly [number, number]): number {
  const dx = to[0] - from[0];
  const dz = to[1] - from[1];
  return ((z - from[1]) * dx - (x - from[0]) * dz) / Math.hypot(dx, dz);
}

/** Every bone of the chest but the ribs. */
export function skeletonOf(cage: RibCage, soft: SoftTissue): SolidBone[] {
  return [
    ...cage.vertebrae.flatMap((vertebra) => vertebraBones(vertebra, cage)),
    ...sternumBones(cage),
    ...girdleBones(cage, soft),
  ];
}

/** Draws a bone into a plane. */
export function paintSolidBone(plane: SlicePlane, bone: SolidBone): void {
  const { z, columns, spacingMm } = plane;
  if (z < bone.min[2] || z > bone.max[2]) return;
  const [firstColumn, lastColumn, firstRow, lastRow] = windowOf(
    plane,
    bone.min[0],
    bone.max[0],
    bone.min[1],
    bone.max[1],
  );
  for (let row = firstRow; row <= lastRow; row++) {
    const y = plane.y + row * spacingMm;
    for (let column = firstColumn; column <= lastColumn; column++) {
      const x = plane.x + column * spacingMm;
      const distance = bone.distance(x, y, z);
      if (distance > 0.6) continue;
      const at = row * columns + column;
      const cortex = 1 - inside(distance + bone.cortexMm, 0.9);
      const marrow = bone.marrowHu + 70 * fineTexture(x, y, z);
      const value = marrow + cortex * (bone.cortexHu - marrow);
      const before = plane.hu[at] as number;
      plane.hu[at] = before + inside(distance, 0.9) * (value - before);
    }
  }
}
