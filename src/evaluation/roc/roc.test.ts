import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../bootstrap/random.js';
import { cellNumber, cellText, parseCsv } from '../csv-table.js';
import { normalQuantile } from '../distributions.js';
import { averagePrecision, rocCurve } from './curve.js';
import {
  aucInterval,
  clusteredDelongCovariance,
  delongCovariance,
  pairedDelong,
  unpairedDelong,
} from './delong.js';
import { partialAuc, partialAucBySensitivity } from './partial-auc.js';
import { auc } from './placements.js';
import { makeScoredSet, type ScoredSet } from './scored-set.js';
import { chooseThreshold, parseThresholdRule } from './threshold-rules.js';

const file = path.resolve(process.cwd(), '../shared/data/statistics/aSAH.csv');
const present = existsSync(file);
if (!present) console.warn(`skipped: ${file} is absent`);

function aneurysms(marker: string): ScoredSet {
  const table = parseCsv(readFileSync(file, 'utf8'), file);
  return makeScoredSet(
    table.rows.map((row) => cellNumber(table, row, marker)),
    table.rows.map((row) => cellText(row, 'outcome') === 'Poor'),
  );
}

describe.skipIf(!present)('the aSAH markers (reference values of R, pROC)', () => {
  it.each([
    ['wfns', 0.8236788618, 0.0014699147, 0.748535, 0.898823],
    ['s100b', 0.7313685637, 0.0026686825, 0.630118, 0.832619],
    ['ndka', 0.6119579946, 0.0031908105, 0.501245, 0.722671],
  ] as const)('AUC, DeLong variance and interval of %s', (marker, value, variance, lower, upper) => {
    const { aucs, covariance } = delongCovariance([aneurysms(marker)]);
    expect(aucs[0]).toBeCloseTo(value, 9);
    expect(covariance[0]?.[0]).toBeCloseTo(variance, 9);
    const interval = aucInterval('delong', aucs[0] ?? 0, covariance[0]?.[0] ?? 0);
    expect(interval.lower).toBeCloseTo(lower, 6);
    expect(interval.upper).toBeCloseTo(upper, 6);
  });

  it('paired DeLong tests', () => {
    const againstS100b = pairedDelong(aneurysms('wfns'), aneurysms('s100b'));
    expect(againstS100b.z).toBeCloseTo(2.2089836, 6);
    expect(againstS100b.p).toBeCloseTo(0.02717578, 7);
    const againstNdka = pairedDelong(aneurysms('wfns'), aneurysms('ndka'));
    expect(againstNdka.z).toBeCloseTo(2.7977759, 6);
    expect(againstNdka.p).toBeCloseTo(0.00514558, 7);
  });

  it('best Youden threshold of s100b', () => {
    expect(chooseThreshold(aneurysms('s100b'), { kind: 'youden' })).toBeCloseTo(0.205, 10);
  });

  it('partial AUC and average precision (computed apart, with numpy)', () => {
    expect(partialAuc(aneurysms('s100b'), 0, 0.1).area).toBeCloseTo(0.03275745257452575, 12);
    expect(partialAuc(aneurysms('s100b'), 0, 0.1).standardised).toBeCloseTo(0.6460918556553987, 12);
    expect(partialAuc(aneurysms('wfns'), 0, 0.1).area).toBeCloseTo(0.033441734417344174, 12);
    expect(partialAucBySensitivity(aneurysms('s100b'), 0.9, 1).area).toBeCloseTo(0.013763550135501344, 12);
    expect(partialAuc(aneurysms('ndka'), 0, 1).area).toBeCloseTo(0.6119579946, 9);
    expect(averagePrecision(aneurysms('wfns'))).toBeCloseTo(0.6803366371169433, 12);
    expect(averagePrecision(aneurysms('ndka'))).toBeCloseTo(0.48624872262242114, 12);
  });
});

function simulate(
  seed: number,
  n: number,
  separation: number,
  rounded = false,
): { scores: number[]; labels: number[] } {
  const random = createRandom(seed);
  const labels = Array.from({ length: n }, (_, index) => (index < n / 3 ? 1 : 0));
  const scores = labels.map((label) => {
    const score = separation * label + normalQuantile(random.uniform());
    return rounded ? Math.round(score * 2) / 2 : score;
  });
  return { scores, labels };
}

describe('properties of the AUC', () => {
  it('maps to 1 - AUC when the labels are swapped, ties included', () => {
    const { scores, labels } = simulate(1, 200, 1, true);
    const swapped = labels.map((label) => 1 - label);
    expect(auc(makeScoredSet(scores, swapped))).toBeCloseTo(1 - auc(makeScoredSet(scores, labels)), 12);
  });

  it('and its variance stay under monotone transforms', () => {
    const { scores, labels } = simulate(2, 200, 1, true);
    const plain = delongCovariance([makeScoredSet(scores, labels)]);
    const moved = delongCovariance([
      makeScoredSet(
        scores.map((score) => Math.exp(score) + 3),
        labels,
      ),
    ]);
    expect(moved).toEqual(plain);
    expect(
      averagePrecision(
        makeScoredSet(
          scores.map((score) => 5 * score),
          labels,
        ),
      ),
    ).toBe(averagePrecision(makeScoredSet(scores, labels)));
  });

  it('is 1/2 with all scores equal, and its interval is withheld with a reason', () => {
    const set = makeScoredSet([3, 3, 3, 3], [1, 0, 1, 0]);
    const { aucs, covariance } = delongCovariance([set]);
    expect(aucs[0]).toBe(0.5);
    expect(aucInterval('delong', 0.5, covariance[0]?.[0] ?? 0)).toMatchObject({ lower: null, upper: null });
    expect(rocCurve(set)).toHaveLength(2);
  });

  it('clustered variance is the plain one (up to small-sample factors) when every group is one item', () => {
    const { scores, labels } = simulate(4, 3000, 1);
    const set = makeScoredSet(scores, labels);
    const plain = delongCovariance([set]).covariance[0]?.[0] ?? 0;
    const clustered = clusteredDelongCovariance([set]).covariance[0]?.[0] ?? 0;
    expect(clustered / plain).toBeCloseTo(1, 6);
  });

  it('clustered variance does not shrink when every item is given twice, where the plain one halves', () => {
    const { scores, labels } = simulate(5, 300, 1);
    const groups = scores.map((_, index) => index);
    const once = makeScoredSet(scores, labels, groups);
    const twice = makeScoredSet([...scores, ...scores], [...labels, ...labels], [...groups, ...groups]);
    const variance = (set: ScoredSet) => clusteredDelongCovariance([set]).covariance[0]?.[0] ?? 0;
    expect(variance(twice) / variance(once)).toBeCloseTo(1, 12);
  });

  it('names what is wrong with its input', () => {
    expect(() => auc(makeScoredSet([1, 2], [1, 1]))).toThrow(/All 2 items are positive/);
    expect(() => makeScoredSet([1, Number.NaN], [1, 0])).toThrow(/score 2 is NaN/);
    expect(() => makeScoredSet([1, 2], [1, 2])).toThrow(/label 2 is 2/);
    expect(() => makeScoredSet([1, 2], [1])).toThrow(/lengths differ/);
    expect(() => pairedDelong(makeScoredSet([1, 2], [1, 0]), makeScoredSet([1, 2], [0, 1]))).toThrow(
      /different items/,
    );
  });
});

describe('coverage of the AUC intervals by simulation', { timeout: 400_000 }, () => {
  // AUC of two normal distributions one standard deviation apart: Phi(1 / sqrt 2).
  const truth = 0.7602499389065233;

  it('DeLong, independent items', () => {
    let covered = 0;
    const runs = 1500;
    for (let run = 0; run < runs; run++) {
      const { scores, labels } = simulate(1000 + run, 150, 1);
      const { aucs, covariance } = delongCovariance([makeScoredSet(scores, labels)]);
      const { lower, upper } = aucInterval('delong', aucs[0] ?? 0, covariance[0]?.[0] ?? 0);
      if ((lower ?? 1) <= truth && truth <= (upper ?? 0)) covered++;
    }
    expect(covered / runs).toBeGreaterThan(0.93);
    expect(covered / runs).toBeLessThan(0.97);
  });

  it('Obuchowski, four images per patient that resemble each other; the plain interval is too narrow there', () => {
    let clustered = 0;
    let plain = 0;
    const runs = 800;
    for (let run = 0; run < runs; run++) {
      const random = createRandom(50_000 + run);
      const scores: number[] = [];
      const labels: number[] = [];
      const groups: number[] = [];
      for (let patient = 0; patient < 80; patient++) {
        const shared = Math.SQRT1_2 * normalQuantile(random.uniform());
        for (let image = 0; image < 4; image++) {
          const label = (patient + (image === 3 && patient % 10 < 2 ? 1 : 0)) % 2;
          labels.push(label);
          groups.push(patient);
          scores.push(label + shared + Math.SQRT1_2 * normalQuantile(random.uniform()));
        }
      }
      const set = makeScoredSet(scores, labels, groups);
      const covers = (
        method: 'delong' | 'delong-clustered',
        result: { aucs: number[]; covariance: number[][] },
      ) => {
        const { lower, upper } = aucInterval(method, result.aucs[0] ?? 0, result.covariance[0]?.[0] ?? 0);
        return (lower ?? 1) <= truth && truth <= (upper ?? 0) ? 1 : 0;
      };
      clustered += covers('delong-clustered', clusteredDelongCovariance([set]));
      plain += covers('delong', delongCovariance([set]));
    }
    expect(clustered / runs).toBeGreaterThan(0.93);
    expect(clustered / runs).toBeLessThan(0.97);
    expect(plain / runs).toBeLessThan(0.92);
  });

  it('the unpaired test rejects a true null hypothesis about 5 times in 100', () => {
    let rejected = 0;
    const runs = 1000;
    for (let run = 0; run < runs; run++) {
      const a = simulate(90_000 + 2 * run, 120, 1);
      const b = simulate(90_001 + 2 * run, 120, 1);
      const test = unpairedDelong(makeScoredSet(a.scores, a.labels), makeScoredSet(b.scores, b.labels));
      if ((test.p ?? 1) < 0.05) rejected++;
    }
    expect(rejected / runs).toBeGreaterThan(0.03);
    expect(rejected / runs).toBeLessThan(0.07);
  });
});

describe('threshold rules', () => {
  const set = makeScoredSet([0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9], [0, 0, 1, 0, 0, 1, 1, 1]);

  it('pick the cut that their name says, half way between two scores', () => {
    expect(chooseThreshold(set, parseThresholdRule('youden'))).toBeCloseTo(0.65, 12);
    expect(chooseThreshold(set, parseThresholdRule('closest-top-left'))).toBeCloseTo(0.65, 12);
    expect(chooseThreshold(set, parseThresholdRule('max-f1'))).toBeCloseTo(0.65, 12);
    expect(chooseThreshold(set, parseThresholdRule('sensitivity>=1'))).toBeCloseTo(0.25, 12);
    expect(chooseThreshold(set, parseThresholdRule('Specificity >= 0.75'))).toBeCloseTo(0.65, 12);
  });

  it('refuse unknown names and bounds that cannot be met', () => {
    expect(() => parseThresholdRule('best')).toThrow(/no threshold rule "best"/);
    expect(() => parseThresholdRule('sensitivity>=1.2')).toThrow(/no threshold rule/);
    const hopeless = makeScoredSet([1, 0], [0, 1]);
    expect(() => chooseThreshold(hopeless, parseThresholdRule('specificity>=0.9'))).toThrow(
      /No threshold meets/,
    );
  });
});
