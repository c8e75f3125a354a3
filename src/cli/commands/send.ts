import { Command } from 'commander';
import { LucencyError } from '../../core/errors.js';
import { echo } from '../../dicom/network/scu/echo.js';
import { peerName } from '../../dicom/network/upper-layer/request.js';
import { authorizationVariable, destinationOf, remoteOf } from '../network-address.js';
import { aeTitle, type TlsFlags, tlsOf } from '../network-options.js';
import { wholeNumber } from '../number-options.js';
import { runSend } from '../run-send.js';
import { toStdout } from '../terminal.js';

interface Flags extends TlsFlags {
  to: string;
  aet: string;
  out?: string;
  echo?: boolean;
  retryMinutes: number;
  connectSeconds: number;
  idleSeconds: number;
  json?: boolean;
  quiet?: boolean;
}

async function run(paths: string[], flags: Flags): Promise<void> {
  const { connectSeconds, idleSeconds } = flags;
  const remote = remoteOf(flags.to, {
    aeTitle: flags.aet,
    tls: await tlsOf(flags),
    connectSeconds,
    idleSeconds,
  });
  try {
    if (flags.echo) {
      if (remote.kind !== 'dimse') {
        throw new LucencyError('LUC_USAGE_INVALID', { reason: '--echo needs --to AE@host:port.' });
      }
      await echo(remote.peer);
      toStdout(`${peerName(remote.peer)} is there and takes our association.\n`);
      return;
    }
    if (paths.length === 0) throw new LucencyError('LUC_USAGE_NO_INPUT');
    process.exitCode = await runSend(paths, {
      destination: destinationOf(remote),
      folder: flags.out ?? null,
      retrySeconds: flags.retryMinutes * 60,
      json: flags.json ?? false,
      quiet: flags.quiet ?? false,
    });
  } finally {
    if (remote.kind === 'web') remote.server.close();
  }
}

/** `lucency send PATH...`: sends DICOM objects to a node or to DICOMweb. */
export function sendCommand(): Command {
  return new Command('send')
    .description('send DICOM objects to a DICOM node (C-STORE) or to DICOMweb (STOW-RS), byte for byte')
    .argument('[path...]', 'DICOM files, or folders of them')
    .requiredOption('--to <address>', 'AE@host:port, or the http(s) address of DICOMweb services')
    .option('--aet <title>', 'our AE title', aeTitle, 'LUCENCY')
    .option('--echo', 'only ask whether the node is there and knows us (C-ECHO)')
    .option(
      '--out <folder>',
      'remember there what was sent, so that the same command goes on; keep there what was refused',
    )
    .option(
      '--retry-minutes <number>',
      'how long to try again while nothing gets through',
      wholeNumber(0),
      10,
    )
    .option('--connect-seconds <number>', 'longest wait for a connection', wholeNumber(1), 10)
    .option('--idle-seconds <number>', 'longest wait for an answer', wholeNumber(1), 120)
    .option('--tls', 'use TLS with the authorities of the system')
    .option('--tls-ca <file>', 'authorities (PEM) that the other side must show a certificate of')
    .option('--tls-key <file>', 'our private key (PEM)')
    .option('--tls-cert <file>', 'our certificate (PEM)')
    .option('--json', 'print one JSON object per file and nothing else')
    .option('--quiet', 'no progress on standard error')
    .addHelpText('after', `\nThe Authorization header for DICOMweb is taken from ${authorizationVariable}.`)
    .action(run);
}
