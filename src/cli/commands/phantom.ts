import { Command, Option } from 'commander';
import { LucencyError } from '../../core/errors.js';
import { printableJson } from '../../core/printable.js';
import { type AnatomyName, anatomyNames } from '../../phantom/anatomy/anatomies.js';
import { writePhantoms } from '../../phantom/output/write-phantoms.js';
import { interruptedExitCode, onInterrupt } from '../interrupt.js';
import { startProgress } from '../progress.js';
import { toStdout } from '../terminal.js';
import { phantomInfectionCommand } from './phantom-infection.js';
import { phantomRibsCommand } from './phantom-ribs.js';

interface Flags {
  out: string;
  count: string;
  seed: string;
  format: 'dicom' | 'png';
  anatomy?: string[];
  fractures: string;
  size?: string;
  force?: boolean;
  json?: boolean;
}

function numberIn(name: string, text: string, low: number, high: number, whole: boolean): number {
  const value = Number(text);
  if (!(value >= low && value <= high) || (whole && !Number.isInteger(value))) {
    const kind = whole ? 'a whole number' : 'a number';
    throw new LucencyError('LUC_USAGE_INVALID', {
      reason: `--${name} must be ${kind} from ${low} to ${high}.`,
    });
  }
  return value;
}

function isAnatomy(name: string): name is AnatomyName {
  return (anatomyNames as readonly string[]).includes(name);
}

function anatomiesOf(names: readonly string[]): AnatomyName[] {
  const unknown = names.find((name) => !isAnatomy(name));
  if (unknown !== undefined) {
    const reason = `There is no anatomy ${unknown}; choose of ${anatomyNames.join(', ')}.`;
    throw new LucencyError('LUC_USAGE_INVALID', { reason });
  }
  return names.filter(isAnatomy);
}

async function run(flags: Flags): Promise<void> {
  const count = numberIn('count', flags.count, 1, 1_000_000, true);
  const seed = numberIn('seed', flags.seed, 0, 2 ** 31, true);
  const fractures = numberIn('fractures', flags.fractures, 0, 1, false);
  const size = flags.size === undefined ? undefined : numberIn('size', flags.size, 64, 4096, true);
  const progress = startProgress(count, true);
  const interrupt = onInterrupt(() => progress.note('Stopping after this image.'));
  try {
    const written = await writePhantoms(flags.out, {
      count,
      seed,
      fractures,
      format: flags.format,
      ...(flags.anatomy === undefined ? {} : { anatomies: anatomiesOf(flags.anatomy) }),
      ...(size === undefined ? {} : { size }),
      force: flags.force ?? false,
      signal: interrupt.signal,
      onProgress: (_, fileName) => progress.step(fileName),
    });
    progress.stop();
    const fractured = written.filter((phantom) => phantom.fractures.length > 0).length;
    toStdout(
      flags.json
        ? `${printableJson({ schema: 'lucency.phantoms/1', out: flags.out, images: written })}\n`
        : `${written.length} simulated radiographs (${fractured} with a fracture) in ${flags.out}\n`,
    );
    if (interrupt.signal.aborted) process.exitCode = interruptedExitCode;
  } finally {
    progress.stop();
    interrupt.release();
  }
}

/** `lucency phantom`: simulated radiographs, chest CT and PET/CT with exact truth. */
export function phantomCommand(): Command {
  const radiograph = new Command('radiograph')
    .description('simulated radiographs of limbs, with and without fractures, with exact truth')
    .requiredOption('--out <folder>', 'folder that receives images, coco.json and images.csv')
    .option('--count <number>', 'images to make', '10')
    .option('--seed <number>', 'seed of the first image; the same seed gives the same bytes', '1')
    .addOption(new Option('--format <format>', 'file format').choices(['dicom', 'png']).default('dicom'))
    .option('--anatomy <names>', `of ${anatomyNames.join(', ')}`, (names: string) => names.split(','))
    .option('--fractures <share>', 'share of images with a fracture', '0.5')
    .option('--size <pixels>', 'longest side of the image')
    .option('--force', 'replace phantoms that are there')
    .option('--json', 'print what was written, with its truth, as one JSON document')
    .action(run);
  return new Command('phantom')
    .description('make simulated images with exact truth')
    .addCommand(radiograph)
    .addCommand(phantomRibsCommand())
    .addCommand(phantomInfectionCommand());
}
