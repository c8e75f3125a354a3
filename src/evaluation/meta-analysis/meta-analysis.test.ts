import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../bootstrap/random.js';
import { parseCsv, readCsv } from '../csv-table.js';
import { normalQuantile } from '../distributions.js';
import { fitBinomialGlmm } from './binomial-glmm.js';
import { expit } from './logit-accuracy.js';
import { metaAnalysis } from './meta-analysis.js';
import type { MetaAnalysis } from './meta-analysis.schema.js';
import { checkStudies, type StudyCounts, studiesFromTable } from './study-table.js';

const example = 'examples/statistics/studies.csv';
const readExample = async () => studiesFromTable(await readCsv(example));

function study(name: string, tp: number, fn: number, fp: number, tn: number): StudyCounts {
  return { study: name, tp, fn, fp, tn, covariates: {} };
}

function near(value: number | null | undefined, expected: number, tolerance = 1e-6) {
  expect(Math.abs((value ?? Number.NaN) - expected), `${value} against ${expected}`).toBeLessThan(tolerance);
}

function fitOf(result: MetaAnalysis, method: string) {
  const fit = result.fits.find((each) => each.method === method);
  if (fit === undefined || 'reason' in fit) throw new Error(`no fit by ${method}`);
  return fit;
}

describe('meta-analysis of the example', () => {
  it('agrees with metafor and lme4 on every likelihood', async () => {
    const result = metaAnalysis(await readExample());
    // rma.mv(yi, vi, mods = ~ 0 + out, random = ~ out | study, struct = "UN") of metafor 3.8
    const reml = fitOf(result, 'reml');
    near(reml.logitSensitivity.value, 1.973411023);
    near(reml.logitFpr.value, -2.335791402);
    near(reml.logitSensitivity.standardError, 0.220772713);
    near(reml.between.varianceSensitivity, 0.554519022);
    near(reml.between.correlation, 0.845253536);
    const ml = fitOf(result, 'ml');
    near(ml.logitSensitivity.value, 1.970627384);
    near(ml.between.varianceFpr, 0.118122111);
    near(ml.logLikelihood, -20.609226171);
    // glmer(cbind(events, rest) ~ 0 + sens + fpr + (0 + sens + fpr | study)) of lme4 1.1-31, tight tolerances
    const glmm = fitOf(result, 'glmm-laplace');
    near(glmm.logitSensitivity.value, 2.01911024);
    near(glmm.logitSensitivity.standardError, 0.220201261, 1e-5);
    near(glmm.logitFpr.value, -2.35466286);
    near(glmm.between.sdSensitivity, 0.736276468);
    near(glmm.between.correlation, 0.8620895);
    near(glmm.logLikelihood, -91.8339663);
  });

  it('regresses on a group as metafor does', async () => {
    const { metaRegression } = metaAnalysis(await readExample(), { method: 'ml', covariate: 'design' });
    expect(metaRegression?.coefficients.map(({ term }) => term)).toEqual([
      'intercept',
      'design: retrospective (against prospective)',
      'intercept',
      'design: retrospective (against prospective)',
    ]);
    near(metaRegression?.coefficients[1]?.estimate.value, 1.059296516);
    near(metaRegression?.coefficients[1]?.standardError, 0.331836376);
    near(metaRegression?.coefficients[3]?.estimate.value, 0.327021791);
    near(metaRegression?.tests.either.chiSquare, 10.3725, 5e-5);
    near(metaRegression?.likelihoodRatio?.chiSquare, 7.709, 5e-5);
    near(metaRegression?.likelihoodRatio?.p, 0.0212, 5e-5);
    near(metaRegression?.predictions[0]?.point.sensitivity.value, expit(1.290711149));
  });

  it('regresses on a number as metafor does, in the units of the covariate', async () => {
    const { metaRegression } = metaAnalysis(await readExample(), { method: 'reml', covariate: 'year' });
    near(metaRegression?.coefficients[1]?.estimate.value, 0.1540886873);
    near(metaRegression?.coefficients[1]?.standardError, 0.0836948121);
    near(metaRegression?.coefficients[3]?.p, 0.344010447);
    near(metaRegression?.tests.either.p, 0.1825, 5e-5);
    expect(metaRegression?.likelihoodRatio).toBeNull();
    // R regressed on year - 2021.
    const middle = metaRegression?.predictions.find(({ at }) => at.startsWith('lowest'));
    near(middle?.point.sensitivity.value, expit(1.7790357465 + 0.1540886873 * (2018 - 2021)));
  });

  it('regresses in the binomial model as lme4 does', async () => {
    const { metaRegression } = metaAnalysis(await readExample(), {
      method: 'glmm-laplace',
      covariate: 'design',
    });
    near(metaRegression?.coefficients[1]?.estimate.value, 1.0764149);
    near(metaRegression?.coefficients[1]?.standardError, 0.340264609, 2e-5);
    near(metaRegression?.coefficients[3]?.estimate.value, 0.331930258);
  });

  it('does not depend on the order of the studies', async () => {
    const table = await readExample();
    const turned = { ...table, studies: [...table.studies].reverse() };
    const a = metaAnalysis(table);
    const b = metaAnalysis(turned);
    for (const method of ['reml', 'ml', 'glmm-laplace', 'glmm-quadrature']) {
      near(fitOf(b, method).logitSensitivity.value, fitOf(a, method).logitSensitivity.value, 1e-7);
      near(fitOf(b, method).between.sdFpr, fitOf(a, method).between.sdFpr, 1e-6);
    }
    near(b.deeks?.p, a.deeks?.p ?? Number.NaN, 1e-12);
  });

  it('mirrors when diseased and non-diseased are swapped', async () => {
    const table = await readExample();
    const mirrored = table.studies.map(({ study: name, tp, fn, fp, tn }) => study(name, tn, fp, fn, tp));
    const a = metaAnalysis(table).fit;
    const b = metaAnalysis({ ...table, studies: mirrored }).fit;
    near(b.summary.sensitivity.value, a.summary.specificity.value);
    near(b.summary.specificity.interval[0], a.summary.sensitivity.interval[0]);
    near(b.between.correlation, a.between.correlation ?? Number.NaN);
  });
});

describe('quadrature', () => {
  it('settles as points are added, and approaches Laplace as studies grow', async () => {
    const { studies } = await readExample();
    const [few, more] = [fitBinomialGlmm(studies, 9), fitBinomialGlmm(studies, 15)];
    near(few.logLikelihood, more.logLikelihood, 1e-6);
    near(few.coefficients[0], more.coefficients[0] ?? Number.NaN, 1e-5);
    const gap = (factor: number) => {
      const grown = studies.map(({ study: name, tp, fn, fp, tn }) =>
        study(name, tp * factor, fn * factor, fp * factor, tn * factor),
      );
      const laplace = fitBinomialGlmm(grown, 1).coefficients[0] ?? Number.NaN;
      return Math.abs(laplace - (fitBinomialGlmm(grown, 9).coefficients[0] ?? Number.NaN));
    };
    const small = gap(1);
    const large = gap(100);
    expect(large).toBeLessThan(small / 20);
    expect(large).toBeLessThan(1e-5);
  });

  it('approaches the normal model as studies grow', async () => {
    const { studies, path } = await readExample();
    const grown = studies.map(({ study: name, tp, fn, fp, tn }) =>
      study(name, tp * 100, fn * 100, fp * 100, tn * 100),
    );
    const result = metaAnalysis({ studies: grown, path, warnings: [] });
    near(
      fitOf(result, 'glmm-quadrature').logitSensitivity.value,
      fitOf(result, 'ml').logitSensitivity.value,
      2e-3,
    );
  });
});

describe('coverage', () => {
  function normal(random: Random): number {
    return normalQuantile(Math.min(1 - 1e-12, Math.max(1e-12, random.uniform())));
  }

  function binomial(random: Random, n: number, p: number): number {
    let k = 0;
    for (let i = 0; i < n; i++) if (random.uniform() < p) k++;
    return k;
  }

  it('holds the true sensitivity and specificity about 95 times in 100', () => {
    const random = createRandom(5);
    const runs = 200;
    const [mean, meanFpr] = [1.4, -1.8];
    let sensitivity = 0;
    let specificity = 0;
    for (let run = 0; run < runs; run++) {
      const studies = Array.from({ length: 30 }, (_, i) => {
        const [a, b] = [normal(random), normal(random)];
        const p = expit(mean + 0.5 * a);
        const q = expit(meanFpr + 0.4 * (0.5 * a + Math.sqrt(0.75) * b));
        const [tp, fp] = [binomial(random, 150, p), binomial(random, 150, q)];
        return study(`${i}`, tp, 150 - tp, fp, 150 - fp);
      });
      const fit = fitBinomialGlmm(studies, 1);
      const covered = (index: number, truth: number) => {
        const error = Math.sqrt(fit.covariance[index]?.[index] ?? 0);
        return Math.abs((fit.coefficients[index] ?? Number.NaN) - truth) < 1.959964 * error;
      };
      if (covered(0, mean)) sensitivity++;
      if (covered(1, meanFpr)) specificity++;
    }
    for (const rate of [sensitivity / runs, specificity / runs]) {
      expect(rate).toBeGreaterThanOrEqual(0.93);
      expect(rate).toBeLessThanOrEqual(0.97);
    }
  });
});

describe('input that cannot be pooled', () => {
  const csv = (rows: string) => studiesFromTable(parseCsv(`study,TP,FN,FP,TN\n${rows}`, 's.csv'));

  it('is refused with the reason', () => {
    expect(() => csv('a,1,2,3,4\nb,1,2,3,4')).toThrow(/at least three studies; s.csv has 2/);
    expect(() => csv('a,1,2,3,4\nb,0,0,0,0\nc,1,2,3,4')).toThrow(/study b has all four cells zero/);
    expect(() => csv('a,1,2,3,4\nb,0,0,3,4\nc,1,2,3,4')).toThrow(/study b has no diseased cases/);
    expect(() => csv('a,1,2,3,4\nb,1,2,-3,4\nc,1,2,3,4')).toThrow(/Line 3 of s.csv: FP is -3, not a count/);
    expect(() => csv('a,1,2,3,4\nb,1,2,x,4\nc,1,2,3,4')).toThrow(/Line 3 .* FP is "x", not a finite number/);
    expect(() => studiesFromTable(parseCsv('TP,FN,FP\n1,2,3', 's.csv'))).toThrow(/no column TN/);
  });

  it('has no normal model without correction of a zero cell, but an exact one', () => {
    const table = csv('a,20,0,3,40\nb,18,2,5,44\nc,25,6,3,30\nd,40,5,9,70');
    const none = { rule: 'none', amount: 0.5 } as const;
    expect(() => metaAnalysis(table, { correction: none })).toThrow(/a has a zero cell and the continuity/);
    const exact = metaAnalysis(table, { correction: none, method: 'glmm-laplace' });
    expect(exact.fits[0]).toMatchObject({ method: 'reml', reason: expect.stringMatching(/zero cell/) });
    expect(exact.oddsRatio.derSimonianLaird).toBeNull();
    expect(exact.oddsRatio.mantelHaenszel).not.toBeNull();
    expect(exact.warnings.join(' ')).toMatch(/Univariate results are left out/);
  });

  it('does not converge, and says so, when no study has a false negative', () => {
    const table = csv('a,20,0,3,40\nb,18,0,5,44\nc,25,0,3,30');
    expect(() => metaAnalysis(table, { method: 'glmm-quadrature' })).toThrow(
      /did not converge: no study has a false negative/,
    );
    const { fits } = metaAnalysis(table);
    expect(fits.find(({ method }) => method === 'glmm-laplace')).toHaveProperty('reason');
  });

  it('pools studies that are alike, with a variance of zero and no curve', () => {
    const same = ['a', 'b', 'c', 'd'].map((name) => study(name, 40, 10, 10, 90));
    const result = metaAnalysis(checkStudies(same, 'same'));
    near(result.fit.summary.sensitivity.value, 0.8);
    near(result.fit.between.varianceSensitivity, 0, 1e-6);
    expect(result.sroc.hsroc).toBeNull();
    expect(result.sroc.area).toBeNull();
    expect(result.deeks).toBeNull();
    expect(result.warnings.join(' ')).toMatch(/variance of sensitivity is estimated as zero/);
  });

  it('warns of few studies and of names given twice', () => {
    const { warnings } = csv('a,10,2,3,40\na,9,3,5,44\nc,25,4,3,30');
    expect(warnings.join(' ')).toMatch(/Named more than once: a/);
    expect(warnings.join(' ')).toMatch(/Only 3 studies/);
  });

  it('refuses covariates that cannot be used', async () => {
    const table = await readExample();
    const regress = (covariate: string, replace: (study: StudyCounts) => string) =>
      metaAnalysis(
        {
          ...table,
          studies: table.studies.map((each) => ({ ...each, covariates: { [covariate]: replace(each) } })),
        },
        { covariate },
      );
    expect(() => regress('x', () => 'same')).toThrow(/the same value in every study/);
    expect(() => regress('x', ({ study: name }) => name)).toThrow(/14 groups are too many for 14 studies/);
    expect(() => regress('x', ({ study: name }) => (name.startsWith('Abara') ? '' : 'b'))).toThrow(
      /empty for Abara 2021/,
    );
    expect(() => metaAnalysis(table, { covariate: 'colour' })).toThrow(
      /no such column; the table has year, design/,
    );
  });
});
