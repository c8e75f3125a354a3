import { describe, expect, it } from 'vitest';
import type { Random } from '../bootstrap/random.js';
import { binomial, coverage, holds, normal } from '../coverage.fixture.js';
import { chiSquareQuantile } from '../distributions.js';
import { at, dot, invertPositiveDefinite, multiplyVector, type Rows } from '../matrix.js';
import type { BivariateFit } from './bivariate-fit.js';
import { correctCells, defaultCorrection } from './continuity-correction.js';
import { deeksTest } from './deeks-funnel.js';
import { mantelHaenszel } from './diagnostic-odds-ratio.js';
import { expit, type LogitAccuracy } from './logit-accuracy.js';
import { metaRegression } from './meta-regression.js';
import { derSimonianLaird } from './random-effects.js';
import { fitReitsma } from './reitsma.js';
import type { StudyCounts } from './study-table.js';
import { logitPoint, summaryPoint } from './summary-point.js';

const mean = [1.4, -1.8] as const;
const sd = [0.5, 0.4] as const;
const correlation = 0.5;

/** True logit sensitivity and false positive rate of one more study. */
function effects(random: Random, spread = 1): [number, number] {
  const [a, b] = [normal(random), normal(random)];
  return [
    mean[0] + spread * sd[0] * a,
    mean[1] + spread * sd[1] * (correlation * a + Math.sqrt(1 - correlation ** 2) * b),
  ];
}

function drawStudies(random: Random, count: number, spread = 1): StudyCounts[] {
  return Array.from({ length: count }, (_, index) => {
    const [sensitivity, fpr] = effects(random, spread);
    const [diseased, normals] = [100 + random.below(200), 100 + random.below(200)];
    const [tp, fp] = [binomial(random, diseased, expit(sensitivity)), binomial(random, normals, expit(fpr))];
    const covariates = { side: index % 2 === 0 ? 'a' : 'b' };
    return { study: `${index}`, tp, fn: diseased - tp, fp, tn: normals - fp, covariates };
  });
}

/** Logits of studies as the bivariate model has them: normal within studies, with known variances. */
function drawLogits(random: Random, count: number): LogitAccuracy[] {
  return Array.from({ length: count }, (_, index) => {
    const [sensitivity, fpr] = effects(random);
    const [varianceSensitivity, varianceFpr] = [
      0.02 + 0.06 * random.uniform(),
      0.03 + 0.06 * random.uniform(),
    ];
    return {
      study: `${index}`,
      logitSensitivity: sensitivity + Math.sqrt(varianceSensitivity) * normal(random),
      logitFpr: fpr + Math.sqrt(varianceFpr) * normal(random),
      varianceSensitivity,
      varianceFpr,
    };
  });
}

/** Does the ellipse around the fitted point hold a pair of logits? */
function inEllipse(fit: BivariateFit, covariance: Rows, pair: readonly [number, number]): boolean {
  const away = pair.map((value, index) => value - (fit.coefficients[index] ?? 0));
  const inverse = invertPositiveDefinite(covariance)?.inverse ?? [];
  return dot(away, multiplyVector(inverse, away)) <= chiSquareQuantile(0.95, 2);
}

describe('coverage of the intervals of a meta-analysis by simulation', { timeout: 400_000 }, () => {
  it('bivariate models: summary, ratios, confidence and prediction region, regression', () => {
    const runs = 200;
    const shares = coverage(runs, 1_000_000, (random) => {
      const data = drawLogits(random, 60);
      const sides = data.map(({ study }, index) => ({
        ...{ study, tp: 1, fn: 1, fp: 1, tn: 1 },
        covariates: { side: index % 2 === 0 ? 'a' : 'b' },
      }));
      const reml = fitReitsma(data, 'reml');
      const of = summaryPoint(logitPoint(reml), 0.95);
      const [sensitivity, fpr] = [expit(mean[0]), expit(mean[1])];
      const regression = metaRegression(
        sides,
        'side',
        (design) => fitReitsma(data, 'reml', design),
        reml,
        0.95,
      );
      const [, slope, , fprSlope] = regression.coefficients;
      const between: Rows = [
        [
          at(reml.covariance, 0, 0) + reml.between.varianceSensitivity,
          at(reml.covariance, 0, 1) + reml.between.covariance,
        ],
        [
          at(reml.covariance, 1, 0) + reml.between.covariance,
          at(reml.covariance, 1, 1) + reml.between.varianceFpr,
        ],
      ];
      return {
        'sensitivity, REML': holds(of.sensitivity.interval, sensitivity),
        'specificity, REML': holds(of.specificity.interval, 1 - fpr),
        'positive likelihood ratio': holds(of.positiveLikelihoodRatio.interval, sensitivity / fpr),
        'negative likelihood ratio': holds(
          of.negativeLikelihoodRatio.interval,
          (1 - sensitivity) / (1 - fpr),
        ),
        'odds ratio': holds(of.diagnosticOddsRatio.interval, Math.exp(mean[0] - mean[1])),
        'confidence region': inEllipse(reml, reml.covariance, mean),
        'prediction region': inEllipse(reml, between, effects(random)),
        'regression, sensitivity': holds(slope?.estimate.interval, 0),
        'regression, false positive rate': holds(fprSlope?.estimate.interval, 0),
      };
    });
    // Two standard errors of the simulation are allowed for: more runs would take minutes.
    const chance = 2 * Math.sqrt((0.95 * 0.05) / runs);
    for (const [name, share] of Object.entries(shares)) {
      expect(share, name).toBeGreaterThanOrEqual(0.93 - chance);
      expect(share, name).toBeLessThanOrEqual(0.97 + chance);
    }
  });

  it('univariate: DerSimonian-Laird, tau2, Mantel-Haenszel, the slope of the funnel', () => {
    const [truth, tau, common] = [1.2, 0.4, Math.exp(mean[0] - mean[1])];
    const shares = coverage(1500, 2_000_000, (random) => {
      const drawn = Array.from({ length: 40 }, () => {
        const variance = 0.02 + 0.1 * random.uniform();
        return { value: truth + tau * normal(random) + Math.sqrt(variance) * normal(random), variance };
      });
      const pooled = derSimonianLaird(drawn, 0.95);
      const alike = drawStudies(random, 20, 0);
      const cells = correctCells(alike, defaultCorrection);
      return {
        'DerSimonian-Laird': holds(pooled.pooled.interval, truth),
        tau2: holds(pooled.tau2.interval, tau * tau),
        'Mantel-Haenszel': holds(mantelHaenszel(alike, cells, 0.95)?.oddsRatio.interval, common),
        'slope of the funnel': holds(deeksTest(alike, cells, 0.95)?.slope.interval, 0),
      };
    });
    for (const [name, share] of Object.entries(shares)) {
      expect(share, name).toBeGreaterThanOrEqual(0.93);
      expect(share, name).toBeLessThanOrEqual(0.97);
    }
  });
});
