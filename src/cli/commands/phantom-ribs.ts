import { Command, Option } from 'commander';
import { printableJson } from '../../core/printable.js';
import { writeChests } from '../../phantom/output/write-chests.js';
import type { ScannerGroup } from '../../phantom/scanner/ct-settings.js';
import { interruptedExitCode, onInterrupt } from '../interrupt.js';
import { numberBetween, wholeNumber } from '../number-options.js';
import { startProgress } from '../progress.js';
import { toStdout } from '../terminal.js';

interface Flags {
  out: string;
  count: number;
  seed: number;
  fractures?: number;
  scanner: ScannerGroup;
  matrix: number;
  slice?: number;
  force?: boolean;
  json?: boolean;
}

async function run(flags: Flags): Promise<void> {
  const progress = startProgress(flags.count, true);
  const interrupt = onInterrupt(() => progress.note('Stopping within this chest.'));
  try {
    const written = await writeChests(flags.out, {
      count: flags.count,
      seed: flags.seed,
      scanner: flags.scanner,
      matrix: flags.matrix,
      ...(flags.fractures === undefined ? {} : { fractures: flags.fractures }),
      ...(flags.slice === undefined ? {} : { sliceMm: flags.slice }),
      force: flags.force ?? false,
      signal: interrupt.signal,
      onProgress: (_, folder) => progress.step(folder),
    });
    progress.stop();
    const fractures = written.reduce((sum, chest) => sum + chest.fractures.length, 0);
    toStdout(
      flags.json
        ? `${printableJson({ schema: 'lucency.phantoms/1', out: flags.out, chests: written })}\n`
        : `${written.length} simulated chest CT (${fractures} rib fractures) in ${flags.out}\n`,
    );
    if (interrupt.signal.aborted) process.exitCode = interruptedExitCode;
  } finally {
    progress.stop();
    interrupt.release();
  }
}

/** `lucency phantom ribs`: simulated chest CT with rib fractures and exact truth. */
export function phantomRibsCommand(): Command {
  return new Command('ribs')
    .description('simulated chest CT with fresh and old rib fractures, with exact truth')
    .requiredOption(
      '--out <folder>',
      'folder that receives chest-<seed>/ (one DICOM series each) and truth.json',
    )
    .option('--count <number>', 'chests to make', wholeNumber(1), 2)
    .option(
      '--seed <number>',
      'seed of the first chest; the same seed gives the same bytes',
      wholeNumber(0),
      1,
    )
    .option('--fractures <number>', 'breaks per chest; drawn by default, none in one of five', wholeNumber(0))
    .addOption(
      new Option('--scanner <group>', 'scanner settings that the network learned on, or others')
        .choices(['training', 'test'])
        .default('test'),
    )
    .option('--matrix <pixels>', 'columns of the image', wholeNumber(64), 512)
    .option('--slice <mm>', 'slice thickness, 0.6 to 5 mm; drawn by default', numberBetween(0.6, 5))
    .option('--force', 'replace phantoms that are there')
    .option('--json', 'print what was written, with its truth, as one JSON document')
    .action(run);
}
