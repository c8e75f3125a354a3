import { Command } from 'commander';
import { LucencyError } from '../../core/errors.js';
import type { PeerRule } from '../../dicom/network/scp/peer-rule.js';
import { aeTitle, peerRules, portNumber, type TlsFlags, tlsOf } from '../network-options.js';
import { wholeNumber } from '../number-options.js';
import { runReceive } from '../run-receive.js';

interface Flags extends TlsFlags {
  out: string;
  aet: string;
  host: string;
  port: number;
  allow?: PeerRule[];
  allowAny?: boolean;
  maxAssociations: number;
  idleSeconds: number;
  json?: boolean;
  quiet?: boolean;
}

async function run(flags: Flags): Promise<void> {
  if ((flags.allow === undefined) === (flags.allowAny === undefined)) {
    throw new LucencyError('LUC_USAGE_INVALID', {
      reason: 'Say who may send: --allow AE[@address], once or more, or --allow-any.',
    });
  }
  const tls = await tlsOf(flags);
  if (tls && !(tls.key && tls.certificate)) {
    throw new LucencyError('LUC_USAGE_INVALID', { reason: 'TLS needs --tls-key and --tls-cert.' });
  }
  process.exitCode = await runReceive({
    folder: flags.out,
    aeTitle: flags.aet,
    host: flags.host,
    port: flags.port,
    peers: flags.allow ?? null,
    tls,
    maxAssociations: flags.maxAssociations,
    idleSeconds: flags.idleSeconds,
    json: flags.json ?? false,
    quiet: flags.quiet ?? false,
  });
}

/** `lucency receive`: a DICOM node that takes what is sent to it. */
export function receiveCommand(): Command {
  return new Command('receive')
    .description(
      'take DICOM objects over the network (C-STORE, C-ECHO), safely on disk before they are confirmed',
    )
    .requiredOption('--out <folder>', 'folder that receives the objects: studies/<study>/<instance>.dcm')
    .option('--aet <title>', 'our AE title', aeTitle, 'LUCENCY')
    .option('--host <address>', 'address to listen at', '0.0.0.0')
    .option('--port <number>', 'port to listen at', portNumber, 11112)
    .option('--allow <peer>', 'AE title that may send, or AE@address; repeat for more', peerRules)
    .option('--allow-any', 'anyone may send')
    .option('--max-associations <number>', 'most associations at once', wholeNumber(1), 64)
    .option('--idle-seconds <number>', 'longest silence of a peer', wholeNumber(1), 300)
    .option('--tls-key <file>', 'private key (PEM): connections use TLS')
    .option('--tls-cert <file>', 'certificate (PEM)')
    .option('--tls-ca <file>', 'authorities (PEM): peers must show a certificate of theirs')
    .option('--json', 'print one JSON object per received object and nothing else')
    .option('--quiet', 'tell only of what went wrong')
    .action(run);
}
