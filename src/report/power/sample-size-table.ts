import type { SampleSize } from '../../evaluation/power/sample-size.schema.js';
import { decimals, percent } from '../tables/numbers.js';
import type { Table } from '../tables/table.js';

const intervalNames: Readonly<Record<SampleSize['interval'], string>> = {
  wilson: 'Wilson',
  'clopper-pearson': 'Clopper-Pearson',
  normal: 'normal',
};

/** A sample size plan, line by line, as it can be quoted in a protocol. */
export function sampleSizeTable(plan: SampleSize): Table {
  const { measure, expected, show, precision, clusters, total, level, power } = plan;
  const kind = measure === 'sensitivity' ? 'diseased' : 'non-diseased';
  const share = (value: number) => percent(value, 1);
  const rows: string[][] = [];
  if (show !== null) {
    const aim = `To show ${measure} above ${share(show.atLeast)}`;
    rows.push([
      `${aim} (needs ${show.successesNeeded} of ${show.cases} right; power ${decimals(show.power)})`,
      String(show.cases),
    ]);
  }
  if (precision !== null) {
    const width = `\u00b1${share(precision.within)}`;
    rows.push([
      `To know it within ${width} with chance ${decimals(precision.chance)}`,
      String(precision.cases),
    ]);
    rows.push([
      `To know it within ${width} if it is found exactly as expected`,
      String(precision.casesAtExpected),
    ]);
  }
  rows.push([`Independent ${kind} cases needed`, String(plan.independentCases)]);
  if (plan.designEffect > 1) {
    rows.push([`Design effect ${decimals(plan.designEffect)}: ${kind} cases needed`, String(plan.cases)]);
    if (clusters.count !== null)
      rows.push([`Patients, at ${clusters.size} such cases each`, String(clusters.count)]);
  }
  if (total !== null) {
    rows.push([
      `All cases to collect at prevalence ${share(total.prevalence)}, on average`,
      String(total.expected),
    ]);
    rows.push([`All cases to collect, to have enough with chance ${power}`, String(total.assured)]);
  }
  return {
    title: `Cases needed: ${measure}, expected ${share(expected)}`,
    head: ['Aim', 'Cases'],
    rows,
    notes: [
      `Two-sided ${percent(level)} ${intervalNames[plan.interval]} interval; chance of meeting each aim at least ${power}; exact binomial.`,
      ...(clusters.icc === 0
        ? ['Cases are taken as independent; several images of one patient are not (--cluster-size, --icc).']
        : [
            `Intracluster correlation ${clusters.icc}, coefficient of variation of cluster sizes ${clusters.sizeVariation}.`,
          ]),
    ],
  };
}
