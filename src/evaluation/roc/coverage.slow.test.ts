import { describe, expect, it } from 'vitest';
import { createRandom } from '../bootstrap/random.js';
import { normalQuantile } from '../distributions.js';
import { aucInterval, clusteredDelongCovariance, delongCovariance, unpairedDelong } from './delong.js';
import { simulate } from './roc.fixture.js';
import { makeScoredSet } from './scored-set.js';

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
