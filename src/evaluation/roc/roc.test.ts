import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cellNumber, cellText, parseCsv } from '../csv-table.js';
import { averagePrecision, rocCurve } from './curve.js';
import { aucInterval, clusteredDelongCovariance, delongCovariance, pairedDelong } from './delong.js';
import { partialAuc, partialAucBySensitivity } from './partial-auc.js';
import { auc } from './placements.js';
import { simulate } from './roc.fixture.js';
import { makeScoredSet, type ScoredSet } from './scored-set.js';
import { chooseThreshold, parseThresholdRule } from './threshold-rules.js';

const file = 'test/fixtures/statistics/aSAH.csv';

function aneurysms(marker: string): ScoredSet {
  const table = parseCsv(readFileSync(file, 'utf8'), file);
  return makeScoredSet(
    table.rows.map((row) => cellNumber(table, row, marker)),
    table.rows.map((row) => cellText(row, 'outcome') === 'Poor'),
  );
}

describe('the aSAH markers (reference values of R, pROC)', () => {
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
