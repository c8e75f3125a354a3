import { invert, type Rigid } from './rigid.js';
import type { Vec3 } from './vector.js';

/**
 * An implicit shape: a value in mm that is negative inside, zero on the surface and grows outwards. Near the
 * surface it is about the distance to it; elsewhere only its sign and its order of size are relied upon.
 */
export type Field = (x: number, y: number, z: number) => number;

/** An ellipsoid; first-order distance (Quilez, "ellipsoid distance estimation"). */
export function ellipsoid([cx, cy, cz]: Vec3, [rx, ry, rz]: Vec3): Field {
  return (x, y, z) => {
    const u = (x - cx) / rx;
    const v = (y - cy) / ry;
    const w = (z - cz) / rz;
    const k0 = Math.sqrt(u * u + v * v + w * w);
    if (k0 < 1e-6) return -Math.min(rx, ry, rz);
    const k1 = Math.sqrt((u / rx) ** 2 + (v / ry) ** 2 + (w / rz) ** 2);
    return (k0 * (k0 - 1)) / k1;
  };
}

/** A capsule from `a` to `b` whose radius goes evenly from `ra` to `rb`. */
export function roundCone(a: Vec3, ra: number, b: Vec3, rb: number): Field {
  const [ax, ay, az] = a;
  const dx = b[0] - ax;
  const dy = b[1] - ay;
  const dz = b[2] - az;
  const inverse = 1 / (dx * dx + dy * dy + dz * dz);
  return (x, y, z) => {
    const px = x - ax;
    const py = y - ay;
    const pz = z - az;
    const t = Math.max(0, Math.min(1, (px * dx + py * dy + pz * dz) * inverse));
    const qx = px - t * dx;
    const qy = py - t * dy;
    const qz = pz - t * dz;
    return Math.sqrt(qx * qx + qy * qy + qz * qz) - (ra + (rb - ra) * t);
  };
}

/** A box with rounded edges: outer half sizes `half`, edge radius `radius`. */
export function roundedBox([cx, cy, cz]: Vec3, [hx, hy, hz]: Vec3, radius: number): Field {
  return (x, y, z) => {
    const qx = Math.abs(x - cx) - hx + radius;
    const qy = Math.abs(y - cy) - hy + radius;
    const qz = Math.abs(z - cz) - hz + radius;
    const ox = Math.max(qx, 0);
    const oy = Math.max(qy, 0);
    const oz = Math.max(qz, 0);
    return Math.sqrt(ox * ox + oy * oy + oz * oz) + Math.min(Math.max(qx, qy, qz), 0) - radius;
  };
}

/** A cylinder about `axis` (unit) through `centre`, `half` mm long to either side, its rims rounded over `rim` mm. */
export function cylinder(
  [cx, cy, cz]: Vec3,
  [ax, ay, az]: Vec3,
  radius: number,
  half: number,
  rim: number,
): Field {
  return (x, y, z) => {
    const px = x - cx;
    const py = y - cy;
    const pz = z - cz;
    const along = px * ax + py * ay + pz * az;
    const across = Math.sqrt(Math.max(0, px * px + py * py + pz * pz - along * along));
    return -smoothMin(radius - across, half - Math.abs(along), rim);
  };
}

/** Smooth minimum (quadratic): rounds the seam over about `k` mm. */
export function smoothMin(a: number, b: number, k: number): number {
  const h = Math.max(k - Math.abs(a - b), 0);
  return Math.min(a, b) - (h * h) / (4 * k);
}

/** All shapes in one, their seams filled over `k` mm. */
export function union(k: number, first: Field, ...others: readonly Field[]): Field {
  return others.reduce<Field>((a, b) => (x, y, z) => smoothMin(a(x, y, z), b(x, y, z), k), first);
}

/** The first shape without the others, the new edges rounded over `k` mm. */
export function without(k: number, base: Field, ...tools: readonly Field[]): Field {
  return tools.reduce<Field>((a, b) => (x, y, z) => -smoothMin(-a(x, y, z), b(x, y, z), k), base);
}

/** The shape grown by `by` mm on every side. */
export function grown(field: Field, by: number): Field {
  return (x, y, z) => field(x, y, z) - by;
}

/** The shape carried to another place. */
export function moved(field: Field, move: Rigid): Field {
  const { rows, translation } = invert(move);
  const [[a, b, c], [d, e, f], [g, h, i]] = rows;
  const [u, v, w] = translation;
  if (a === 1 && e === 1 && i === 1) {
    return u === 0 && v === 0 && w === 0 ? field : (x, y, z) => field(x + u, y + v, z + w);
  }
  return (x, y, z) => field(a * x + b * y + c * z + u, d * x + e * y + f * z + v, g * x + h * y + i * z + w);
}
