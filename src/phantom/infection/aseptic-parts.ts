import { largest, smallest } from '../../core/extremes.js';
import { noise3 } from '../geometry/noise.js';
import type { Random } from '../random.js';
import { depthOfSkin, type FractureSite, surfacePoint } from './fracture-site.js';
import { edge } from './healing-parts.js';
import { type Bar, barsDistance } from './implant.js';
import { bell, insideBy, type LimbPart, mix } from './limb-point.js';
import { centreAt } from './radial-tube.js';

/** A wound or scar: a plane of uptake from the bone to the skin along the incision. */
export function wound(site: FractureSite, strength: number, r: Random): LimbPart {
  const angle = site.implant.plate?.angle ?? r.between(0, 2 * Math.PI);
  const halfLength = r.between(25, 65);
  const middle = r.between(-12, 12);
  const width = r.between(3.5, 7);
  const skin = depthOfSkin(site, middle, angle);
  const seed = r.bits();
  const inFat = r.between(0.4, 1);
  return {
    name: 'wound',
    centre: surfacePoint(site.bone, middle, angle, skin / 2),
    reach: Math.hypot(halfLength, skin / 2) + 15,
    infected: false,
    uptake(p) {
      if (p.outside < 1 || p.depth < 0 || Math.cos(p.angle - angle) < 0) return 0;
      const sideways = p.radius * Math.sin(p.angle - angle);
      const patchy = 0.75 + 0.4 * noise3(seed, p.x / 8, p.y / 8, p.z / 10);
      return strength * patchy * bell(sideways, width) * insideBy(Math.abs(p.z - middle) - halfLength, 5);
    },
    attenuation(p, hu) {
      if (hu > 0 || hu < -200 || p.depth < 0 || p.outside < 1 || Math.cos(p.angle - angle) < 0) return hu;
      const sideways = p.radius * Math.sin(p.angle - angle);
      const scar = bell(sideways, 0.6 * width) * insideBy(Math.abs(p.z - middle) - halfLength, 5);
      return mix(hu, 30, inFat * scar);
    },
  };
}

/** A haematoma or seroma: fluid beside the bone, its rim taking up a little. */
export function haematoma(site: FractureSite, strength: number, r: Random): LimbPart {
  const angle = r.between(0, 2 * Math.PI);
  const z = r.between(-25, 25);
  const radii = [r.between(8, 18), r.between(6, 12), r.between(12, 30)] as const;
  const centre = surfacePoint(site.bone, z, angle, radii[1] + r.between(1, 8));
  const hu = r.between(15, 65);
  const rim = r.between(0.2, 0.8);
  return {
    name: 'haematoma',
    centre,
    reach: largest(radii) + 12,
    infected: false,
    uptake(p) {
      const d = ellipsoidDistance(p, centre, radii, angle);
      return p.depth < 0 ? 0 : strength * rim * bell(d, 3);
    },
    attenuation(p, before) {
      if (before > 300 || p.depth < 1 || p.outside < 0) return before;
      return mix(before, hu, insideBy(ellipsoidDistance(p, centre, radii, angle), edge));
    },
  };
}

/** Distance from the surface of an ellipsoid whose first radius lies along the bone's surface, second outwards, third along z; mm, approximate. */
export function ellipsoidDistance(
  { x, y, z }: { x: number; y: number; z: number },
  centre: readonly [number, number, number],
  radii: readonly [number, number, number],
  angle: number,
): number {
  const dx = x - centre[0];
  const dy = y - centre[1];
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  const along = (-dx * s + dy * c) / radii[0];
  const out = (dx * c + dy * s) / radii[1];
  const up = (z - centre[2]) / radii[2];
  const length = Math.sqrt(along * along + out * out + up * up);
  return (length - 1) * smallest(radii);
}

/** Screws that came loose: lucent holes around them, and uptake along their whole length within the bone. */
export function loosening(site: FractureSite, bars: readonly Bar[], strength: number, r: Random): LimbPart {
  const width = r.between(2, 3.5);
  const halo = r.between(0.4, 2);
  const top = largest(bars.map((b) => Math.max(b.from[2], b.to[2])));
  const low = smallest(bars.map((b) => Math.min(b.from[2], b.to[2])));
  const middle = (top + low) / 2;
  return {
    name: 'loosening',
    centre: [...centreAt(site.bone, middle), middle],
    reach: (top - low) / 2 + site.bone.largestRadius + 20,
    infected: false,
    uptake(p) {
      if (!p.nearBone || p.outside > 5) return 0;
      const d = barsDistance(bars, p, 12);
      return d < 12 ? strength * bell(Math.max(0, d - 0.5), width) * insideBy(p.outside - 2, 2) : 0;
    },
    attenuation(p, hu) {
      if (!p.nearBone || p.outside > 0.5 || hu < 60) return hu;
      const d = barsDistance(bars, p, 6);
      return mix(hu, 55, insideBy(d - halo, edge) * insideBy(p.outside, edge));
    },
  };
}

/** Both ends of the bone take up strongly where it does not unite but tries to. */
export function hypertrophicEnds(site: FractureSite, strength: number, r: Random): LimbPart {
  const from = r.between(3, 8);
  const width = r.between(4, 8);
  const balance = r.between(0.75, 1.25);
  const centre = [...centreAt(site.bone, 0), 0] as const;
  const seed = r.bits();
  return {
    name: 'hypertrophic ends',
    centre,
    reach: site.bone.largestRadius + 45,
    infected: false,
    uptake(p) {
      if (!p.nearBone || p.outside > 14) return 0;
      const shell = p.outside > 0 ? bell(p.outside, 5) : bell(Math.min(0, p.beyondMarrow + 2), 6);
      const ends = bell(p.along - from, width) * balance + bell(p.along + from, width) / balance;
      return strength * shell * ends * (1 + 0.25 * noise3(seed, p.x / 8, p.y / 8, p.z / 8));
    },
  };
}

/** Bone that forms in muscle: calcified on CT, taking up while it grows. */
export function heterotopicBone(site: FractureSite, strength: number, r: Random): LimbPart {
  const angle = r.between(0, 2 * Math.PI);
  const centre = surfacePoint(site.bone, r.between(-45, 45), angle, r.between(9, 20));
  const radii = [r.between(5, 9), r.between(4, 7), r.between(8, 20)] as const;
  const hu = r.between(200, 600);
  const seed = r.bits();
  return {
    name: 'heterotopic bone',
    centre,
    reach: largest(radii) + 12,
    infected: false,
    uptake(p) {
      return p.depth < 2 ? 0 : strength * insideBy(ellipsoidDistance(p, centre, radii, angle), 2.5);
    },
    attenuation(p, before) {
      if (p.outside < 0 || p.depth < 2 || before > 300) return before;
      const d = ellipsoidDistance(p, centre, radii, angle) + 1.5 * noise3(seed, p.x / 4, p.y / 4, p.z / 4);
      return mix(before, Math.max(before, hu * (d > -2 ? 1 : 0.5)), insideBy(d, edge));
    },
  };
}

/** A muscle that worked after the injection: a long band of even uptake away from the bone. */
export function workedMuscle(site: FractureSite, strength: number, r: Random): LimbPart {
  const angle = r.between(0, 2 * Math.PI);
  const depth = depthOfSkin(site, 0, angle);
  const centre = surfacePoint(site.bone, r.between(-40, 40), angle, depth * r.between(0.35, 0.6));
  const radii = [r.between(8, 18), Math.max(4, depth * 0.25), r.between(45, 90)] as const;
  return {
    name: 'worked muscle',
    centre,
    reach: largest(radii) + 12,
    infected: false,
    uptake(p) {
      if (p.depth < 4 || p.outside < 2) return 0;
      return strength * insideBy(ellipsoidDistance(p, centre, radii, angle), 4);
    },
  };
}

export const asepticPatterns = ['healing', 'hypertrophic non-union', 'loosening', 'wound', 'quiet'] as const;
export type AsepticPattern = (typeof asepticPatterns)[number];

/** Some of the screws, pins or nail ends, next to each other. */
export function someBars(site: FractureSite, r: Random): Bar[] {
  const candidates = [...site.implant.bars, ...site.implant.tracks].filter(({ role }) => role !== 'rod');
  if (candidates.length === 0) return [];
  const count = Math.min(candidates.length, 1 + Math.floor(r.between(0, 2.99)));
  const first = Math.floor(r.between(0, candidates.length - count + 0.99));
  return candidates.slice(first, first + count);
}

/** Things that may be there beside anything else, infected or not, each with its own small chance. */
export function incidentalParts(site: FractureSite, strength: number, r: Random): LimbPart[] {
  const early = site.fracture.weeks < 12;
  const parts: LimbPart[] = [];
  if (r.chance(early ? 0.4 : 0.08)) parts.push(wound(site, strength * r.between(0.2, 0.6), r.fork('wound')));
  if (r.chance(early ? 0.25 : 0.04)) parts.push(haematoma(site, strength * 0.5, r.fork('haematoma')));
  if (r.chance(0.08))
    parts.push(heterotopicBone(site, strength * r.between(0.2, 0.8), r.fork('heterotopic')));
  if (r.chance(0.12)) parts.push(workedMuscle(site, strength * r.between(0.2, 0.7), r.fork('muscle')));
  const bars = someBars(site, r.fork('bars'));
  if (bars.length > 0 && r.chance(0.15)) {
    parts.push(loosening(site, bars, strength * r.between(0.3, 0.8), r.fork('loosening')));
  }
  return parts;
}

/** What takes up most in a limb without infection. */
export function asepticParts(pattern: AsepticPattern, site: FractureSite, r: Random): LimbPart[] {
  if (pattern === 'hypertrophic non-union') return [hypertrophicEnds(site, r.between(0.8, 1.4), r)];
  if (pattern === 'wound') return [wound(site, r.between(0.6, 1.1), r)];
  const bars = someBars(site, r);
  if (pattern === 'loosening' && bars.length > 0) return [loosening(site, bars, r.between(0.9, 1.6), r)];
  return [];
}
