import path from 'node:path';
import { printable } from '../core/printable.js';
import { eventLine, eventRecord } from '../dicom/network/scp/event-words.js';
import type { NetworkEvent } from '../dicom/network/scp/network-event.js';
import type { PeerRule } from '../dicom/network/scp/peer-rule.js';
import { StorageScp } from '../dicom/network/scp/storage-scp.js';
import type { TlsMaterial } from '../dicom/network/tls-files.js';
import { type AnalyseReceivedOptions, analyseReceived, type RunningAnalysis } from './analyse-received.js';
import { onInterrupt } from './interrupt.js';
import { openReceivingFolder } from './receiving-folder.js';
import { outJson, toStderr } from './terminal.js';

export interface ReceiveOptions {
  readonly folder: string;
  readonly aeTitle: string;
  readonly host: string;
  readonly port: number;
  /** Null for anyone. */
  readonly peers: readonly PeerRule[] | null;
  readonly tls: TlsMaterial | null;
  readonly maxAssociations: number;
  readonly idleSeconds: number;
  /** Null to receive only. */
  readonly analysis: AnalyseReceivedOptions | null;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** How long open associations may go on after the first Ctrl-C. */
const graceSeconds = 10;

function note(line: string): void {
  toStderr(`${new Date().toISOString()} ${printable(line)}\n`);
}

/**
 * Runs a DICOM node until the user stops it.
 * @returns exit code
 * @throws LUC_DICOM_NET_LISTEN, LUC_DICOM_NET_STORE_FAILED, LUC_OUTPUT_IN_USE, LUC_OUTPUT_UNWRITABLE, LUC_MODEL_*
 */
export async function runReceive(options: ReceiveOptions): Promise<number> {
  const { store, release } = await openReceivingFolder(options.folder);
  const interrupt = onInterrupt(() => note('Stopping; associations that are open may end.'));
  let analysis: RunningAnalysis | null = null;
  try {
    if (options.analysis) analysis = await analyseReceived(store.folder, options.analysis, note);
    const onEvent = (event: NetworkEvent): void => {
      tell(event, options);
      if (event.kind === 'object') analysis?.arrived(event.object.identity.studyInstanceUid);
    };
    const scp = await StorageScp.listen({ ...options, store, onEvent });
    note(`${options.aeTitle} takes objects at ${options.host}, port ${scp.port}, into ${store.folder}`);
    await new Promise((resolve) => interrupt.signal.addEventListener('abort', resolve, { once: true }));
    await scp.close(graceSeconds);
    return 0;
  } finally {
    await analysis?.close();
    interrupt.release();
    await release();
  }
}

function tell(event: NetworkEvent, { json, quiet, folder }: ReceiveOptions): void {
  const routine = event.kind === 'opened' || event.kind === 'closed' || event.kind === 'object';
  if (!(quiet && routine)) note(eventLine(event));
  const record = json ? eventRecord(event, path.resolve(folder)) : null;
  if (record) outJson(record);
}
