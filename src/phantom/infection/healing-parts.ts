import { noise3 } from '../geometry/noise.js';
import type { Random } from '../random.js';
import type { FractureSite } from './fracture-site.js';
import { bell, insideBy, type LimbPart, mix } from './limb-point.js';
import { centreAt } from './radial-tube.js';

/** Softness of edges in HU, mm: the finest that CT resolves. */
export const edge = 0.8;

/**
 * What every healing fracture shows, infected or not: the gap, callus, periosteal uptake along the break, reaction to
 * the metal, oedema of the fat.
 * @param strength uptake of healing, in the units of the case
 */
export function healingParts(site: FractureSite, strength: number, r: Random): LimbPart[] {
  const { bone, fracture, implant } = site;
  const { callus, seed } = fracture;
  const centre = [...centreAt(bone, 0), 0] as const;
  const reach = bone.largestRadius + 80;
  const lopsided = r.between(0, 0.45);
  const side = r.between(0, 2 * Math.PI);
  // Uptake follows the callus and fades beyond it.
  const spread = callus.halfLength * r.between(0.7, 1.5);
  const outwards = callus.thickness + r.between(1.5, 4);
  const gapShare = r.between(0.2, 0.9);
  const reaction = r.between(0.05, 0.45);
  const stranding = r.between(0, 1) * (fracture.weeks < 12 ? 1 : 0.4);
  const oedemaReach = r.between(25, 60);
  const speckle = r.bits();
  const callusThickness = (angle: number, along: number) =>
    callus.thickness *
    bell(along, callus.halfLength) *
    (1 + 0.5 * noise3(seed, 1.4 * Math.cos(angle), 1.4 * Math.sin(angle), along / 9));
  return [
    {
      name: 'callus',
      centre,
      reach,
      infected: false,
      attenuation(p, hu) {
        if (!p.nearBone || p.outside > 14) return hu;
        const inCallus =
          insideBy(p.outside - callusThickness(p.angle, p.along), edge) * insideBy(-p.outside, edge);
        const grain = 1 + 0.25 * noise3(speckle, p.x / 2.5, p.y / 2.5, p.z / 2.5);
        const grown = mix(hu, Math.max(hu, callus.hu * grain), inCallus);
        const inGap = insideBy(Math.abs(p.along) - fracture.gap / 2, edge) * insideBy(p.outside - 0.5, edge);
        return mix(grown, fracture.gapHu, inGap);
      },
    },
    {
      name: 'healing',
      centre,
      reach,
      infected: false,
      uptake(p) {
        if (!p.nearBone || p.outside > 20) return 0;
        const shell = p.outside > 0 ? bell(p.outside, outwards) : bell(p.outside, 5);
        const patchy = 1 + 0.35 * noise3(seed + 3, p.x / 9, p.y / 9, p.z / 9);
        const even = 1 + lopsided * Math.cos(p.angle - side);
        const gap = p.outside < 0 ? gapShare * bell(p.along, 4) : 0;
        return strength * patchy * Math.max(even * shell * bell(p.along, spread), gap);
      },
    },
    {
      name: 'reaction to metal',
      centre,
      reach: 130,
      infected: false,
      uptake(p) {
        if (p.metal > 9 || !p.nearBone || p.outside > 12) return 0;
        return implant.kind === 'none' ? 0 : strength * reaction * bell(Math.max(0, p.metal), 4);
      },
    },
    {
      name: 'oedema',
      centre,
      reach: oedemaReach + 40,
      infected: false,
      attenuation(p, hu) {
        if (hu > -40 || hu < -200 || p.depth < 1) return hu;
        const near = bell(Math.max(0, p.outside), oedemaReach) * bell(p.z, 60);
        const strand = insideBy(Math.abs(noise3(seed + 9, p.x / 6, p.y / 6, p.z / 14)) - 0.18, 0.1);
        return mix(hu, 10, 0.75 * stranding * near * strand);
      },
    },
  ];
}
