import { Command } from 'commander';
import { LucencyError } from '../../core/errors.js';
import type { PeerRule } from '../../dicom/network/scp/peer-rule.js';
import type { TlsMaterial } from '../../dicom/network/tls-files.js';
import { decodedBudget } from '../../image/decoded-budget.js';
import type { AnalyseReceivedOptions } from '../analyse-received.js';
import { destinationOf, remoteOf } from '../network-address.js';
import { aeTitle, peerRules, portNumber, type TlsFlags, tlsOf } from '../network-options.js';
import { wholeNumber } from '../number-options.js';
import { addReaderFlags, type ReaderFlags, readersOptions } from '../reader-flags.js';
import { runReceive } from '../run-receive.js';

interface Flags extends TlsFlags, ReaderFlags {
  decodedMegabytes: number;
  out: string;
  aet: string;
  host: string;
  port: number;
  allow?: PeerRule[];
  allowAny?: boolean;
  maxAssociations: number;
  idleSeconds: number;
  analyze?: boolean;
  quietSeconds: number;
  resultsTo?: string;
  resultsTls?: boolean;
  resultsPost?: string;
  json?: boolean;
  quiet?: boolean;
}

/** @throws LUC_USAGE_INVALID */
function analysisOf(flags: Flags, tls: TlsMaterial | null): AnalyseReceivedOptions | null {
  const { analyze, resultsTo, resultsPost, quietSeconds } = flags;
  if (!analyze) {
    if (resultsTo === undefined && resultsPost === undefined) return null;
    throw new LucencyError('LUC_USAGE_INVALID', {
      reason: '--results-to and --results-post need --analyze.',
    });
  }
  const reach = {
    aeTitle: flags.aet,
    tls: flags.resultsTls ? (tls ?? { key: null, certificate: null, authorities: null }) : null,
    connectSeconds: 10,
    idleSeconds: flags.idleSeconds,
  };
  const post = resultsPost === undefined ? null : remoteOf(resultsPost, reach);
  if (post && post.kind !== 'web') {
    throw new LucencyError('LUC_USAGE_INVALID', { reason: '--results-post takes an http(s) address.' });
  }
  return {
    reader: readersOptions(flags),
    quietSeconds,
    destination: resultsTo === undefined ? null : destinationOf(remoteOf(resultsTo, reach)),
    json: post?.server ?? null,
  };
}

async function run(flags: Flags): Promise<void> {
  decodedBudget().limit = flags.decodedMegabytes * 2 ** 20;
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
    analysis: analysisOf(flags, tls),
    json: flags.json ?? false,
    quiet: flags.quiet ?? false,
  });
}

/** `lucency receive`: a DICOM node that takes what is sent to it. */
export function receiveCommand(): Command {
  const command = new Command('receive')
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
    .option(
      '--analyze',
      'read each study once it is quiet; results go to results/ and where the next options say',
    )
    .option('--quiet-seconds <number>', 'how long nothing must have come of a study', wholeNumber(0), 60)
    .option(
      '--results-to <address>',
      'AE@host:port or DICOMweb address that takes the results as DICOM objects',
    )
    .option('--results-tls', 'use TLS towards it, with the same files')
    .option('--results-post <url>', 'address that takes the results as JSON by POST')
    .option(
      '--decoded-megabytes <number>',
      'with --analyze: most memory that decoded pixels may take at once, all inputs in flight together',
      wholeNumber(1),
      1024,
    );
  return addReaderFlags(command, 'with --analyze: ')
    .option('--json', 'print one JSON object per received object and nothing else')
    .option('--quiet', 'tell only of what went wrong')
    .action(run);
}
