import { Command, InvalidArgumentError, Option } from 'commander';
import { LucencyError } from '../../core/errors.js';
import { readCsv } from '../../evaluation/csv-table.js';
import type { CovarianceMethod } from '../../evaluation/readers/case-covariance.js';
import { type CompareOptions, compareReaders } from '../../evaluation/readers/compare-readers.js';
import type { Measure } from '../../evaluation/readers/figure-of-merit.js';
import type { Scope } from '../../evaluation/readers/inference.js';
import { measureSchema } from '../../evaluation/readers/readers.schema.js';
import { readerStudyFromTable } from '../../evaluation/readers/reading-table.js';
import { readersFiles } from '../../report/readers/readers-files.js';
import { readerTables } from '../../report/readers/tables.js';
import { anyNumber, fraction, wholeNumber } from '../number-options.js';
import { printResult, type ResultFlags } from '../print-result.js';

interface Flags extends ResultFlags {
  measures?: Measure[];
  readers?: 'random' | 'fixed';
  cases: 'random' | 'fixed';
  covariance: CovarianceMethod;
  threshold?: number;
  reference?: string;
  margin?: number;
  level: number;
  timeSlopes?: boolean;
  replicates: number;
  seed: number;
}

function measureList(text: string): Measure[] {
  return text.split(',').map((name) => {
    const known = measureSchema.safeParse(name.trim());
    if (!known.success) throw new InvalidArgumentError(`Choose among ${measureSchema.options.join(', ')}.`);
    return known.data;
  });
}

function scopeOf({ readers, cases }: Flags): Scope | undefined {
  if (readers === 'fixed' && cases === 'fixed') {
    throw new LucencyError('LUC_USAGE_INVALID', {
      reason: 'Readers and cases cannot both be fixed: nothing would vary.',
    });
  }
  if (readers === 'fixed') return 'fixed-readers-random-cases';
  if (cases === 'fixed') return 'random-readers-fixed-cases';
  return readers === 'random' ? 'random-readers-random-cases' : undefined;
}

function optionsOf(flags: Flags): CompareOptions {
  const scope = scopeOf(flags);
  return {
    covariance: flags.covariance,
    level: flags.level,
    replicates: flags.replicates,
    seed: flags.seed,
    timeSlopes: flags.timeSlopes ?? false,
    ...(scope === undefined ? {} : { scope }),
    ...(flags.measures === undefined ? {} : { measures: flags.measures }),
    ...(flags.threshold === undefined ? {} : { threshold: flags.threshold }),
    ...(flags.reference === undefined ? {} : { reference: flags.reference }),
    ...(flags.margin === undefined ? {} : { margin: flags.margin }),
  };
}

/** `lucency compare readers.csv`: multi-reader multi-case comparison. */
export function compareCommand(): Command {
  return new Command('compare')
    .description(
      'compare readers or modalities over the same cases (columns reader, modality, case, truth, score, ...)',
    )
    .argument('<readers.csv>', 'one row per reading, or per mark of a free-response study')
    .option(
      '--measures <names>',
      'auc, wafroc, sensitivity, specificity (default: all that the data allow)',
      measureList,
    )
    .addOption(
      new Option(
        '--readers <kind>',
        'results hold for readers like these, or for these only (default: random)',
      ).choices(['random', 'fixed']),
    )
    .addOption(
      new Option('--cases <kind>', 'likewise for cases').choices(['random', 'fixed']).default('random'),
    )
    .addOption(
      new Option('--covariance <method>', 'covariance over cases')
        .choices(['jackknife', 'delong'])
        .default('jackknife'),
    )
    .option('--threshold <score>', 'a case is called diseased at this score or above', anyNumber)
    .option('--reference <modality>', 'the modality that the others are compared with')
    .option('--margin <number>', 'non-inferiority margin, such as 0.05; needs --reference', fraction)
    .option('--level <number>', 'confidence level', fraction, 0.95)
    .option(
      '--time-slopes',
      'reading times: readers may profit differently (random effect of reader by modality)',
    )
    .option('--replicates <number>', 'bootstrap of reading times', wholeNumber(100), 2000)
    .option('--seed <number>', 'seed of the bootstrap', wholeNumber(0), 1)
    .option('--json', 'print one JSON document and nothing else')
    .option('--out <folder>', 'write numbers, tables and plots there')
    .option('--force', 'with --out: replace earlier results')
    .action(async (file: string, flags: Flags) => {
      const options = optionsOf(flags);
      const comparison = compareReaders(readerStudyFromTable(await readCsv(file)), options);
      const { warnings } = comparison;
      const tables = readerTables(comparison);
      await printResult(
        { document: comparison, tables, warnings, files: () => readersFiles(comparison) },
        flags,
      );
    });
}
