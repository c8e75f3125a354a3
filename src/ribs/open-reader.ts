import type { VolumeReader, VolumeReaderOptions } from '../core/volume-reading.js';
import { openVolumeReader, type VolumeReaderEntry } from '../models/open-volume-reader.js';
import { threadTask } from '../models/threads/thread-task.js';

const entry: VolumeReaderEntry = {
  kind: 'ribs',
  read: threadTask(import.meta.url, './rib-task.js', 'readRib'),
};

/**
 * Opens the reader of rib fractures on chest CT.
 * @throws LUC_MODEL_* when the network is missing, tampered with or cannot be run
 */
export function openRibReader(options: VolumeReaderOptions = {}): Promise<VolumeReader> {
  return openVolumeReader(entry, options);
}
