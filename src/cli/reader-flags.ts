import type { Command } from 'commander';
import type { ReadersOptions } from '../reading/readers.js';
import { wholeNumber } from './number-options.js';

/** What every command that reads images can be told of its readers. */
export interface ReaderFlags {
  allCandidates?: boolean;
  explain?: boolean;
  networks?: string[];
  models?: string;
  threads?: number;
  imageTimeLimit?: number;
  studyTimeLimit?: number;
}

/** @param when for the help, such as "with --analyze: "; empty where the command always reads */
export function addReaderFlags(command: Command, when = ''): Command {
  return command
    .option('--all-candidates', `${when}also list what the networks proposed below the doubtful threshold`)
    .option('--explain', `${when}compute heat maps (shown in the report, written with results)`)
    .option('--networks <ids>', `${when}use only these networks, separated by commas`, (ids: string) =>
      ids.split(','),
    )
    .option('--models <folder>', `${when}folder of models`)
    .option('--threads <number>', `${when}cores that the networks may use (default: all)`, wholeNumber(1))
    .option(
      '--image-time-limit <seconds>',
      `${when}longest that one image may take to decode (default: 60)`,
      wholeNumber(1),
    )
    .option(
      '--study-time-limit <seconds>',
      `${when}longest that one volume, or all frames of one file, may take (default: 1800)`,
      wholeNumber(1),
    );
}

export function readersOptions(flags: ReaderFlags): ReadersOptions {
  const { models, threads, networks, imageTimeLimit, studyTimeLimit } = flags;
  return {
    ...(models === undefined ? {} : { models }),
    ...(threads === undefined ? {} : { threads }),
    ...(networks === undefined ? {} : { networks }),
    ...(imageTimeLimit === undefined ? {} : { imageTimeLimitSeconds: imageTimeLimit }),
    ...(studyTimeLimit === undefined ? {} : { studyTimeLimitSeconds: studyTimeLimit }),
    allCandidates: flags.allCandidates ?? false,
    explain: flags.explain ?? false,
  };
}
