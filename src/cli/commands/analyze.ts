import { Command, InvalidArgumentError } from 'commander';
import { LucencyError } from '../../core/errors.js';
import { decodedBudget } from '../../image/decoded-budget.js';
import { findInputs } from '../../image/inputs.js';
import type { ReaderOptions } from '../../radiograph/open-reader.js';
import { type AnalyzeOptions, runAnalysis } from '../run-analysis.js';

interface Flags {
  json?: boolean;
  out?: string;
  dicomOut?: string;
  allCandidates?: boolean;
  explain?: boolean;
  networks?: string[];
  models?: string;
  threads?: number;
  force?: boolean;
  resume?: boolean;
  studies?: boolean;
  pictures: boolean;
  quiet?: boolean;
  decodedMegabytes: number;
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
}

async function countInputs(paths: readonly string[]): Promise<number> {
  let count = 0;
  for await (const _ of findInputs(paths)) count++;
  return count;
}

function readerOptions(flags: Flags): ReaderOptions {
  return {
    ...(flags.models === undefined ? {} : { models: flags.models }),
    ...(flags.threads === undefined ? {} : { threads: flags.threads }),
    ...(flags.networks === undefined ? {} : { networks: flags.networks }),
    allCandidates: flags.allCandidates ?? false,
    explain: flags.explain ?? false,
  };
}

/** `lucency analyze PATH...`: reads radiographs, chest CT and PET/CT and says, for each, what was found. */
export function analyzeCommand(): Command {
  return new Command('analyze')
    .description(
      'read radiographs, rib fractures on chest CT and infection on PET/CT: what, where, how sure, why',
    )
    .argument('[path...]', 'files, folders, DICOMDIRs or zip archives')
    .option('--json', 'print one JSON object per image or volume and nothing else')
    .option('--out <folder>', 'write readings, pictures and an HTML report there')
    .option(
      '--dicom-out <folder>',
      'write results as DICOM objects there: SR, presentation state, secondary capture',
    )
    .option(
      '--decoded-megabytes <number>',
      'most memory that decoded pixels may take at once, all inputs in flight together',
      positiveInteger,
      1024,
    )
    .option('--all-candidates', 'also list what the networks proposed below the doubtful threshold')
    .option('--explain', 'compute heat maps (shown in the report, written with --out)')
    .option('--networks <ids>', 'use only these networks, separated by commas', (ids: string) =>
      ids.split(','),
    )
    .option('--models <folder>', 'folder of models')
    .option('--threads <number>', 'cores that the networks may use (default: all)', positiveInteger)
    .option('--studies', 'with --json: after the readings, one object per study')
    .option('--no-pictures', 'with --out: write readings only')
    .option('--resume', 'with --out: go on with a run that was stopped')
    .option('--force', 'with --out: replace an earlier run')
    .option('--quiet', 'no progress on standard error')
    .action(async (paths: string[], flags: Flags) => {
      decodedBudget().limit = flags.decodedMegabytes * 2 ** 20;
      if (paths.length === 0) throw new LucencyError('LUC_USAGE_NO_INPUT');
      if (flags.out === undefined && (flags.resume || flags.force)) {
        throw new LucencyError('LUC_USAGE_INVALID', { reason: '--resume and --force need --out.' });
      }
      const shownProgress = !flags.quiet && process.stderr.isTTY === true;
      const options: AnalyzeOptions = {
        reader: readerOptions(flags),
        format: flags.json ? 'json' : 'text',
        studies: flags.studies ?? false,
        output:
          flags.out === undefined
            ? null
            : {
                folder: flags.out,
                force: flags.force ?? false,
                resume: flags.resume ?? false,
                pictures: flags.pictures,
              },
        dicomOut: flags.dicomOut ?? null,
        // Counting walks every folder once more; only a bar needs it.
        total: shownProgress ? await countInputs(paths) : 0,
        progress: shownProgress,
      };
      process.exitCode = await runAnalysis(paths, options);
    });
}
