import { Command, Option } from 'commander';
import { printableJson } from '../../core/printable.js';
import { type ScannerFamily, scannerFamilies } from '../../phantom/infection/scanner.js';
import { writeLimbs } from '../../phantom/output/write-limbs.js';
import { interruptedExitCode, onInterrupt } from '../interrupt.js';
import { share, wholeNumber } from '../number-options.js';
import { startProgress } from '../progress.js';
import { toStdout } from '../terminal.js';

interface Flags {
  out: string;
  count: number;
  seed: number;
  infected: number;
  scanners: ScannerFamily;
  backgrounds?: string[];
  force?: boolean;
  json?: boolean;
}

async function run(flags: Flags): Promise<void> {
  const progress = startProgress(flags.count, true);
  const interrupt = onInterrupt(() => progress.note('Stopping within this limb.'));
  try {
    const written = await writeLimbs(flags.out, {
      count: flags.count,
      seed: flags.seed,
      infected: flags.infected,
      scanners: flags.scanners,
      ...(flags.backgrounds === undefined ? {} : { backgrounds: flags.backgrounds }),
      force: flags.force ?? false,
      signal: interrupt.signal,
      onProgress: (_, folder) => progress.step(folder),
    });
    progress.stop();
    const ill = written.filter((limb) => limb.infected).length;
    toStdout(
      flags.json
        ? `${printableJson({ schema: 'lucency.phantoms/1', out: flags.out, limbs: written })}\n`
        : `${written.length} simulated PET/CT of limbs (${ill} infected) in ${flags.out}\n`,
    );
    if (interrupt.signal.aborted) process.exitCode = interruptedExitCode;
  } finally {
    progress.stop();
    interrupt.release();
  }
}

/** `lucency phantom infection`: simulated PET/CT of fractures, infected and healing, with exact truth. */
export function phantomInfectionCommand(): Command {
  return new Command('infection')
    .description('simulated FDG PET/CT of fractured limbs, infected and healing, with exact truth')
    .requiredOption('--out <folder>', 'folder that receives limb-<seed>/CT, limb-<seed>/PT and truth.json')
    .option('--count <number>', 'limbs to make', wholeNumber(1), 4)
    .option(
      '--seed <number>',
      'seed of the first limb; the same seed gives the same bytes',
      wholeNumber(0),
      1,
    )
    .option('--infected <share>', 'share of limbs that are infected', share, 0.5)
    .addOption(
      new Option('--scanners <family>', 'scanners that the network learned on, or others')
        .choices([...scannerFamilies])
        .default('held-out'),
    )
    .option(
      '--backgrounds <folders>',
      'real PET/CT of limbs to implant into, separated by commas',
      (list: string) => list.split(','),
    )
    .option('--force', 'replace phantoms that are there')
    .option('--json', 'print what was written, with its truth, as one JSON document')
    .action(run);
}
