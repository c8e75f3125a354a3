import { LucencyError } from '../core/errors.js';
import { printable } from '../core/printable.js';
import type { Archive, FoundStudy, StudyQuery } from '../dicom/network/archive/archive.js';
import { DimseArchive } from '../dicom/network/archive/dimse-archive.js';
import { WebArchive } from '../dicom/network/archive/web-archive.js';
import { sleep, waitSeconds } from '../dicom/network/delivery/back-off.js';
import { isTransient } from '../dicom/network/delivery/destination.js';
import { eventLine } from '../dicom/network/scp/event-words.js';
import { StorageScp } from '../dicom/network/scp/storage-scp.js';
import type { ObjectStore } from '../dicom/network/store/object-store.js';
import type { TlsMaterial } from '../dicom/network/tls-files.js';
import { interruptedExitCode, onInterrupt } from './interrupt.js';
import type { Remote } from './network-address.js';
import { type Progress, startProgress } from './progress.js';
import { openReceivingFolder } from './receiving-folder.js';
import { faultLine, outJson, toStdout } from './terminal.js';

export interface FetchOptions {
  readonly remote: Remote;
  readonly query: StudyQuery;
  /** Folder that receives the objects; null to list only. */
  readonly folder: string | null;
  /** Our AE title, and where our SCP listens for what a DICOM node sends. */
  readonly aeTitle: string;
  readonly host: string;
  readonly port: number;
  readonly scpTls: TlsMaterial | null;
  readonly json: boolean;
  readonly quiet: boolean;
}

const tries = 5;
const backOff = { firstSeconds: 1, mostSeconds: 60 };
const graceSeconds = 5;

/** The archive, and what must be closed once it has given all. */
interface Source {
  readonly archive: Archive;
  close(): Promise<void>;
}

/** Queries need neither a store nor a node of ours. */
function listingArchive({ remote, aeTitle }: FetchOptions): Archive {
  if (remote.kind === 'dimse') return new DimseArchive(remote.peer, aeTitle);
  const unused = (): never => {
    throw new TypeError('a listing stores nothing');
  };
  return new WebArchive({
    server: remote.server,
    store: { find: unused, receive: unused },
    tries,
    signal: new AbortController().signal,
    onRefused: unused,
  });
}

async function openSource(
  options: FetchOptions,
  store: ObjectStore,
  signal: AbortSignal,
  progress: Progress,
): Promise<Source> {
  const { remote, aeTitle, host, port, scpTls } = options;
  if (remote.kind === 'web') {
    const archive = new WebArchive({
      server: remote.server,
      store,
      tries,
      signal,
      onRefused: (instance, error) => progress.note(faultLine(instance, error)),
    });
    return { archive, close: async () => undefined };
  }
  const scp = await StorageScp.listen({
    store,
    aeTitle,
    host,
    port,
    tls: scpTls,
    // Only the archive that was asked may answer.
    peers: [{ aeTitle: remote.peer.calledAeTitle, address: null }],
    onEvent: (event) => {
      if ('error' in event) progress.note(printable(eventLine(event)));
    },
  });
  return { archive: new DimseArchive(remote.peer, aeTitle), close: () => scp.close(graceSeconds) };
}

function studyLine({ studyInstanceUid, patientId, patientName, ...study }: FoundStudy): string {
  const instances = study.instances === null ? '' : `${study.instances} instance(s)`;
  const facts = [
    study.studyDate,
    study.modalities.join('/'),
    study.description,
    study.accessionNumber,
    instances,
  ];
  return [studyInstanceUid, patientId, patientName, ...facts].map((fact) => printable(fact ?? '')).join('\t');
}

async function found(archive: Archive, query: StudyQuery): Promise<FoundStudy[]> {
  const studies: FoundStudy[] = [];
  for await (const study of archive.find(query)) studies.push(study);
  if (studies.length === 0) throw new LucencyError('LUC_DICOM_NET_NO_STUDY', { peer: archive.name });
  return studies;
}

async function list(options: FetchOptions): Promise<number> {
  for (const study of await found(listingArchive(options), options.query)) {
    if (options.json) outJson({ schema: 'lucency.found-study/1', ...study });
    else toStdout(`${studyLine(study)}\n`);
  }
  return 0;
}

/** Fetches one study, trying again while the archive is away; what is here already is not counted twice. */
async function fetchStudy(archive: Archive, study: string, signal: AbortSignal, progress: Progress) {
  for (let failures = 1; ; failures++) {
    try {
      return await archive.fetch(study, () => undefined);
    } catch (error) {
      const again =
        error instanceof LucencyError && isTransient(error) && failures < tries && !signal.aborted;
      if (!again) throw error;
      const seconds = waitSeconds(backOff, failures - 1);
      progress.note(`${error.toLine()} Next try in ${seconds.toFixed(0)} s.`);
      await sleep(seconds, signal);
    }
  }
}

/**
 * Fetches studies from an archive into a folder, or lists them.
 * @returns exit code: 0 all fetched, 1 some instances not, 130 stopped by the user
 * @throws LUC_DICOM_NET_*, LUC_OUTPUT_*
 */
export async function runFetch(options: FetchOptions): Promise<number> {
  const { folder, json } = options;
  if (folder === null) return list(options);
  const studies = await found(listingArchive(options), options.query);
  const receiving = await openReceivingFolder(folder);
  const progress = startProgress(studies.length, !options.quiet);
  const interrupt = onInterrupt(() => progress.note('Stopping after this study; the same command goes on.'));
  let source: Source | null = null;
  let missing = 0;
  try {
    source = await openSource(options, receiving.store, interrupt.signal, progress);
    for (const { studyInstanceUid: study } of studies) {
      if (interrupt.signal.aborted) return interruptedExitCode;
      const { completed, failed } = await fetchStudy(source.archive, study, interrupt.signal, progress);
      missing += failed;
      progress.step(study);
      if (json) {
        const record = { schema: 'lucency.fetched/1', studyInstanceUid: study, completed, failed };
        outJson(record);
      } else progress.note(`${study}: ${completed} object(s) fetched${failed > 0 ? `, ${failed} not` : ''}`);
    }
    return missing > 0 ? 1 : 0;
  } finally {
    progress.stop();
    interrupt.release();
    await source?.close();
    await receiving.release();
  }
}
