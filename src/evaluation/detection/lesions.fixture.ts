import { createRandom } from '../bootstrap/random.js';
import { normalQuantile } from '../distributions.js';
import { type DetectedBox, makeBoxSet, type TruthBox } from './box-set.js';
import { parseHitRule } from './hits.js';

interface Plan {
  seed: number;
  images: number;
  imagesPerGroup: number;
  detect: number;
}

export const iou50 = parseHitRule('iou>=0.5');

/** Every third image has one or two lesions, found with probability `detect`; false marks come at .5 per image. */
export function simulate({ seed, images, imagesPerGroup, detect }: Plan) {
  const random = createRandom(seed);
  const lesions: TruthBox[] = [];
  const marks: DetectedBox[] = [];
  for (let image = 0; image < images; image++) {
    const count = image % 3 === 0 ? 1 + random.below(2) : 0;
    for (let lesion = 0; lesion < count; lesion++) {
      const box = [100 * lesion, 0, 20, 20];
      lesions.push({ image, box });
      if (random.uniform() < detect) {
        marks.push({
          image,
          box: [100 * lesion + 2 * random.uniform(), 0, 20, 20],
          score: 1 + normalQuantile(random.uniform()),
        });
      }
    }
    if (random.uniform() < 0.5)
      marks.push({ image, box: [500, 500, 20, 20], score: normalQuantile(random.uniform()) });
  }
  const groups = Int32Array.from({ length: images }, (_, image) => Math.floor(image / imagesPerGroup));
  return {
    lesions,
    marks,
    set: makeBoxSet(images, lesions, marks),
    groups,
    groupCount: Math.ceil(images / imagesPerGroup),
  };
}
