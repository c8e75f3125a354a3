import { type AnatomyName, anatomies, anatomyNames, type View } from '../anatomy/anatomies.js';
import type { FractureType } from '../fracture/types.js';
import { Random } from '../random.js';

/** What one simulated radiograph shows; drawn from its seed alone, so that image n never depends on image n - 1. */
export interface PhantomCase {
  readonly seed: number;
  readonly anatomy: AnatomyName;
  readonly view: View;
  readonly fracture: { readonly type: FractureType } | null;
  readonly cast: boolean;
  readonly metal: boolean;
}

const castShare = 0.08;
// Metal holds a broken bone far more often than a whole one, as in real archives.
const metalShare = { fractured: 0.08, whole: 0.02 };

/**
 * @param anatomies which limbs to draw from
 * @param fractureShare probability (0 to 1) that the image shows a fracture
 */
export function drawCase(
  seed: number,
  choices: readonly AnatomyName[] = anatomyNames,
  fractureShare = 0.5,
): PhantomCase {
  const random = new Random(seed).fork('case');
  const [first = 'wrist', ...others] = choices;
  const anatomy = random.pick<AnatomyName>([first, ...others]);
  const view = random.pick<View>(['ap', 'lateral']);
  const fractured = random.chance(fractureShare);
  const site = random.pick(anatomies[anatomy].sites);
  const type = random.pick(site.types);
  const cast = random.chance(castShare);
  const metal = random.chance(fractured ? metalShare.fractured : metalShare.whole);
  return { seed, anatomy, view, fracture: fractured ? { type } : null, cast, metal };
}
