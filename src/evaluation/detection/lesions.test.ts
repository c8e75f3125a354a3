import { describe, expect, it } from 'vitest';
import { computeOnce, type WeightedStatistic } from '../bootstrap/weighted-statistic.js';
import { callsAt } from '../confusion/table.js';
import { intervalOf } from '../figure.js';
import { afrocArea, afrocStatistic, freeResponseRatings } from './afroc.js';
import { type DetectedBox, makeBoxSet, type TruthBox } from './box-set.js';
import { cocoSummary, rankCategories } from './coco-ap.js';
import { cocoBootstrapFigures, cocoStatistic } from './coco-statistic.js';
import { frocCurve, frocRates, frocStatistic, ribFracRates } from './froc.js';
import { falsePositive, findHits, neither, parseHitRule, ribFracRule } from './hits.js';
import { lesionLevel } from './lesion-level.js';
import { lesionTableOf } from './lesion-table.js';
import { iou50, simulate } from './lesions.fixture.js';
import { localisationErrors } from './localisation.js';

function ownGroups(imageCount: number): Int32Array {
  return Int32Array.from({ length: imageCount }, (_, image) => image);
}

/**
 * Four images, two of them normal. Image 0: lesions A and B; image 1: lesion C. By falling score: .9 hits A, .8 is false
 * (image 2), .7 hits A again, .6 hits C, .5 is false (image 0), .4 is false (image 3). B is never found.
 */
const truth: TruthBox[] = [
  { image: 0, box: [0, 0, 10, 10] },
  { image: 0, box: [100, 100, 10, 10] },
  { image: 1, box: [50, 50, 20, 20] },
];
const detections: DetectedBox[] = [
  { image: 0, box: [1, 0, 10, 10], score: 0.9 },
  { image: 2, box: [5, 5, 10, 10], score: 0.8 },
  { image: 0, box: [0, 1, 10, 10], score: 0.7 },
  { image: 1, box: [53, 54, 20, 20], score: 0.6 },
  { image: 0, box: [300, 0, 10, 10], score: 0.5 },
  { image: 3, box: [0, 0, 10, 10], score: 0.4 },
];
const set = makeBoxSet(4, truth, detections);
const hits = findHits(set, iou50);

describe('hits', () => {
  it('go to the lesion overlapped most; a second hit is neither right nor wrong', () => {
    expect([...hits.outcome]).toEqual([0, falsePositive, 0, 2, falsePositive, falsePositive]);
    expect(lesionTableOf(hits, callsAt(hits.scores, 0.45))).toEqual({
      found: 2,
      missed: 1,
      falsePositives: 2,
    });
  });

  it('follow the rule that is asked for', () => {
    const one = (box: number[], rule: string) =>
      findHits(
        makeBoxSet(1, [{ image: 0, box: [0, 0, 10, 10] }], [{ image: 0, box, score: 1 }]),
        parseHitRule(rule),
      ).outcome[0];
    expect(one([0, 0, 10, 20], 'iou>=0.5')).toBe(0);
    expect(one([0, 0, 10, 20], 'iou>0.5')).toBe(falsePositive);
    expect(one([4, 4, 10, 10], 'centre')).toBe(0);
    expect(one([6, 4, 10, 10], 'centre')).toBe(falsePositive);
    expect(() => parseHitRule('touch')).toThrow(/no rule "touch"/);
    expect(() => parseHitRule('iou>=0')).toThrow(/no rule/);
  });

  it('on a crowd count as nothing', () => {
    const crowd = makeBoxSet(
      1,
      [{ image: 0, box: [0, 0, 100, 100], crowd: true }],
      [{ image: 0, box: [5, 5, 10, 10], score: 1 }],
    );
    expect(findHits(crowd, iou50).outcome[0]).toBe(neither);
    expect(findHits(crowd, iou50).normal[0]).toBe(0);
  });

  it('work in volumes, with the RibFrac rule of more than 0.2', () => {
    const volume = makeBoxSet(
      1,
      [{ image: 0, box: [0, 0, 0, 10, 10, 10] }],
      [
        { image: 0, box: [0, 0, 6, 10, 10, 10], score: 0.9 },
        { image: 0, box: [0, 0, 7, 10, 10, 10], score: 0.8 },
      ],
      3,
    );
    // 400 / 1600 = .25 hits, 300 / 1700 = .18 does not.
    expect([...findHits(volume, ribFracRule).outcome]).toEqual([0, falsePositive]);
    const level = lesionLevel(volume, { groups: ownGroups(1), groupCount: 1 }, { replicates: 100 });
    expect(level.coco).toBeNull();
    expect(level.ribFrac?.points.map((point) => point.falsePositivesPerImage)).toEqual([...ribFracRates]);
  });
});

describe('FROC', () => {
  it('counts false positives over all images, normal ones included', () => {
    expect(frocCurve(hits)).toEqual([
      { threshold: Number.POSITIVE_INFINITY, falsePositivesPerImage: 0, sensitivity: 0 },
      { threshold: 0.9, falsePositivesPerImage: 0, sensitivity: 1 / 3 },
      { threshold: 0.8, falsePositivesPerImage: 0.25, sensitivity: 1 / 3 },
      { threshold: 0.6, falsePositivesPerImage: 0.25, sensitivity: 2 / 3 },
      { threshold: 0.5, falsePositivesPerImage: 0.5, sensitivity: 2 / 3 },
      { threshold: 0.4, falsePositivesPerImage: 0.75, sensitivity: 2 / 3 },
    ]);
  });

  it('reads sensitivity as steps or along straight lines', () => {
    const read = (reading: 'step' | 'linear', table = hits) =>
      [...computeOnce(frocStatistic(table, ownGroups(4), [0.125, 0.25, 0.5, 8], reading), 4)].slice(0, 4);
    expect(read('step')).toEqual([1 / 3, 2 / 3, 2 / 3, 2 / 3]);
    expect(read('linear')).toEqual([1 / 3, 2 / 3, 2 / 3, 2 / 3]);
    // A false positive and a hit that share a score are one step from (0, 1/3) to (.25, 2/3).
    const tied = findHits(
      makeBoxSet(
        4,
        truth,
        detections.map((d) => (d.score === 0.6 ? { ...d, score: 0.8 } : d)),
      ),
      iou50,
    );
    expect(read('step', tied)[0]).toBeCloseTo(1 / 3, 12);
    expect(read('linear', tied)[0]).toBeCloseTo(1 / 3 + 0.5 / 3, 12);
  });

  it('says where the curve ends before a rate', () => {
    const level = lesionLevel(set, { groups: ownGroups(4), groupCount: 4 }, { replicates: 100 });
    expect(level.froc.end).toBe(0.75);
    expect(level.froc.points.map(({ reached }) => reached)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('AFROC', () => {
  it('compares each lesion with the highest false mark of each normal image, unmarked against unmarked one half', () => {
    const ratings = freeResponseRatings(hits);
    // Lesions .9, unmarked, .6 against normal images .8 and .4: wins 2, 0, 1 of 2.
    expect(afrocArea(ratings, 'afroc', false)).toBeCloseTo(3 / 6, 12);
    // Image 0 has two lesions of weight 1/2, image 1 one of weight 1: (1/2 x 2 + 1/2 x 0 + 1 x 1) / (2 x 2).
    expect(afrocArea(ratings, 'afroc', true)).toBeCloseTo(2 / 4, 12);
    // All images: false marks .5, none, .8, .4. Lesion .9 wins 4, the unmarked one ties with image 1, .6 wins 3.
    expect(afrocArea(ratings, 'afroc1', false)).toBeCloseTo((4 + 0.5 + 3) / 12, 12);
  });

  it('is the AUC of the images when each has one lesion and every mark is right', () => {
    const single = makeBoxSet(
      3,
      [0, 1].map((image) => ({ image, box: [0, 0, 10, 10] })),
      [0, 1, 2].map((image) => ({ image, box: [0, 0, 10, 10], score: [0.3, 0.9, 0.5][image] ?? 0 })),
    );
    expect(afrocArea(freeResponseRatings(findHits(single, iou50)), 'afroc', true)).toBe(0.5);
  });
});

describe('localisation error', () => {
  it('is the distance of the centres, in pixels and by the spacing of each axis in mm', () => {
    const errors = localisationErrors(set, hits, callsAt(hits.scores, 0.5), [[0.2, 0.1], null, null, null]);
    expect(errors).toHaveLength(2);
    expect(errors[0]?.pixels).toBeCloseTo(1, 12);
    expect(errors[0]?.millimetres).toBeCloseTo(0.2, 12);
    expect(errors[1]?.pixels).toBeCloseTo(5, 12);
    expect(errors[1]?.millimetres).toBeNaN();
    const point = lesionLevel(
      set,
      { groups: ownGroups(4), groupCount: 4 },
      {
        replicates: 100,
        points: [
          {
            name: 'a',
            threshold: 0.5,
            rule: 'fixed beforehand',
            chosenOn: 'test',
            shown: callsAt(hits.scores, 0.5),
          },
        ],
      },
    ).operatingPoints[0];
    expect(point?.localisation.meanPixels.value).toBeCloseTo(3, 12);
    expect(point?.localisation.medianPixels.value).toBeCloseTo(3, 12);
    expect(point?.localisation.meanMillimetres).toMatchObject({
      value: null,
      reason: 'no image with a found lesion states its pixel spacing',
    });
    expect(point?.recall).toMatchObject({ value: 2 / 3, numerator: 2, denominator: 3 });
    expect(point?.precision).toMatchObject({ numerator: 2, denominator: 4 });
    expect(point?.falsePositivesPerImage.value).toBe(0.5);
  });
});

describe('lesion figures under group weights', () => {
  const plan = simulate({ seed: 3, images: 60, imagesPerGroup: 2, detect: 0.8 });

  it('of one each are the plain figures', () => {
    const summary = cocoSummary(plan.set);
    const figures = computeOnce(cocoStatistic(rankCategories(plan.set), plan.groups), plan.groupCount);
    cocoBootstrapFigures.forEach((name, at) => {
      const plain = summary[name];
      if (plain === null) expect(figures[at], name).toBeNaN();
      else expect(figures[at], name).toBeCloseTo(plain, 10);
    });
  });

  it('count an image twice as if it were there twice', () => {
    const weights = new Int32Array(plan.groupCount).fill(1);
    weights[0] = 3;
    weights[5] = 0;
    const copies: { lesions: TruthBox[]; marks: DetectedBox[]; images: number } = {
      lesions: [],
      marks: [],
      images: 0,
    };
    plan.groups.forEach((group, image) => {
      for (let copy = 0; copy < (weights[group] ?? 0); copy++) {
        copies.lesions.push(
          ...plan.lesions.filter((l) => l.image === image).map((l) => ({ ...l, image: copies.images })),
        );
        copies.marks.push(
          ...plan.marks.filter((m) => m.image === image).map((m) => ({ ...m, image: copies.images })),
        );
        copies.images++;
      }
    });
    const repeated = makeBoxSet(copies.images, copies.lesions, copies.marks);
    const one = new Int32Array(copies.images).fill(0);
    const table = findHits(plan.set, iou50);
    const repeatedTable = findHits(repeated, iou50);
    const compare = (weighted: WeightedStatistic, plain: WeightedStatistic) => {
      const a = new Float64Array(weighted.size);
      weighted.compute(weights, a, 0);
      const b = computeOnce(plain, 1);
      a.forEach((value, index) => {
        if (!Number.isNaN(value)) expect(value).toBeCloseTo(b[index] ?? Number.NaN, 10);
      });
    };
    compare(
      cocoStatistic(rankCategories(plan.set), plan.groups),
      cocoStatistic(rankCategories(repeated), one),
    );
    compare(
      frocStatistic(table, plan.groups, frocRates, 'step'),
      frocStatistic(repeatedTable, one, frocRates, 'step'),
    );
    compare(
      afrocStatistic(freeResponseRatings(table), plan.groups, 'afroc', true),
      afrocStatistic(freeResponseRatings(repeatedTable), one, 'afroc', true),
    );
  });
});

describe('figures at an operating point', () => {
  it('gives lesion recall both closed-form and bootstrap intervals', () => {
    const plan = simulate({ seed: 8, images: 90, imagesPerGroup: 3, detect: 0.7 });
    const level = lesionLevel(plan.set, plan, {
      replicates: 200,
      points: [
        {
          name: 'zero',
          threshold: 0,
          rule: 'fixed beforehand',
          chosenOn: 'test',
          shown: callsAt(plan.set.detections.scores, 0),
        },
      ],
    });
    const recall = level.operatingPoints[0]?.recall;
    expect(recall?.intervals.map(({ method }) => method)).toEqual(['wilson', 'clopper-pearson', 'bca']);
    expect(recall && intervalOf(recall, 'bca')).not.toBeNull();
    expect(level.coco?.ap50.intervals[0]?.method).toBe('bca');
  });
});
