import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../bootstrap/random.js';
import { type DetectedBox, makeBoxSet, type TruthBox } from './box-set.js';
import { cocoSummary } from './coco-ap.js';

const folder = path.resolve(process.cwd(), 'test/evaluation');
const stored = path.join(folder, 'coco-reference.json');
const python = process.env.LUCENCY_PYTHON ?? 'python3';
const hasPycocotools = spawnSync(python, ['-c', 'import pycocotools.cocoeval']).status === 0;
if (!hasPycocotools)
  console.warn(`skipped: ${python} has no pycocotools; the stored results are still checked`);

interface Case {
  imageCount: number;
  truth: TruthBox[];
  detections: DetectedBox[];
}

/** Images with and without boxes, crowds, tied scores, boxes of all sizes, and up to 130 detections on an image. */
function randomCase(seed: number): Case {
  const random = createRandom(seed);
  const imageCount = 5 + random.below(25);
  const categories = 1 + random.below(3);
  const scoreSteps = seed % 3 === 0 ? 10 : 100_000;
  const side = () => 4 * Math.exp(4.5 * random.uniform());
  const truth: TruthBox[] = [];
  const detections: DetectedBox[] = [];
  for (let image = 0; image < imageCount; image++) {
    const lesions = random.below(3) === 0 ? 0 : random.below(6);
    const own: TruthBox[] = Array.from({ length: lesions }, () => ({
      image,
      category: random.below(categories),
      box: [random.uniform() * 800, random.uniform() * 800, side(), side()],
      crowd: random.below(6) === 0,
    }));
    own.forEach((lesion, index) => {
      const [x = 0, y = 0, width = 0, height = 0] = lesion.box;
      truth.push(
        index % 2 === 0 ? { ...lesion, area: width * height * (0.5 + random.uniform() / 2) } : lesion,
      );
      for (let near = random.below(4); near > 0; near--) {
        const shift = () => (random.uniform() - 0.5) * (near === 1 ? 0 : 0.6);
        detections.push({
          image,
          category: random.below(8) === 0 ? random.below(categories) : (lesion.category ?? 0),
          box: [x + shift() * width, y + shift() * height, width * (1 + shift()), height * (1 + shift())],
          score: Math.round(random.uniform() * scoreSteps) / scoreSteps,
        });
      }
    });
    for (let far = image % 7 === 0 ? 90 + random.below(40) : random.below(8); far > 0; far--) {
      detections.push({
        image,
        category: random.below(categories),
        box: [random.uniform() * 800, random.uniform() * 800, side(), side()],
        score: Math.round(random.uniform() ** 2 * scoreSteps) / scoreSteps,
      });
    }
  }
  return { imageCount, truth, detections };
}

/** A case as pycocotools takes it; ids from 1, as it takes the id 0 for "unmatched". */
function asCoco({ imageCount, truth, detections }: Case): unknown {
  const categoryIds = new Set([...truth, ...detections].map(({ category }) => category ?? 0));
  return {
    truth: {
      info: {},
      images: Array.from({ length: imageCount }, (_, id) => ({ id })),
      categories: [...categoryIds].sort((a, b) => a - b).map((id) => ({ id, name: `c${id}` })),
      annotations: truth.map(({ image, category, box, area, crowd }, index) => ({
        id: index + 1,
        image_id: image,
        category_id: category ?? 0,
        bbox: box,
        area: area ?? (box[2] ?? 0) * (box[3] ?? 0),
        iscrowd: crowd ? 1 : 0,
      })),
    },
    detections: detections.map(({ image, category, box, score }) => ({
      image_id: image,
      category_id: category ?? 0,
      bbox: box,
      score,
    })),
  };
}

function runPycocotools(cases: Case[]): number[][] {
  const result = spawnSync(python, [path.join(folder, 'coco-reference.py')], {
    input: JSON.stringify({ cases: cases.map(asCoco) }),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout) as number[][];
}

function figures({ imageCount, truth, detections }: Case): number[] {
  const s = cocoSummary(makeBoxSet(imageCount, truth, detections));
  const all = [s.ap, s.ap50, s.ap75, s.apSmall, s.apMedium, s.apLarge];
  return [...all, s.ar1, s.ar10, s.ar100, s.arSmall, s.arMedium, s.arLarge].map((value) => value ?? -1);
}

function largestGap(cases: Case[], reference: number[][]): number {
  const gaps = cases.flatMap((each, index) => {
    const expected = reference[index] ?? [];
    return figures(each).map((value, at) => Math.abs(value - (expected[at] ?? Number.NaN)));
  });
  return Math.max(...gaps);
}

describe('COCO average precision', () => {
  const storedSeeds = Array.from({ length: 24 }, (_, index) => index + 1);

  it('equals the stored results of pycocotools to 1e-9', () => {
    if (process.env.LUCENCY_WRITE_REFERENCE === '1' && hasPycocotools) {
      writeFileSync(stored, `${JSON.stringify(runPycocotools(storedSeeds.map(randomCase)))}\n`);
    }
    expect(existsSync(stored)).toBe(true);
    const reference = JSON.parse(readFileSync(stored, 'utf8')) as number[][];
    expect(reference).toHaveLength(storedSeeds.length);
    expect(largestGap(storedSeeds.map(randomCase), reference)).toBeLessThan(1e-9);
  });

  it.skipIf(!hasPycocotools)('equals pycocotools, run now, on other data sets to 1e-9', () => {
    const cases = Array.from({ length: 60 }, (_, index) => randomCase(1000 + index));
    expect(largestGap(cases, runPycocotools(cases))).toBeLessThan(1e-9);
  });

  it('has no figure, rather than a number, where no lesion counts', () => {
    const summary = cocoSummary(makeBoxSet(2, [], [{ image: 0, box: [0, 0, 5, 5], score: 0.5 }]));
    expect(Object.values(summary).every((value) => value === null)).toBe(true);
    const large = cocoSummary(makeBoxSet(1, [{ image: 0, box: [0, 0, 200, 200] }], []));
    expect(large).toMatchObject({ ap: 0, apLarge: 0, apSmall: null });
  });

  it('counts boxes on normal images as false positives', () => {
    const truth = [{ image: 0, box: [10, 10, 20, 20] }];
    const hit = { image: 0, box: [10, 10, 20, 20], score: 0.5 };
    const alarm = { image: 1, box: [10, 10, 20, 20], score: 0.9 };
    expect(cocoSummary(makeBoxSet(2, truth, [hit])).ap).toBeCloseTo(1, 9);
    expect(cocoSummary(makeBoxSet(2, truth, [hit, alarm])).ap).toBeCloseTo(0.5, 9);
  });

  it('refuses boxes that are none', () => {
    const detection = { image: 0, box: [0, 0, 5, Number.NaN], score: 0.5 };
    expect(() => makeBoxSet(1, [], [detection])).toThrow(/detected box 1 .* not finite/);
    expect(() => makeBoxSet(1, [{ image: 0, box: [0, 0, -5, 5] }], [])).toThrow(
      /true box 1 .* negative size/,
    );
    expect(() => makeBoxSet(1, [{ image: 3, box: [0, 0, 5, 5] }], [])).toThrow(/image 3 of 1/);
    expect(() => makeBoxSet(1, [], [{ image: 0, box: [0, 0, 5, 5], score: Number.NaN }])).toThrow(
      /score NaN/,
    );
  });
});
