import type { FractureSite } from '../anatomy/anatomies.js';
import type { Random } from '../random.js';
import type { FractureParameters, FractureType } from './types.js';

/** Lowest and highest slope of the break in degrees, by pattern. Transverse is less than 30 degrees (AO/OTA 2018). */
const slopeRanges: Readonly<Record<FractureType, readonly [number, number]>> = {
  transverse: [0, 16],
  oblique: [36, 58],
  spiral: [40, 58],
  comminuted: [18, 42],
  greenstick: [0, 0],
};

/** Share of the breaks that have not moved. */
const undisplacedShare = 0.35;

/** Draws a fracture of a site: how it runs, how far it has moved. `radiusMm`: half width of the bone there. */
export function drawFracture(
  site: FractureSite,
  type: FractureType,
  size: number,
  radiusMm: (levelMm: number) => number,
  held: boolean,
  random: Random,
): FractureParameters {
  const levelMm = random.between(site.from, site.to) * size;
  const radius = radiusMm(levelMm);
  const [low, high] = slopeRanges[type];
  const slopeDegrees = random.between(low, high);
  const directionDegrees = random.between(0, 360);
  const moved = type !== 'greenstick' && !random.chance(undisplacedShare) && !held;
  const reach = random.next();
  const carrying = site.carries.length > 0 || site.spur !== undefined;
  const displacementMm = moved
    ? radius * (carrying ? 0.15 + 1.1 * reach * reach : 0.1 + 0.5 * reach)
    : 0.25 * reach;
  const bend = random.next();
  const angulationDegrees =
    type === 'greenstick'
      ? site.pair
        ? 8 + 14 * bend
        : 4 + 6 * bend
      : moved
        ? 1.5 + (site.spur ? 10 : 15) * bend * bend
        : 0.6 * bend;
  const overlap = random.next();
  const slides = type === 'oblique' || type === 'spiral' || displacementMm > radius * 0.9;
  const gapMm = (type === 'greenstick' ? 0.6 : 0.5) + 0.8 * random.next();
  return {
    type,
    bone: site.bone,
    spur: site.spur?.name ?? null,
    levelMm,
    slopeDegrees,
    directionDegrees,
    gapMm: held ? gapMm * 0.6 : gapMm,
    displacementMm,
    displacementDegrees: random.between(0, 360),
    angulationDegrees,
    angulationTowardsDegrees: random.between(0, 360),
    rotationDegrees: moved ? 4 * random.normal() : 0,
    shorteningMm: moved && slides && !site.spur ? 5 * overlap * size : 0,
    swellingMm: random.between(1, 5),
  };
}
