import { largest, smallest } from '../../core/extremes.js';
import type { Vec3 } from '../geometry/vector.js';
import type { Random } from '../random.js';
import { type LimbPoint, segmentDistance } from './limb-point.js';
import { centreAt, innerRadiusAt, outerRadiusAt, type RadialTube } from './radial-tube.js';

export const implantKinds = ['plate', 'nail', 'screws', 'external fixator', 'none'] as const;
export type ImplantKind = (typeof implantKinds)[number];

/** A round bar of metal, or the hole that one has left. */
export interface Bar {
  readonly role: 'screw' | 'nail' | 'pin' | 'rod';
  readonly from: Vec3;
  readonly to: Vec3;
  readonly radius: number;
}

/** A plate that follows the surface of the bone. */
export interface Plate {
  readonly angle: number;
  readonly fromZ: number;
  readonly toZ: number;
  readonly halfWidth: number;
  readonly thickness: number;
  /** Gap between bone and plate, mm. */
  readonly lift: number;
}

export interface Implant {
  readonly kind: ImplantKind;
  readonly metal: 'titanium' | 'steel';
  readonly bars: readonly Bar[];
  readonly plate: Plate | null;
  /** Holes of screws that were taken out. */
  readonly tracks: readonly Bar[];
}

/** A bar across the bone at a height: from `before` mm outside one side to `beyond` mm outside the other. */
function across(
  bone: RadialTube,
  z: number,
  angle: number,
  before: number,
  beyond: number,
  radius: number,
  role: Bar['role'],
): Bar {
  const [cx, cy] = centreAt(bone, z);
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  const near = outerRadiusAt(bone, z, angle) + before;
  const far = outerRadiusAt(bone, z, angle + Math.PI) + beyond;
  return { role, radius, from: [cx + c * near, cy + s * near, z], to: [cx - c * far, cy - s * far, z] };
}

function plateAndScrews(bone: RadialTube, r: Random): Pick<Implant, 'bars' | 'plate'> {
  const angle = r.between(0, 2 * Math.PI);
  const large = bone.largestRadius > 9.5;
  const spacing = large ? r.between(14, 18) : r.between(10, 13);
  const holes = 2 * Math.floor(r.between(3, 5.99));
  const offset = r.between(-0.3, 0.3) * spacing;
  const half = (holes * spacing) / 2;
  const plate: Plate = {
    angle,
    fromZ: offset - half,
    toZ: offset + half,
    halfWidth: large ? r.between(5.5, 8) : r.between(4, 5.5),
    thickness: large ? r.between(3.4, 5) : r.between(2.2, 3.4),
    lift: r.between(0, 1.2),
  };
  const bars: Bar[] = [];
  for (let hole = 0; hole < holes; hole++) {
    const z = plate.fromZ + (hole + 0.5) * spacing;
    // No screw through the fracture, and some holes are left free.
    if (Math.abs(z) < 6 || r.chance(0.15)) continue;
    bars.push(
      across(bone, z, angle, plate.lift + plate.thickness, r.between(0, 2.5), large ? 2.3 : 1.7, 'screw'),
    );
  }
  return { bars, plate };
}

function nail(bone: RadialTube, r: Random): Pick<Implant, 'bars' | 'plate'> {
  const canal = smallest([-60, -20, 20, 60].map((z) => innerRadiusAt(bone, z, 0)));
  const radius = Math.max(1.5, Math.min(5.8, canal * r.between(0.72, 0.95)));
  // One end may lie in the field of view.
  const lower = r.chance(0.35) ? r.between(-95, -55) : -200;
  const upper = lower === -200 && r.chance(0.4) ? r.between(55, 95) : 200;
  const bars: Bar[] = [];
  const piece = 20;
  for (let z = Math.max(lower, -120); z < Math.min(upper, 120); z += piece) {
    const end = Math.min(z + piece, upper);
    bars.push({ role: 'nail', radius, from: [...centreAt(bone, z), z], to: [...centreAt(bone, end), end] });
  }
  const ends = [lower === -200 ? null : lower + 12, upper === 200 ? null : upper - 12];
  const angle = r.between(0, 2 * Math.PI);
  for (const z of ends) {
    if (z === null) continue;
    bars.push(across(bone, z, angle, r.between(1, 4), r.between(0, 2), 2.4, 'screw'));
    const second = z > 0 ? z - 18 : z + 18;
    if (r.chance(0.6)) bars.push(across(bone, second, angle, r.between(1, 4), 1, 2.4, 'screw'));
  }
  return { bars, plate: null };
}

function looseScrews(bone: RadialTube, r: Random): Pick<Implant, 'bars' | 'plate'> {
  const count = Math.floor(r.between(2, 4.99));
  const angle = r.between(0, 2 * Math.PI);
  const bars = Array.from({ length: count }, (_, i): Bar => {
    const z = (i - (count - 1) / 2) * r.between(9, 15);
    const bar = across(bone, z, angle + r.between(-0.5, 0.5), r.between(1, 3), r.between(0, 2), 2, 'screw');
    const tilt = r.between(-10, 10);
    return { ...bar, from: [bar.from[0], bar.from[1], z + tilt], to: [bar.to[0], bar.to[1], z - tilt] };
  });
  return { bars, plate: null };
}

function externalFixator(bone: RadialTube, skin: RadialTube, r: Random): Pick<Implant, 'bars' | 'plate'> {
  const angle = r.between(0, 2 * Math.PI);
  const stand = r.between(25, 45);
  const heights = [-r.between(55, 80), -r.between(25, 40), r.between(25, 40), r.between(55, 80)];
  const out = largest(heights.map((z) => outerRadiusAt(skin, z, angle))) + stand;
  const bars = heights.map((z) => {
    const before = out - outerRadiusAt(bone, z, angle);
    return across(bone, z, angle, before, r.between(0, 2), 2.5, 'pin');
  });
  const first = bars[0];
  const last = bars[bars.length - 1];
  if (first && last) bars.push({ role: 'rod', radius: 4.5, from: first.from, to: last.from });
  return { bars, plate: null };
}

/** Draws the metal of a fracture. The draw knows nothing of infection. */
export function drawImplant(kind: ImplantKind, bone: RadialTube, skin: RadialTube, r: Random): Implant {
  const metal = r.chance(0.7) ? 'titanium' : 'steel';
  if (kind === 'plate') return { kind, metal, tracks: [], ...plateAndScrews(bone, r) };
  if (kind === 'nail') return { kind, metal, tracks: [], ...nail(bone, r) };
  if (kind === 'screws') return { kind, metal, tracks: [], ...looseScrews(bone, r) };
  if (kind === 'external fixator') {
    return { kind, metal: 'titanium', tracks: [], ...externalFixator(bone, skin, r) };
  }
  const removed = r.chance(0.45) ? plateAndScrews(bone, r).bars : [];
  return { kind, metal, bars: [], plate: null, tracks: removed };
}

/** Distance from a plate, mm; a lower bound that is exact near its faces. */
function plateDistance({ angle, fromZ, toZ, halfWidth, thickness, lift }: Plate, p: LimbPoint): number {
  const turned = p.angle - angle;
  if (Math.cos(turned) < 0.2) return 99;
  const sideways = Math.abs(p.radius * Math.sin(turned)) - halfWidth;
  const up = Math.abs(p.outside - lift - thickness / 2) - thickness / 2;
  const length = Math.max(fromZ - p.z, p.z - toZ);
  const a = Math.max(sideways, 0);
  const b = Math.max(up, 0);
  const c = Math.max(length, 0);
  const outside = Math.sqrt(a * a + b * b + c * c);
  return outside > 0 ? outside : Math.max(sideways, up, length);
}

/** Distance from the nearest of the bars that come within `reach` mm, else `reach`. */
export function barsDistance(
  bars: readonly Bar[],
  { x, y, z }: { x: number; y: number; z: number },
  reach: number,
): number {
  let nearest = reach;
  for (const bar of bars) {
    const room = bar.radius + nearest;
    if (z < Math.min(bar.from[2], bar.to[2]) - room || z > Math.max(bar.from[2], bar.to[2]) + room) continue;
    const distance = segmentDistance(x, y, z, bar.from, bar.to) - bar.radius;
    if (distance < nearest) nearest = distance;
  }
  return nearest;
}

/** Distance from the metal, mm; `reach` where none is nearer. */
export function implantDistance(implant: Implant, point: LimbPoint, reach: number): number {
  const bars = barsDistance(implant.bars, point, reach);
  if (!implant.plate || !point.nearBone) return bars;
  return Math.min(bars, plateDistance(implant.plate, point));
}
