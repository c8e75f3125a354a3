import { Command, CommanderError } from 'commander';
import { LucencyError } from '../core/errors.js';
import { packageVersion } from '../models/package-version.js';
import { endOfPipe } from './interrupt.js';
import { toStderr, toStdout } from './terminal.js';

interface CommandEntry {
  readonly summary: string;
  load(): Promise<Command>;
}

/** Every command, loaded only when it is called: a start must not pay for libraries that it does not use. */
const commands: Readonly<Record<string, CommandEntry>> = {
  analyze: {
    summary: 'read radiographs, chest CT and PET/CT: what, where, how sure, why',
    load: async () => (await import('./commands/analyze.js')).analyzeCommand(),
  },
  send: {
    summary: 'send DICOM objects to a DICOM node or to DICOMweb',
    load: async () => (await import('./commands/send.js')).sendCommand(),
  },
  fetch: {
    summary: 'fetch studies from an archive',
    load: async () => (await import('./commands/fetch.js')).fetchCommand(),
  },
  receive: {
    summary: 'take DICOM objects over the network, safely on disk before they are confirmed',
    load: async () => (await import('./commands/receive.js')).receiveCommand(),
  },
  'given-up': {
    summary: 'list received studies whose reading was given up, or have them tried again',
    load: async () => (await import('./commands/given-up.js')).givenUpCommand(),
  },
  marks: {
    summary: 'read the findings of DICOM structured reports, for evaluation',
    load: async () => (await import('./commands/marks.js')).marksCommand(),
  },
  deidentify: {
    summary: 'copy DICOM files without who the patient is (PS3.15 basic profile)',
    load: async () => (await import('./commands/deidentify.js')).deidentifyCommand(),
  },
  models: {
    summary: 'list the models with their facts, or check their sums',
    load: async () => (await import('./commands/models.js')).modelsCommand(),
  },
  phantom: {
    summary: 'make simulated images with exact truth',
    load: async () => (await import('./commands/phantom.js')).phantomCommand(),
  },
  evaluate: {
    summary: 'measure predictions against truth, every figure with its interval',
    load: async () => (await import('./commands/evaluate.js')).evaluateCommand(),
  },
  compare: {
    summary: 'compare readers or modalities over the same cases (MRMC)',
    load: async () => (await import('./commands/compare.js')).compareCommand(),
  },
  'meta-analysis': {
    summary: 'pool diagnostic accuracy studies',
    load: async () => (await import('./commands/meta-analysis.js')).metaAnalysisCommand(),
  },
  'sample-size': {
    summary: 'how many cases a site needs to show an accuracy',
    load: async () => (await import('./commands/sample-size.js')).sampleSizeCommand(),
  },
  report: {
    summary: 'lay out an evaluation by CLAIM and STARD-AI as HTML and PDF',
    load: async () => (await import('./commands/report.js')).reportCommand(),
  },
  ask: {
    summary: 'answer a question about AI and fractures from the literature',
    load: async () => (await import('./commands/ask.js')).askCommand(),
  },
  answers: {
    summary: 'build or check the pages of answers',
    load: async () => (await import('./commands/answers.js')).answersCommand(),
  },
};

/** Errors are thrown to `main`, which alone decides on exit codes. */
function throwing(command: Command): Command {
  command.exitOverride();
  command.configureOutput({ writeOut: (text) => void toStdout(text), writeErr: toStderr });
  for (const child of command.commands) throwing(child);
  return command;
}

async function program(argv: readonly string[]): Promise<Command> {
  const root = new Command('lucency')
    .description(
      'Finds, types, locates and explains bone fractures. Decision support and research; not a medical device.',
    )
    .version(packageVersion())
    .showHelpAfterError('(add --help to see what is possible)');
  const called = argv.find((argument) => !argument.startsWith('-'));
  for (const [name, entry] of Object.entries(commands)) {
    root.addCommand(name === called ? await entry.load() : new Command(name).description(entry.summary));
  }
  return throwing(root);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof LucencyError) {
    toStderr(`${error.toLine()}\n`);
    return error.kind === 'usage' ? 2 : 1;
  }
  throw error;
}

/**
 * The command line.
 * @param argv arguments without node and script
 * @returns exit code: 0 all done, 1 some inputs could not be read or the work failed, 2 wrong usage
 */
export async function main(argv: readonly string[]): Promise<number> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    endOfPipe();
  });
  try {
    await (await program(argv)).parseAsync(['node', 'lucency', ...argv]);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return exitCodeOf(error);
  }
}
