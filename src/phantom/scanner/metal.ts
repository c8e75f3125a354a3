import type { Vec3 } from '../geometry/vector.js';
import type { Random } from '../random.js';
import type { RibCage } from '../thorax/rib-cage.js';
import { inside, type SlicePlane } from '../thorax/slice-plane.js';

/** A straight piece of metal: wire, lead or screw. */
export interface MetalRod {
  readonly from: Vec3;
  readonly to: Vec3;
  readonly radiusMm: number;
  /** Amplitude of the streaks next to it, HU. */
  readonly streakHu: number;
  readonly phase: number;
}

const metalHu = 3071;

/** Places metal where chests have it: wires around the sternum, screws in the spine, a lead in the heart. */
export function drawMetal(count: number, cage: RibCage, random: Random): MetalRod[] {
  const { size } = cage.build;
  return Array.from({ length: count }, (): MetalRod => {
    const kind = random.next();
    const phase = random.between(0, 2 * Math.PI);
    if (kind < 0.55) {
      const z = random.between(-165, -30) * size;
      const y = cage.sternumY(z) - 7;
      return {
        from: [-12, y, z],
        to: [12, y - 1, z + 3],
        radiusMm: 0.6,
        streakHu: random.between(60, 160),
        phase,
      };
    }
    if (kind < 0.8) {
      const vertebra = cage.vertebrae[3 + (random.bits() % 10)];
      const [x, y, z] = vertebra?.centre ?? [0, 0, 0];
      const sign = random.chance(0.5) ? 1 : -1;
      const tip: Vec3 = [x + sign * 7, y - 4, z];
      return {
        from: tip,
        to: [x + sign * 14, y + 34, z + 2],
        radiusMm: 2.6,
        streakHu: random.between(150, 420),
        phase,
      };
    }
    const y = cage.axis(-150)[1];
    return {
      from: [22 * size, y - 30, -190 * size],
      to: [10, y - 18, -70 * size],
      radiusMm: 1,
      streakHu: random.between(80, 200),
      phase,
    };
  });
}

/** Draws the metal that a plane cuts, and the bright and dark streaks around it. */
export function paintMetal(plane: SlicePlane, rods: readonly MetalRod[]): void {
  for (const rod of rods) {
    const low = Math.min(rod.from[2], rod.to[2]) - rod.radiusMm;
    const high = Math.max(rod.from[2], rod.to[2]) + rod.radiusMm;
    if (plane.z < low || plane.z > high) continue;
    const share = (plane.z - rod.from[2]) / (rod.to[2] - rod.from[2] || 1);
    const t = Math.max(0, Math.min(1, share));
    const flat = Math.abs(rod.to[2] - rod.from[2]) < 8;
    const start: Vec3 = flat ? rod.from : mix(rod.from, rod.to, t);
    const end: Vec3 = flat ? rod.to : start;
    paintCut(plane, rod, start, end);
  }
}

function mix(a: Vec3, b: Vec3, t: number): Vec3 {
  return [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), a[2] + t * (b[2] - a[2])];
}

function paintCut(plane: SlicePlane, rod: MetalRod, start: Vec3, end: Vec3): void {
  const dx = end[0] - start[0];
  const dy = end[1] - start[1];
  const squared = dx * dx + dy * dy || 1;
  for (let row = 0; row < plane.rows; row++) {
    const y = plane.y + row * plane.spacingMm - start[1];
    for (let column = 0; column < plane.columns; column++) {
      const at = row * plane.columns + column;
      const before = plane.hu[at] as number;
      const x = plane.x + column * plane.spacingMm - start[0];
      const t = Math.max(0, Math.min(1, (x * dx + y * dy) / squared));
      const ex = x - t * dx;
      const ey = y - t * dy;
      const distance = Math.sqrt(ex * ex + ey * ey);
      if (distance < 140) {
        const rays = Math.cos(5 * Math.atan2(ey, ex) + rod.phase);
        plane.hu[at] = before + (before > -950 ? rod.streakHu * rays * Math.exp(-distance / 45) : 0);
      }
      const share = inside(distance - rod.radiusMm, plane.spacingMm);
      if (share > 0) plane.hu[at] = before + share * (metalHu - before);
    }
  }
}
