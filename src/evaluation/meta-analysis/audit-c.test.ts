import { describe, expect, it } from 'vitest';
import { readCsv } from '../csv-table.js';
import { metaAnalysis } from './meta-analysis.js';
import { type MetaAnalysis, metaAnalysisSchema } from './meta-analysis.schema.js';
import { studiesFromTable } from './study-table.js';

const file = 'test/fixtures/statistics/AuditC.csv';

let analysed: Promise<MetaAnalysis> | undefined;
const analyse = (): Promise<MetaAnalysis> => {
  analysed ??= readCsv(file).then((table) => metaAnalysis(studiesFromTable(table)));
  return analysed;
};

function fitOf(result: MetaAnalysis, method: string) {
  const fit = result.fits.find((each) => each.method === method);
  if (fit === undefined || 'reason' in fit) throw new Error(`no fit by ${method}`);
  return fit;
}

function near(value: number | null | undefined, expected: number, tolerance: number) {
  expect(Math.abs((value ?? Number.NaN) - expected), `${value} against ${expected}`).toBeLessThan(tolerance);
}

/** Values of R's metafor, mada and lme4 (../shared/research/statistics.md). */
describe('meta-analysis of AuditC', () => {
  it('gives the bivariate REML estimates', async () => {
    const { fit, method, sroc, correction } = await analyse();
    expect(method).toBe('reml');
    expect(correction.description).toBe(
      '0.5 added to every cell of every study, because 2 of 14 studies have a zero cell',
    );
    near(fit.logitSensitivity.value, 2.0997427, 1e-6);
    near(fit.logitSensitivity.standardError, 0.3378518, 1e-6);
    near(fit.logitFpr.value, -1.263691, 1e-6);
    near(fit.logitFpr.standardError, 0.1743318, 1e-6);
    near(fit.covariance, 0.0458585, 1e-6);
    near(fit.between.sdSensitivity, 1.17456, 5e-6);
    near(fit.between.sdFpr, 0.63813, 5e-6);
    near(fit.between.correlation, 0.854275, 1e-6);
    const { sensitivity, falsePositiveRate } = fit.summary;
    for (const [actual, expected] of [
      [sensitivity.value, 0.891],
      [sensitivity.interval[0], 0.808],
      [sensitivity.interval[1], 0.941],
      [falsePositiveRate.value, 0.22],
      [falsePositiveRate.interval[0], 0.167],
      [falsePositiveRate.interval[1], 0.285],
      [sroc.areaByMada?.full ?? Number.NaN, 0.887],
      [sroc.areaByMada?.partial ?? Number.NaN, 0.861],
    ] as const) {
      near(actual, expected, 5e-4);
    }
    // The integral, checked with scipy's adaptive quadrature.
    near(sroc.area?.full, 0.8879006, 1e-6);
    near(sroc.area?.partial, 0.8700086, 1e-6);
  });

  it('gives the ML estimates', async () => {
    const { summary, between } = fitOf(await analyse(), 'ml');
    near(summary.sensitivity.value, 0.888574, 1e-6);
    near(summary.falsePositiveRate.value, 0.220553, 1e-6);
    near(between.sdSensitivity, 1.10628, 1e-5);
    near(between.sdFpr, 0.61228, 1e-5);
  });

  it('gives the binomial model with Laplace, as lme4 at its default tolerance and closer at a tight one', async () => {
    const fit = fitOf(await analyse(), 'glmm-laplace');
    const { summary, between } = fit;
    // lme4's defaults stop at a log likelihood of -122.79243, a little below the maximum.
    near(summary.sensitivity.value, 0.92482, 2e-4);
    near(summary.sensitivity.interval[0], 0.8335, 1e-3);
    near(summary.sensitivity.interval[1], 0.968, 5e-4);
    near(summary.specificity.value, 0.7818, 1e-4);
    near(summary.specificity.interval[0], 0.7202, 1e-4);
    near(summary.specificity.interval[1], 0.833, 1e-4);
    near(between.sdSensitivity, 1.61118, 2e-3);
    near(between.sdFpr, 0.6174, 1e-4);
    near(-(between.correlation ?? 0), -0.818, 5e-4);
    // glmer(..., glmerControl("bobyqa", tolPwrss = 1e-12, optCtrl = list(rhoend = 1e-10))) of lme4 1.1-31.
    near(fit.logLikelihood, -122.7919822, 1e-6);
    near(fit.logitSensitivity.value, 2.5111612, 1e-6);
    near(fit.logitSensitivity.standardError, 0.46178005, 1e-5);
    near(fit.logitFpr.value, -1.2761975, 1e-6);
    near(between.sdSensitivity, 1.612807, 1e-6);
    near(between.correlation, 0.81785185, 1e-6);
  });

  it('pools the odds ratio as metafor does, and as mada does', async () => {
    const { oddsRatio } = await analyse();
    const { derSimonianLaird, mantelHaenszel } = oddsRatio;
    near(derSimonianLaird?.oddsRatio.value, 26.337, 5e-4);
    near(derSimonianLaird?.oddsRatio.interval[0], 17.971, 5e-4);
    near(derSimonianLaird?.oddsRatio.interval[1], 38.596, 5e-4);
    near(derSimonianLaird?.tau2.value, 0.311, 5e-4);
    near(derSimonianLaird?.qRandomWeights, 19.683, 5e-4);
    near(mantelHaenszel?.oddsRatioByMada.value, 17.93335, 5e-6);
    // metafor 3.8: rma(method = "DL"), confint, rma.mh.
    near(derSimonianLaird?.heterogeneity.q, 52.33664086, 1e-6);
    near(derSimonianLaird?.tau2.interval[0], 0.174897, 1e-5);
    near(derSimonianLaird?.tau2.interval[1], 3.610524, 1e-5);
    near(mantelHaenszel?.oddsRatio.value, 29.519414, 1e-6);
    near(mantelHaenszel?.oddsRatio.interval[0], 24.89857, 1e-5);
    near(mantelHaenszel?.oddsRatio.interval[1], 34.997826, 1e-5);
  });

  it("gives Deeks' test as R's lm does", async () => {
    const { deeks } = await analyse();
    near(deeks?.slope.value, -59.6115963, 1e-6);
    near(deeks?.intercept, 7.1103217, 1e-6);
    near(deeks?.t, -2.5569742, 1e-6);
    near(deeks?.p, 0.025141095, 1e-8);
  });

  it('leaves each study out and keeps the result a valid document', async () => {
    const result = await analyse();
    expect(result.leaveOneOut).toHaveLength(14);
    expect(result.leaveOneOut?.every(({ summary }) => summary !== null)).toBe(true);
    expect(metaAnalysisSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
  });
});
