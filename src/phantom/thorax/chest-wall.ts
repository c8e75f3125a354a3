import type { RibCage } from './rib-cage.js';
import type { RibTube } from './rib-tube.js';

const angleSteps = 61;
const heightStepMm = 3;
const topMm = 75;
const bottomMm = -360;
const heightSteps = Math.round((topMm - bottomMm) / heightStepMm) + 1;
/** Height over which the chest closes above the first rib, mm. */
const domeMm = 26;

/**
 * The surface that all ribs of a cage lie in: its distance from the axis of the chest by angle and height. Ribs fall
 * from back to front, so that at each angle the ribs cross at other heights; between them the surface is interpolated.
 */
export class ChestWall {
  readonly #radius = new Float64Array(angleSteps * heightSteps);

  constructor(cage: RibCage) {
    const crossings = Array.from({ length: angleSteps }, () => [] as { z: number; radius: number }[]);
    for (let number = 1; number <= 12; number++) {
      const pair = cage.ribs.filter((rib) => rib.number === number);
      for (let step = 0; step < angleSteps; step++) {
        const found = pair.flatMap(({ bone, cartilage }) => {
          const angle = (step * Math.PI) / (angleSteps - 1);
          const hit =
            crossing(cage, bone, angle) ??
            (cartilage &&
              (crossing(cage, cartilage, angle) ??
                (number <= 7 ? sternalEnd(cage, cartilage, angle) : null)));
          return hit ? [hit] : [];
        });
        if (found.length === 0) continue;
        const mean = (of: (hit: { z: number; radius: number }) => number) =>
          found.reduce((sum, hit) => sum + of(hit), 0) / found.length;
        crossings[step]?.push({ z: mean((hit) => hit.z), radius: mean((hit) => hit.radius) });
      }
    }
    fillEmpty(crossings);
    crossings.forEach((column, step) => {
      column.sort((a, b) => b.z - a.z);
      for (let level = 0; level < heightSteps; level++) {
        this.#radius[step * heightSteps + level] = radiusAt(column, topMm - level * heightStepMm);
      }
    });
  }

  /** Distance of the surface from the axis, mm. @param angle 0 behind to pi in front, either side */
  radius(angle: number, z: number): number {
    const a = Math.min(angleSteps - 1.001, (angle / Math.PI) * (angleSteps - 1));
    const h = Math.max(0, Math.min(heightSteps - 1.001, (topMm - z) / heightStepMm));
    const i = Math.floor(a);
    const j = Math.floor(h);
    const at = i * heightSteps + j;
    const radius = this.#radius;
    const p = radius[at] as number;
    const q = radius[at + 1] as number;
    const r = radius[at + heightSteps] as number;
    const s = radius[at + heightSteps + 1] as number;
    const first = p + (q - p) * (h - j);
    return first + (r + (s - r) * (h - j) - first) * (a - i);
  }
}

/** Where a rib passes an angle around the axis for the first time. */
function crossing(cage: RibCage, tube: RibTube, angle: number): { z: number; radius: number } | null {
  let before: { angle: number; z: number; radius: number } | null = null;
  for (let i = 0; i < tube.count; i++) {
    const x = tube.positions[3 * i] ?? 0;
    const y = tube.positions[3 * i + 1] ?? 0;
    const z = tube.positions[3 * i + 2] ?? 0;
    const [ax, ay] = cage.axis(z);
    const here = { angle: Math.atan2(Math.abs(x - ax), y - ay), z, radius: Math.hypot(x - ax, y - ay) };
    if (before && before.angle <= angle && here.angle >= angle) {
      const share = (angle - before.angle) / Math.max(1e-9, here.angle - before.angle);
      return {
        z: before.z + share * (here.z - before.z),
        radius: before.radius + share * (here.radius - before.radius),
      };
    }
    before = here;
  }
  return null;
}

/** In front of the last cartilage the sternum goes on at its distance. */
function sternalEnd(cage: RibCage, tube: RibTube, angle: number): { z: number; radius: number } | null {
  const last = 3 * (tube.count - 1);
  const z = tube.positions[last + 2] ?? 0;
  const [ax, ay] = cage.axis(z);
  const dx = (tube.positions[last] ?? 0) - ax;
  const dy = (tube.positions[last + 1] ?? 0) - ay;
  return Math.atan2(Math.abs(dx), dy) <= angle ? { z, radius: Math.hypot(dx, dy) } : null;
}

/** Angles that no rib reaches (behind the spine, before the sternum) continue from their neighbours. */
function fillEmpty(crossings: { z: number; radius: number }[][]): void {
  const usable = (column: readonly unknown[] | undefined) => (column?.length ?? 0) >= 4;
  const first = crossings.findIndex(usable);
  const last = crossings.findLastIndex(usable);
  crossings.forEach((column, step) => {
    const source = crossings[Math.max(first, Math.min(last, step))];
    if (source && (step < first || step > last)) column.splice(0, column.length, ...source);
  });
}

function radiusAt(column: readonly { z: number; radius: number }[], z: number): number {
  const top = column[0];
  const bottom = column.at(-1);
  if (!top || !bottom) return 0;
  if (z >= top.z) {
    const above = (z - top.z) / domeMm;
    return above >= 1 ? 0 : top.radius * Math.sqrt(1 - above * above);
  }
  if (z <= bottom.z) return bottom.radius;
  for (let i = 1; i < column.length; i++) {
    const upper = column[i - 1];
    const lower = column[i];
    if (upper && lower && z >= lower.z) {
      return (
        lower.radius + ((upper.radius - lower.radius) * (z - lower.z)) / Math.max(1e-9, upper.z - lower.z)
      );
    }
  }
  return bottom.radius;
}
