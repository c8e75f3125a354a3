import type { VolumeReader, VolumeReaderOptions } from '../core/volume-reading.js';
import { openVolumeReader, type VolumeReaderEntry } from '../models/open-volume-reader.js';
import { threadTask } from '../models/threads/thread-task.js';

const entry: VolumeReaderEntry = {
  kind: 'infection',
  read: threadTask(import.meta.url, './infection-task.js', 'readInfection'),
};

/**
 * Opens the reader of infection on PET/CT.
 * @throws LUC_MODEL_* when the network is missing, tampered with or cannot be run
 */
export function openInfectionReader(options: VolumeReaderOptions = {}): Promise<VolumeReader> {
  return openVolumeReader(entry, options);
}
