import { Command } from 'commander';
import { LucencyError } from '../../core/errors.js';
import { type GivenUpStudy, listGivenUp, requestRetry } from '../../service/receiving/retry-requests.js';
import { outJson, toStderr, toStdout } from '../terminal.js';

interface Flags {
  retry?: string[];
  retryAll?: boolean;
  json?: boolean;
}

function line({ study, files, at, tries }: GivenUpStudy): string {
  return `${study}  ${files.length} file(s)  ${tries} tries  given up ${at}`;
}

async function retry(
  folder: string,
  given: readonly GivenUpStudy[],
  wanted: readonly string[],
): Promise<void> {
  const known = new Set(given.map(({ study }) => study));
  for (const study of wanted) {
    if (known.has(study)) continue;
    const reason = `${study} is no study of ${folder} that was given up.`;
    throw new LucencyError('LUC_USAGE_INVALID', { reason });
  }
  for (const study of wanted) {
    await requestRetry(folder, study);
    toStderr(`${study}: asked for; a node that runs on the folder begins within seconds\n`);
  }
}

/** `lucency given-up FOLDER`: received studies that were given up, and another try for them. */
export function givenUpCommand(): Command {
  return new Command('given-up')
    .description('list received studies whose reading was given up, or have them tried again')
    .argument('<folder>', 'the --out folder of lucency receive')
    .option('--retry <studies...>', 'Study Instance UIDs to try again')
    .option('--retry-all', 'try all of them again')
    .option('--json', 'print one JSON object per study and nothing else')
    .action(async (folder: string, flags: Flags) => {
      const given = await listGivenUp(folder);
      const all = flags.retryAll ? given.map(({ study }) => study) : [];
      const wanted = [...new Set([...all, ...(flags.retry ?? [])])];
      if (wanted.length > 0) {
        await retry(folder, given, wanted);
        return;
      }
      for (const study of given) {
        if (flags.json) outJson({ schema: 'lucency.given-up/1', ...study });
        else toStdout(`${line(study)}\n`);
      }
    });
}
