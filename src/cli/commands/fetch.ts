import { Command } from 'commander';
import { LucencyError } from '../../core/errors.js';
import type { StudyQuery } from '../../dicom/network/archive/archive.js';
import { authorizationVariable, remoteOf } from '../network-address.js';
import { aeTitle, portNumber, type TlsFlags, tlsOf } from '../network-options.js';
import { wholeNumber } from '../number-options.js';
import { runFetch } from '../run-fetch.js';

interface Flags extends TlsFlags {
  from: string;
  study?: string;
  patientId?: string;
  accession?: string;
  date?: string;
  modality?: string;
  list?: boolean;
  out?: string;
  aet: string;
  host: string;
  port: number;
  connectSeconds: number;
  idleSeconds: number;
  json?: boolean;
  quiet?: boolean;
}

function queryOf({ study, patientId, accession, date, modality }: Flags): StudyQuery {
  return {
    ...(study === undefined ? {} : { studyInstanceUid: study }),
    ...(patientId === undefined ? {} : { patientId }),
    ...(accession === undefined ? {} : { accessionNumber: accession }),
    ...(date === undefined ? {} : { studyDate: date }),
    ...(modality === undefined ? {} : { modality }),
  };
}

async function run(flags: Flags): Promise<void> {
  const query = queryOf(flags);
  if ((flags.out === undefined) === (flags.list === undefined)) {
    throw new LucencyError('LUC_USAGE_INVALID', { reason: 'Give either --out <folder> or --list.' });
  }
  if (Object.keys(query).length === 0) {
    const reason = 'Say what to fetch: --study, --patient-id, --accession, --date or --modality.';
    throw new LucencyError('LUC_USAGE_INVALID', { reason });
  }
  const { connectSeconds, idleSeconds } = flags;
  const tls = await tlsOf(flags);
  const remote = remoteOf(flags.from, { aeTitle: flags.aet, tls, connectSeconds, idleSeconds });
  try {
    process.exitCode = await runFetch({
      remote,
      query,
      folder: flags.out ?? null,
      aeTitle: flags.aet,
      host: flags.host,
      port: flags.port,
      // What the archive opens towards us is secured alike, if we have a certificate to show.
      scpTls: tls?.key && tls.certificate ? tls : null,
      json: flags.json ?? false,
      quiet: flags.quiet ?? false,
    });
  } finally {
    if (remote.kind === 'web') remote.server.close();
  }
}

/** `lucency fetch`: brings studies from an archive into a folder. */
export function fetchCommand(): Command {
  return new Command('fetch')
    .description('fetch studies from an archive: C-FIND and C-MOVE, or QIDO-RS and WADO-RS')
    .requiredOption('--from <address>', 'AE@host:port, or the http(s) address of DICOMweb services')
    .option('--study <uid>', 'Study Instance UID')
    .option('--patient-id <id>', 'Patient ID')
    .option('--accession <number>', 'Accession Number')
    .option('--date <date>', 'YYYYMMDD, or YYYYMMDD-YYYYMMDD')
    .option('--modality <modality>', 'a modality of the study, such as DX')
    .option('--list', 'only list the studies that match')
    .option('--out <folder>', 'folder that receives the objects: studies/<study>/<instance>.dcm')
    .option(
      '--aet <title>',
      'our AE title, which the archive must know as a C-MOVE destination',
      aeTitle,
      'LUCENCY',
    )
    .option('--host <address>', 'address where we take what the archive sends', '0.0.0.0')
    .option('--port <number>', 'port where we take what the archive sends', portNumber, 11112)
    .option('--connect-seconds <number>', 'longest wait for a connection', wholeNumber(1), 10)
    .option('--idle-seconds <number>', 'longest wait for an answer', wholeNumber(1), 120)
    .option('--tls', 'use TLS with the authorities of the system')
    .option('--tls-ca <file>', 'authorities (PEM) that the other side must show a certificate of')
    .option('--tls-key <file>', 'our private key (PEM)')
    .option('--tls-cert <file>', 'our certificate (PEM)')
    .option('--json', 'print one JSON object per study and nothing else')
    .option('--quiet', 'no progress on standard error')
    .addHelpText('after', `\nThe Authorization header for DICOMweb is taken from ${authorizationVariable}.`)
    .action(run);
}
