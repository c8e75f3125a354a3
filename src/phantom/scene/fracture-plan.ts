import { LucencyError } from '../../core/errors.js';
import type { Anatomy, AnatomyName, FractureSite } from '../anatomy/anatomies.js';
import type { Bone } from '../anatomy/bone.js';
import type { Limb } from '../anatomy/limb.js';
import { type BrokenBone, breakBone } from '../fracture/break-bone.js';
import { drawFracture } from '../fracture/draw-fracture.js';
import type { FractureParameters, FractureType } from '../fracture/types.js';
import type { Random } from '../random.js';

/** What is asked of a fracture: its pattern, and whatever else shall not be left to chance. */
export type FractureRequest = { readonly type: FractureType } & Partial<FractureParameters>;

function boneNamed(limb: Limb, name: string): Bone {
  const bone = limb.bones.find((candidate) => candidate.name === name);
  if (!bone) throw new RangeError(`the limb has no ${name}`);
  return bone;
}

/** Draws a site that can break in the way asked for. */
function drawSite(
  name: AnatomyName,
  anatomy: Anatomy,
  request: FractureRequest,
  random: Random,
): FractureSite {
  const fitting = anatomy.sites.filter(
    ({ types, bone, spur }) =>
      types.includes(request.type) &&
      (request.bone === undefined || request.bone === bone) &&
      (request.spur === undefined || request.spur === (spur?.name ?? null)),
  );
  let left = random.next() * fitting.reduce((sum, { weight }) => sum + weight, 0);
  const drawn = fitting.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
  if (!drawn) {
    throw new LucencyError('LUC_PHANTOM_FRACTURE', {
      type: request.type,
      place: request.spur ?? request.bone ?? name,
      choices: anatomy.sites
        .map(({ bone, spur, types }) => `${spur?.name ?? bone}: ${types.join(', ')}`)
        .join('; '),
    });
  }
  return drawn;
}

/** Share of the half width beyond which, or degrees over which, the second bone of a pair breaks, too. */
const pairBreaks = { displacement: 0.35, angulationDegrees: 6 };

/** Breaks the bones of a limb as asked for; one bone, or both of a pair when the displacement is large. */
export function planFracture(
  name: AnatomyName,
  anatomy: Anatomy,
  limb: Limb,
  size: number,
  request: FractureRequest,
  held: boolean,
  random: Random,
): BrokenBone[] {
  const site = drawSite(name, anatomy, request, random.fork('site'));
  const bone = boneNamed(limb, site.bone);
  const radiusOf = (of: Bone) => (levelMm: number) => {
    if (site.spur || !of.shaft) return 8 * size;
    const { x, z } = of.shaft.halfWidths(levelMm - of.place.translation[1]);
    return (x + z) / 2;
  };
  const drawn = drawFracture(site, request.type, size, radiusOf(bone), held, random.fork('draw'));
  const parameters: FractureParameters = { ...drawn, ...request };
  const first = breakBone(bone, site, parameters, size, random.fork('break'), null);
  const far = parameters.displacementMm > pairBreaks.displacement * radiusOf(bone)(parameters.levelMm);
  if (!site.pair || !(far || parameters.angulationDegrees > pairBreaks.angulationDegrees)) return [first];
  const pair = boneNamed(limb, site.pair);
  const second = random.fork('pair');
  const pairSite: FractureSite = { ...site, bone: site.pair, carries: [], pair: null };
  const pairType =
    parameters.type === 'comminuted' ? second.pick<FractureType>(['oblique', 'transverse']) : parameters.type;
  const pairDrawn = drawFracture(pairSite, pairType, size, radiusOf(pair), held, second.fork('draw'));
  const bent = parameters.type === 'greenstick';
  const levelMm = parameters.levelMm + (bent ? 0.3 : 1) * second.between(-28, 28) * size;
  // Two bent bones stay parallel: they bend alike.
  const shared = bent
    ? { angulationDegrees: parameters.angulationDegrees, directionDegrees: parameters.directionDegrees }
    : {};
  return [
    first,
    breakBone(pair, pairSite, { ...pairDrawn, ...shared, levelMm }, size, second.fork('break'), first.move),
  ];
}
