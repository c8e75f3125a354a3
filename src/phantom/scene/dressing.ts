import type { Anatomy, AnatomyName } from '../anatomy/anatomies.js';
import type { Limb } from '../anatomy/limb.js';
import type { BrokenBone } from '../fracture/break-bone.js';
import { noise3 } from '../geometry/noise.js';
import { apply, invert } from '../geometry/rigid.js';
import type { Cast } from '../physics/trace-soft-tissue.js';
import type { Random } from '../random.js';
import type { LimbScene } from './limb-scene.js';
import { plateAndScrews, wires } from './metal.js';

/** Where casts leave fingers and toes free: distance from the joint of the wrist or ankle, mm. */
const freeFrom = { wrist: 78, forearm: 328, ankle: 100, leg: 465 } as const;
/** Share of the casts that are splints: plaster on the back half only. */
const splintShare = 0.35;

/** A plaster cast around the limb, as uneven as wrapped bandages are. */
export function wrapCast(name: AnatomyName, size: number, random: Random): Cast {
  const seed = random.bits();
  const splint = random.chance(splintShare);
  const edge = random.between(-4, 8) * size;
  const turns = random.between(0, 20);
  const to = name in freeFrom ? freeFrom[name as keyof typeof freeFrom] * size : Number.POSITIVE_INFINITY;
  // A splint thins out towards its edges.
  const covered = (x: number, y: number, z: number) =>
    splint ? Math.max(0, Math.min(1, (edge + 7 * noise3(seed + 2, x / 30, y / 24, 0) - z) / 12)) : 1;
  return {
    from: Number.NEGATIVE_INFINITY,
    to,
    paddingMm: random.between(3, 6),
    thicknessMm: random.between(4, 7),
    evenness: (x, y, z) => {
      const layers =
        0.07 * Math.sin((y + 0.25 * x + turns) / 5) + 0.12 * noise3(seed + 3, x / 40, y / 11, z / 40);
      const cloth = 0.3 * noise3(seed, x / 14, y / 14, z / 14) + 0.15 * noise3(seed + 1, x / 3, y / 3, z / 3);
      return covered(x, y, z) * (1 + layers + cloth);
    },
  };
}

/** Metal over the first break, or where an old one healed. */
export function implantMetal(
  anatomy: Anatomy,
  limb: Limb,
  broken: readonly BrokenBone[],
  size: number,
  random: Random,
): LimbScene['implant'] {
  const [first] = broken;
  const site = anatomy.sites.find((s) => !s.spur) ?? anatomy.sites[0];
  const bone = first?.bone ?? limb.bones.find(({ name }) => name === site.bone);
  if (!bone?.shaft) return null;
  const levelMm = first ? first.parameters.levelMm : random.between(site.from, site.to) * size;
  const level = apply(invert(bone.place), [0, levelMm, 0])[1];
  const end = bone.shaft.to;
  const nearEnd = end - level < 62 * size;
  const metal =
    nearEnd && random.chance(0.6)
      ? wires(bone, level, end, random)
      : plateAndScrews(bone, level, size, random);
  return { bone, metal };
}
