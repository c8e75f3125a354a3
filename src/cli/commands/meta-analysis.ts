import { Command, Option } from 'commander';
import { readCsv } from '../../evaluation/csv-table.js';
import type { BivariateMethod } from '../../evaluation/meta-analysis/bivariate-fit.js';
import type { CorrectionRule } from '../../evaluation/meta-analysis/continuity-correction.js';
import { defaultQuadraturePoints, metaAnalysis } from '../../evaluation/meta-analysis/meta-analysis.js';
import { studiesFromTable } from '../../evaluation/meta-analysis/study-table.js';
import { metaAnalysisFiles } from '../../report/meta-analysis/meta-analysis-files.js';
import { metaAnalysisTables } from '../../report/meta-analysis/tables.js';
import { anyNumber, fraction, wholeNumber } from '../number-options.js';
import { printResult, type ResultFlags } from '../print-result.js';

interface Flags extends ResultFlags {
  method: BivariateMethod;
  quadraturePoints: number;
  correction: CorrectionRule;
  correctionAmount: number;
  covariate?: string;
  level: number;
}

/** `lucency meta-analysis studies.csv`: pools diagnostic accuracy studies. */
export function metaAnalysisCommand(): Command {
  return new Command('meta-analysis')
    .description('pool diagnostic accuracy studies (columns study, TP, FN, FP, TN and any covariates)')
    .argument('<studies.csv>', 'one row per study')
    .addOption(
      new Option('--method <name>', 'model of the summary and all that follows; the others stand beside it')
        .choices(['reml', 'ml', 'glmm-laplace', 'glmm-quadrature'])
        .default('reml'),
    )
    .option(
      '--quadrature-points <number>',
      'Gauss-Hermite points per dimension of glmm-quadrature',
      wholeNumber(2),
      defaultQuadraturePoints,
    )
    .addOption(
      new Option(
        '--correction <rule>',
        'continuity correction: all studies if any cell is zero, single ones, always, none',
      )
        .choices(['all', 'single', 'always', 'none'])
        .default('all'),
    )
    .option('--correction-amount <number>', 'added to each cell', anyNumber, 0.5)
    .option('--covariate <column>', 'meta-regression on this column (numbers or group names)')
    .option('--level <number>', 'confidence level', fraction, 0.95)
    .option('--json', 'print one JSON document and nothing else')
    .option('--out <folder>', 'write numbers, tables and plots there')
    .option('--force', 'with --out: replace earlier results')
    .action(async (file: string, flags: Flags) => {
      const table = studiesFromTable(await readCsv(file));
      const result = metaAnalysis(table, {
        method: flags.method,
        quadraturePoints: flags.quadraturePoints,
        correction: { rule: flags.correction, amount: flags.correctionAmount },
        level: flags.level,
        ...(flags.covariate === undefined ? {} : { covariate: flags.covariate }),
      });
      const { warnings } = result;
      const tables = metaAnalysisTables(result);
      await printResult(
        { document: result, tables, warnings, files: () => metaAnalysisFiles(result) },
        flags,
      );
    });
}
