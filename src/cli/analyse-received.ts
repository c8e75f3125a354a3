import type { Destination } from '../dicom/network/delivery/destination.js';
import type { WebServer } from '../dicom/network/web/web-server.js';
import { packageVersion } from '../models/package-version.js';
import { openReaders, type ReadersOptions } from '../reading/readers.js';
import { JsonDestination } from '../service/receiving/json-destination.js';
import { Outbox } from '../service/receiving/outbox.js';
import { StudyAnalyser } from '../service/receiving/study-analyser.js';

export interface AnalyseReceivedOptions {
  readonly reader: ReadersOptions;
  readonly quietSeconds: number;
  /** Takes results as DICOM objects; null for none. */
  readonly destination: Destination | null;
  /** Takes results as JSON; null for none. */
  readonly json: WebServer | null;
}

export interface RunningAnalysis {
  /** An object of the study has been stored. */
  arrived(study: string): void;
  close(): Promise<void>;
}

/**
 * Begins to read what is received into a folder, what an earlier run has left unread first.
 * @throws LUC_MODEL_* when the networks cannot be loaded
 */
export async function analyseReceived(
  receivingFolder: string,
  options: AnalyseReceivedOptions,
  onNote: (line: string) => void,
): Promise<RunningAnalysis> {
  const readers = await openReaders(options.reader);
  const stop = new AbortController();
  const open = async (name: string, destination: Destination | null): Promise<Outbox | null> =>
    destination && Outbox.open({ receivingFolder, name, destination, signal: stop.signal, onNote });
  const objects = await open('objects', options.destination);
  const json = await open('json', options.json && new JsonDestination(options.json));
  const delivery = Promise.all([objects?.run(), json?.run()]);
  const { quietSeconds } = options;
  const analyser = new StudyAnalyser({
    receivingFolder,
    readers,
    version: packageVersion(),
    quietSeconds,
    objects,
    json,
    onNote,
  });
  const left = await analyser.resume();
  if (left > 0) onNote(`${left} study(ies) received earlier are still to be read`);
  return {
    arrived: (study) => analyser.arrived(study),
    close: async () => {
      await analyser.close();
      stop.abort();
      await delivery;
      await readers.close();
    },
  };
}
