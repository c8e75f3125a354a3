import type { FitResult, MetaAnalysis } from '../../evaluation/meta-analysis/meta-analysis.schema.js';
import { decimals, noNumber, percent, pValue, significant, withInterval } from '../tables/numbers.js';
import type { Table } from '../tables/table.js';

const methodNames: Readonly<Record<FitResult['method'], string>> = {
  reml: 'Bivariate normal, REML',
  ml: 'Bivariate normal, ML',
  'glmm-laplace': 'Exact binomial, Laplace',
  'glmm-quadrature': 'Exact binomial, quadrature',
};

/** Short name of a bivariate model, with its likelihood. */
export function methodName(method: FitResult['method']): string {
  return methodNames[method];
}

function studiesTable({ studies, level }: MetaAnalysis): Table {
  return {
    title: 'Studies',
    head: [
      'Study',
      'TP',
      'FN',
      'FP',
      'TN',
      `Sensitivity (${percent(level)} CI)`,
      `Specificity (${percent(level)} CI)`,
    ],
    rows: studies.map(({ study, tp, fn, fp, tn, sensitivity, specificity }) => [
      study,
      ...[tp, fn, fp, tn].map(String),
      withInterval(sensitivity),
      withInterval(specificity),
    ]),
    notes: ['Intervals of the studies: Clopper-Pearson.'],
  };
}

function summaryTable({ fits, method, level, correction }: MetaAnalysis): Table {
  const rows = fits.map((fit) => {
    const name = `${methodNames[fit.method]}${fit.method === method ? ' *' : ''}`;
    if ('reason' in fit) return [name, ...new Array<string>(5).fill(noNumber)];
    const { between, summary } = fit;
    return [
      name,
      withInterval(summary.sensitivity),
      withInterval(summary.specificity),
      decimals(between.sdSensitivity),
      decimals(between.sdFpr),
      between.correlation === null ? noNumber : decimals(-between.correlation),
    ];
  });
  const failures = fits.flatMap((fit) =>
    'reason' in fit ? [`${methodNames[fit.method]}: ${fit.reason}`] : [],
  );
  return {
    title: 'Summary sensitivity and specificity, by likelihood',
    head: [
      'Model',
      `Sensitivity (${percent(level)} CI)`,
      `Specificity (${percent(level)} CI)`,
      'SD sens',
      'SD spec',
      'Corr',
    ],
    rows,
    notes: [
      '* The model that everything below is taken from. SD and correlation are between studies, of the logits.',
      `Continuity correction (normal models and odds ratios): ${correction.description}.`,
      ...failures,
    ],
  };
}

function followingTable({ fit, sroc, level }: MetaAnalysis): Table {
  const { summary } = fit;
  const area = (value: number | null | undefined) =>
    value === null || value === undefined ? noNumber : decimals(value);
  const range = `${decimals(sroc.observedFpr[0], 2)} to ${decimals(sroc.observedFpr[1], 2)}`;
  return {
    title: 'What follows from the summary point and the summary curve',
    head: ['Measure', `Value (${percent(level)} CI)`],
    rows: [
      ['Positive likelihood ratio', withInterval(summary.positiveLikelihoodRatio, significant)],
      ['Negative likelihood ratio', withInterval(summary.negativeLikelihoodRatio, significant)],
      ['Diagnostic odds ratio', withInterval(summary.diagnosticOddsRatio, significant)],
      ['Area under the summary ROC curve', area(sroc.area?.full)],
      [`Partial area, false positive rate ${range}, as mean height`, area(sroc.area?.partial)],
      [
        'The two areas by the grid rule of mada',
        `${area(sroc.areaByMada?.full)}, ${area(sroc.areaByMada?.partial)}`,
      ],
    ],
    notes:
      sroc.hsroc === null
        ? ['No summary curve: a between-study variance is zero.']
        : [
            `HSROC: Lambda ${decimals(sroc.hsroc.lambda)}, Theta ${decimals(sroc.hsroc.theta)}, beta ${decimals(sroc.hsroc.beta)}, variance of alpha ${decimals(sroc.hsroc.varianceAlpha)}, of theta ${decimals(sroc.hsroc.varianceTheta)}.`,
          ],
  };
}

function heterogeneityTable({ heterogeneity, oddsRatio, fit, level }: MetaAnalysis): Table {
  const { sensitivity, specificity, i2 } = heterogeneity;
  const random = oddsRatio.derSimonianLaird;
  const { varianceSensitivity, varianceFpr } = fit.between;
  const row = (name: string, tau2: number | null, spread: typeof sensitivity, zhou: string) => [
    name,
    tau2 === null ? noNumber : decimals(tau2),
    spread === null ? noNumber : decimals(spread.heterogeneity.q, 2),
    spread === null ? noNumber : pValue(spread.heterogeneity.p),
    spread === null ? noNumber : percent(spread.heterogeneity.i2),
    zhou,
  ];
  const notes = [
    `tau2 of the logits is that of the chosen model; of the log odds ratio, DerSimonian and Laird${random === null ? '' : ` (${percent(level)} Q-profile interval ${decimals(random.tau2.interval[0])} to ${decimals(random.tau2.interval[1])})`}.`,
  ];
  if (sensitivity !== null) {
    notes.push(
      `Cochran's Q with ${sensitivity.heterogeneity.degrees} degrees of freedom, inverse-variance weights.`,
    );
  }
  if (random !== null) {
    const q = decimals(random.qRandomWeights);
    notes.push(`With random-effects weights, as R's mada prints it, Q of the log odds ratio is ${q}.`);
  }
  return {
    title: 'Heterogeneity',
    head: ['Scale', 'tau2', 'Q', 'P', 'I2 (Higgins)', 'I2 (Zhou-Dendukuri)'],
    rows: [
      row('Logit sensitivity', varianceSensitivity, sensitivity, percent(i2.sensitivity)),
      row('Logit specificity', varianceFpr, specificity, percent(i2.specificity)),
      row('Both (bivariate)', null, null, percent(i2.bivariate)),
      row('Log odds ratio', random?.tau2.value ?? null, random, noNumber),
    ],
    notes,
  };
}

function oddsRatioTable({ oddsRatio, level }: MetaAnalysis): Table {
  const { derSimonianLaird: random, mantelHaenszel: fixed } = oddsRatio;
  return {
    title: 'Diagnostic odds ratio, pooled by itself',
    head: ['Method', `Odds ratio (${percent(level)} CI)`],
    rows: [
      [
        'Random effects (DerSimonian-Laird)',
        random === null ? noNumber : withInterval(random.oddsRatio, significant),
      ],
      [
        'Fixed effect (Mantel-Haenszel), counts as given',
        fixed === null ? noNumber : withInterval(fixed.oddsRatio, significant),
      ],
      [
        'Fixed effect, by the rule of mada',
        fixed === null ? noNumber : withInterval(fixed.oddsRatioByMada, significant),
      ],
    ],
    notes: [],
  };
}

function leaveOneOutTable({ leaveOneOut, level }: MetaAnalysis): Table | null {
  if (leaveOneOut === null) return null;
  return {
    title: 'Leave one out',
    head: [
      'Without',
      `Sensitivity (${percent(level)} CI)`,
      `Specificity (${percent(level)} CI)`,
      'Odds ratio',
    ],
    rows: leaveOneOut.map(({ without, summary }) =>
      summary === null
        ? [without, noNumber, noNumber, noNumber]
        : [
            without,
            withInterval(summary.sensitivity),
            withInterval(summary.specificity),
            significant(summary.diagnosticOddsRatio.value),
          ],
    ),
    notes: leaveOneOut.flatMap(({ without, reason }) =>
      reason === null ? [] : [`Without ${without}: ${reason}`],
    ),
  };
}

function regressionTables({ metaRegression, level }: MetaAnalysis): Table[] {
  if (metaRegression === null) return [];
  const { covariate, coefficients, tests, likelihoodRatio, predictions, method, warnings } = metaRegression;
  const test = (name: string, { chiSquare, degrees, p }: typeof tests.either) =>
    `${name}: chi-square ${decimals(chiSquare, 2)}, ${degrees} df, P ${pValue(p)}.`;
  return [
    {
      title: `Meta-regression on ${covariate} (${methodNames[method]})`,
      head: ['Outcome', 'Term', `Coefficient (${percent(level)} CI)`, 'SE', 'P'],
      rows: coefficients.map(({ outcome, term, estimate, standardError, p }) => [
        outcome,
        term,
        withInterval(estimate),
        decimals(standardError),
        pValue(p),
      ]),
      notes: [
        test('Wald test, sensitivity', tests.sensitivity),
        test('Wald test, false positive rate', tests.falsePositiveRate),
        test('Wald test, either', tests.either),
        ...(likelihoodRatio === null ? [] : [test('Likelihood-ratio test, either', likelihoodRatio)]),
        ...warnings,
      ],
    },
    {
      title: `Sensitivity and specificity by ${covariate}`,
      head: [
        covariate,
        'Studies',
        `Sensitivity (${percent(level)} CI)`,
        `Specificity (${percent(level)} CI)`,
      ],
      rows: predictions.map(({ at, studies, point }) => [
        at,
        studies === null ? noNumber : String(studies),
        withInterval(point.sensitivity),
        withInterval(point.specificity),
      ]),
      notes: [],
    },
  ];
}

function deeksTable({ deeks, level }: MetaAnalysis): Table | null {
  if (deeks === null) return null;
  return {
    title: "Small-study effects (Deeks' funnel plot asymmetry)",
    head: [`Slope (${percent(level)} CI)`, 't', 'df', 'P'],
    rows: [
      [
        withInterval(deeks.slope, (x) => decimals(x, 2)),
        decimals(deeks.t, 2),
        String(deeks.degrees),
        pValue(deeks.p),
      ],
    ],
    notes: ['Log odds ratio on 1 / sqrt(effective sample size); the authors judge P < 0.10.'],
  };
}

/** A meta-analysis as tables, in the order in which a paper would show them. */
export function metaAnalysisTables(result: MetaAnalysis): Table[] {
  return [
    studiesTable(result),
    summaryTable(result),
    followingTable(result),
    heterogeneityTable(result),
    oddsRatioTable(result),
    ...regressionTables(result),
    deeksTable(result),
    leaveOneOutTable(result),
  ].filter((table) => table !== null);
}
