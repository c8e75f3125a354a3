import { Command, Option } from 'commander';
import type { ProportionMethod } from '../../evaluation/power/interval-methods.js';
import { sampleSize } from '../../evaluation/power/sample-size.js';
import { sampleSizeTable } from '../../report/power/sample-size-table.js';
import { tableMarkdown } from '../../report/tables/table.js';
import { anyNumber, fraction } from '../number-options.js';
import { printResult, type ResultFlags } from '../print-result.js';

interface Flags extends ResultFlags {
  measure: 'sensitivity' | 'specificity';
  expected: number;
  atLeast?: number;
  within?: number;
  interval: ProportionMethod;
  level: number;
  power: number;
  clusterSize: number;
  icc: number;
  clusterVariation: number;
  prevalence?: number;
}

/** `lucency sample-size`: how many cases a site needs to show an accuracy. */
export function sampleSizeCommand(): Command {
  return new Command('sample-size')
    .description('how many cases a site needs to show sensitivity above x, or to know it within y')
    .requiredOption(
      '--expected <proportion>',
      'the sensitivity (or specificity) that is thought true',
      fraction,
    )
    .option('--at-least <proportion>', 'the interval is to lie wholly above this', fraction)
    .option('--within <half-width>', 'the interval is to be no wider than plus or minus this', fraction)
    .addOption(new Option('--measure <name>').choices(['sensitivity', 'specificity']).default('sensitivity'))
    .addOption(
      new Option('--interval <method>', 'interval that will be reported')
        .choices(['wilson', 'clopper-pearson', 'normal'])
        .default('wilson'),
    )
    .option('--power <proportion>', 'chance of meeting each aim', fraction, 0.8)
    .option('--level <number>', 'confidence level, two-sided', fraction, 0.95)
    .option('--cluster-size <number>', 'cases per patient, on average', anyNumber, 1)
    .option('--icc <number>', 'intracluster correlation of cases of one patient', anyNumber, 0)
    .option('--cluster-variation <number>', 'coefficient of variation of the cases per patient', anyNumber, 0)
    .option('--prevalence <proportion>', 'share of diseased cases, for the number of all cases', fraction)
    .option('--json', 'print one JSON document and nothing else')
    .option('--out <folder>', 'write the numbers and the table there')
    .option('--force', 'with --out: replace earlier results')
    .action(async (flags: Flags) => {
      const plan = sampleSize({
        measure: flags.measure,
        expected: flags.expected,
        interval: flags.interval,
        level: flags.level,
        power: flags.power,
        clusterSize: flags.clusterSize,
        icc: flags.icc,
        clusterSizeVariation: flags.clusterVariation,
        ...(flags.atLeast === undefined ? {} : { atLeast: flags.atLeast }),
        ...(flags.within === undefined ? {} : { within: flags.within }),
        ...(flags.prevalence === undefined ? {} : { prevalence: flags.prevalence }),
      });
      const table = sampleSizeTable(plan);
      const files = async () => ({
        'sample-size.json': `${JSON.stringify(plan, null, 2)}\n`,
        'sample-size.md': tableMarkdown(table),
      });
      await printResult({ document: plan, tables: [table], warnings: [], files }, flags);
    });
}
