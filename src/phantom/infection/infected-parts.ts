import { largest } from '../../core/extremes.js';
import { noise3 } from '../geometry/noise.js';
import type { Vec3 } from '../geometry/vector.js';
import type { Random } from '../random.js';
import { ellipsoidDistance, loosening, someBars } from './aseptic-parts.js';
import { depthOfSkin, type FractureSite, surfacePoint } from './fracture-site.js';
import { edge } from './healing-parts.js';
import { bell, insideBy, type LimbPart, mix, segmentDistance } from './limb-point.js';
import { centreAt } from './radial-tube.js';

export const infectedPatterns = ['interface', 'abscess', 'sinus', 'infected non-union', 'low grade'] as const;
export type InfectedPattern = (typeof infectedPatterns)[number];

/** Where the infection sits: on the bone, or where bone and metal meet. */
interface Focus {
  readonly at: Vec3;
  readonly z: number;
  readonly angle: number;
}

function chooseFocus(pattern: InfectedPattern, site: FractureSite, r: Random): Focus {
  const { bone, implant } = site;
  const angle =
    implant.plate && r.chance(0.6) ? implant.plate.angle + r.between(-0.6, 0.6) : r.between(0, 2 * Math.PI);
  const screw = r.pick(
    [...implant.bars, ...implant.tracks].map(({ from }) => from[2]).concat([0]) as [number, ...number[]],
  );
  const atScrew = pattern === 'low grade' || r.chance(0.35);
  const z = pattern === 'infected non-union' ? r.between(-5, 5) : atScrew ? screw : r.between(-30, 30);
  const held = Math.max(-75, Math.min(75, z));
  return { at: surfacePoint(bone, held, angle, r.between(-3, 2)), z: held, angle };
}

/** Focal uptake at the interface, lumpy, longer along the bone than across it. */
function focusPart({ at, angle }: Focus, size: number, strength: number, r: Random): LimbPart {
  const radii = [size * r.between(0.8, 1.2), size * r.between(0.7, 1.1), size * r.between(1, 1.8)] as const;
  const seed = r.bits();
  return {
    name: 'focus',
    centre: at,
    reach: 2.6 * largest(radii),
    infected: true,
    uptake(p) {
      if (p.depth < 0) return 0;
      const lumpy = 0.25 * size * noise3(seed, p.x / 6, p.y / 6, p.z / 6);
      return strength * insideBy(ellipsoidDistance(p, at, radii, angle) + lumpy, size * 0.6);
    },
  };
}

/** Spread within the marrow, or along the nail, to one side. */
function marrowSpread({ bone }: FractureSite, { z }: Focus, strength: number, r: Random): LimbPart {
  const up = r.chance(0.5) ? 1 : -1;
  const far = r.between(20, 60);
  const middle = z + (up * far) / 2;
  return {
    name: 'spread in the marrow',
    centre: [...centreAt(bone, middle), middle],
    reach: far + bone.largestRadius + 10,
    infected: true,
    uptake(p) {
      if (!p.nearBone || p.beyondMarrow > 3) return 0;
      const way = (p.z - z) * up;
      return strength * insideBy(p.beyondMarrow, 3) * (way < 0 ? bell(way, 8) : bell(way, far * 0.7));
    },
  };
}

/** A collection with an active rim; gas in some. */
function abscess(
  site: FractureSite,
  { z, angle }: Focus,
  strength: number,
  gas: boolean,
  r: Random,
): LimbPart {
  const radii = [r.between(8, 16), r.between(6, 11), r.between(10, 26)] as const;
  const centre = surfacePoint(site.bone, z + r.between(-10, 10), angle, radii[1] + r.between(0, 4));
  const rimWidth = r.between(2.5, 4);
  const hu = r.between(8, 35);
  const seed = r.bits();
  return {
    name: gas ? 'abscess with gas' : 'abscess',
    centre,
    reach: largest(radii) + 14,
    infected: true,
    uptake(p) {
      if (p.depth < 0) return 0;
      const d = ellipsoidDistance(p, centre, radii, angle) + 1.5 * noise3(seed, p.x / 8, p.y / 8, p.z / 8);
      return strength * (d > 0 ? bell(d, rimWidth) : 0.15 + 0.85 * bell(d, rimWidth));
    },
    attenuation(p, before) {
      if (before > 300 || p.depth < 1 || p.outside < 0) return before;
      const d = ellipsoidDistance(p, centre, radii, angle);
      const fluid = mix(before, hu, insideBy(d, edge));
      const wall = mix(fluid, 60, 0.8 * insideBy(Math.abs(d - 1.5) - 1, edge));
      if (!gas || d > 0) return wall;
      return mix(wall, -850, insideBy(0.52 - noise3(seed + 5, p.x / 3.5, p.y / 3.5, p.z / 3.5), 0.1));
    },
  };
}

/** A tract from the focus to the skin. */
function sinusTract(site: FractureSite, { z, angle }: Focus, strength: number, r: Random): LimbPart {
  const drift = r.between(-18, 18);
  const turn = r.between(-0.5, 0.5);
  const bend = r.between(-7, 7);
  const radius = r.between(1.6, 3);
  const skin = depthOfSkin(site, z + drift, angle + turn) + 1;
  const points = [0, 0.25, 0.5, 0.75, 1].map((t): Vec3 => {
    const wave = bend * Math.sin(Math.PI * t);
    return surfacePoint(site.bone, z + drift * t + wave, angle + turn * t, skin * t);
  });
  const first = points[0] as Vec3;
  const last = points[points.length - 1] as Vec3;
  const distance = (p: { x: number; y: number; z: number }) => {
    let nearest = 99;
    for (let i = 1; i < points.length; i++) {
      const d = segmentDistance(p.x, p.y, p.z, points[i - 1] as Vec3, points[i] as Vec3);
      if (d < nearest) nearest = d;
    }
    return nearest - radius;
  };
  return {
    name: 'sinus tract',
    centre: [(first[0] + last[0]) / 2, (first[1] + last[1]) / 2, (first[2] + last[2]) / 2],
    reach: Math.hypot(last[0] - first[0], last[1] - first[1], last[2] - first[2]) / 2 + 20,
    infected: true,
    uptake(p) {
      return p.depth < -2 ? 0 : strength * insideBy(distance(p), 2.5);
    },
    attenuation(p, hu) {
      if (hu > 200 || p.depth < 0) return hu;
      return mix(hu, 40, insideBy(distance(p), edge));
    },
  };
}

/** Inflamed soft tissue around the focus: uptake like a cloud, fat turned grey. */
function phlegmon({ at }: Focus, strength: number, r: Random): LimbPart {
  const reach = r.between(16, 36);
  const seed = r.bits();
  return {
    name: 'phlegmon',
    centre: at,
    reach: reach * 1.9,
    infected: true,
    uptake(p) {
      if (p.outside < 0 || p.depth < 1) return 0;
      const d = Math.hypot(p.x - at[0], p.y - at[1], (p.z - at[2]) * 0.75);
      const cloud = Math.max(0, 0.6 + 0.9 * noise3(seed, p.x / 10, p.y / 10, p.z / 12));
      return strength * cloud * bell(d, reach);
    },
    attenuation(p, hu) {
      if (hu > -40 || hu < -200 || p.depth < 0) return hu;
      const d = Math.hypot(p.x - at[0], p.y - at[1], (p.z - at[2]) * 0.75);
      const strand = insideBy(Math.abs(noise3(seed, p.x / 6, p.y / 6, p.z / 14)) - 0.28, 0.12);
      return mix(hu, 15, 0.85 * bell(d, reach) * strand);
    },
  };
}

/** Bone eaten away, moth-eaten at its border; a dead piece left within it in some. */
function lysis(focus: Focus, sequestrum: boolean, r: Random): LimbPart {
  const size = r.between(4, 9);
  const { at, angle } = focus;
  const radii = [size, size * r.between(0.8, 1.3), size * r.between(1, 2.2)] as const;
  const seed = r.bits();
  const dead = [at[0], at[1], at[2] + r.between(-2, 2)] as const;
  const piece = [radii[0] * 0.32, radii[1] * 0.28, radii[2] * 0.45] as const;
  return {
    name: sequestrum ? 'lysis with sequestrum' : 'lysis',
    centre: at,
    reach: 2 * largest(radii),
    infected: true,
    attenuation(p, hu) {
      if (!p.nearBone || p.outside > 1) return hu;
      const eaten = ellipsoidDistance(p, at, radii, angle) + 3 * noise3(seed, p.x / 3, p.y / 3, p.z / 3);
      const cavity = hu > 60 ? mix(hu, 50, insideBy(eaten, edge) * insideBy(p.outside, edge)) : hu;
      if (!sequestrum) return cavity;
      return mix(cavity, 1150, insideBy(ellipsoidDistance(p, dead, piece, angle), 0.6));
    },
  };
}

/** New bone that the periosteum lays down, one or two thin layers off the surface. */
function periostealReaction({ z, angle, at }: Focus, r: Random): LimbPart {
  const halfLength = r.between(18, 45);
  const off = r.between(1.5, 3.5);
  const layers = r.chance(0.4) ? 2 : 1;
  const width = r.between(0.8, 2.2);
  const hu = r.between(250, 550);
  return {
    name: 'periosteal reaction',
    centre: at,
    reach: halfLength + 40,
    infected: true,
    attenuation(p, before) {
      if (!p.nearBone || p.outside < 0.5 || p.outside > 9 || before > hu) return before;
      const turned = Math.atan2(Math.sin(p.angle - angle), Math.cos(p.angle - angle));
      const part = bell(p.z - z, halfLength) * bell(turned, width);
      let layer = insideBy(Math.abs(p.outside - off * part) - 0.5, edge);
      if (layers === 2) layer = Math.max(layer, insideBy(Math.abs(p.outside - 2 * off * part) - 0.4, edge));
      return part > 0.3 ? mix(before, hu, layer) : before;
    },
  };
}

/** What an infection of a fracture shows, by the form it takes. */
export function infectedParts(pattern: InfectedPattern, site: FractureSite, r: Random): LimbPart[] {
  const focus = chooseFocus(pattern, site, r);
  const low = pattern === 'low grade';
  const size = low ? r.between(4.5, 8) : r.between(6, 13);
  const parts = [focusPart(focus, size, 1, r.fork('focus'))];
  const often = (chance: number) => r.chance(low ? chance * 0.3 : chance);
  if (often(0.5)) parts.push(marrowSpread(site, focus, r.between(0.3, 0.9), r.fork('marrow')));
  if (pattern === 'abscess' || often(0.12)) {
    parts.push(abscess(site, focus, r.between(0.6, 1.1), r.chance(0.35), r.fork('abscess')));
  }
  if (pattern === 'sinus' || often(0.12))
    parts.push(sinusTract(site, focus, r.between(0.4, 1), r.fork('sinus')));
  if (often(0.55)) parts.push(phlegmon(focus, r.between(0.25, 0.7), r.fork('phlegmon')));
  if (often(pattern === 'abscess' ? 0.35 : 0.6)) parts.push(lysis(focus, r.chance(0.25), r.fork('lysis')));
  if (often(0.4)) parts.push(periostealReaction(focus, r.fork('periosteum')));
  const bars = someBars(site, r.fork('bars'));
  if (bars.length > 0 && r.chance(low ? 0.7 : 0.35)) {
    const along = loosening(site, bars, r.between(0.4, 0.9), r.fork('along metal'));
    parts.push({ ...along, name: 'along metal', infected: true });
  }
  return parts;
}
