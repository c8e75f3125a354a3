import { Command } from 'commander';
import { LucencyError } from '../../core/errors.js';
import { decodedBudget } from '../../image/decoded-budget.js';
import { findInputs } from '../../image/inputs.js';
import { wholeNumber } from '../number-options.js';
import { addReaderFlags, type ReaderFlags, readersOptions } from '../reader-flags.js';
import { type AnalyzeOptions, runAnalysis } from '../run-analysis.js';

interface Flags extends ReaderFlags {
  json?: boolean;
  out?: string;
  dicomOut?: string;
  force?: boolean;
  resume?: boolean;
  studies?: boolean;
  foldersAreStudies?: boolean;
  pictures: boolean;
  quiet?: boolean;
  decodedMegabytes: number;
}

async function countInputs(paths: readonly string[]): Promise<number> {
  let count = 0;
  for await (const _ of findInputs(paths)) count++;
  return count;
}

/** `lucency analyze PATH...`: reads radiographs, chest CT and PET/CT and says, for each, what was found. */
export function analyzeCommand(): Command {
  const command = new Command('analyze')
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
      wholeNumber(1),
      1024,
    );
  return addReaderFlags(command)
    .option('--studies', 'with --json: after the readings, one object per study')
    .option(
      '--folders-are-studies',
      'pictures of one folder are views of one patient; else each picture is a study of its own',
    )
    .option('--no-pictures', 'with --out: write readings only')
    .option('--resume', 'with --out: go on with a run that was stopped')
    .option('--force', 'with --out: replace an earlier run')
    .option('--quiet', 'print readings and errors, nothing else')
    .action(async (paths: string[], flags: Flags) => {
      decodedBudget().limit = flags.decodedMegabytes * 2 ** 20;
      if (paths.length === 0) throw new LucencyError('LUC_USAGE_NO_INPUT');
      if (flags.out === undefined && (flags.resume || flags.force)) {
        throw new LucencyError('LUC_USAGE_INVALID', { reason: '--resume and --force need --out.' });
      }
      const shownProgress = !flags.quiet && process.stderr.isTTY === true;
      const options: AnalyzeOptions = {
        reader: readersOptions(flags),
        format: flags.json ? 'json' : 'text',
        studies: flags.studies ?? false,
        folderStudies: flags.foldersAreStudies ?? false,
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
        quiet: flags.quiet ?? false,
      };
      process.exitCode = await runAnalysis(paths, options);
    });
}
