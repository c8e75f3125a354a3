import { availableParallelism } from 'node:os';
import { LucencyError } from '../core/errors.js';
import type { VolumeReader, VolumeReaderOptions } from '../core/volume-reading.js';
import { ModelRegistry } from '../models/registry.js';
import { SessionHost } from '../models/session-host.js';
import { RibReader } from './rib-reader.js';

/**
 * Opens the reader of rib fractures on chest CT; its network is loaded into a worker thread and stays there.
 * @throws LUC_MODEL_* when the network is missing, tampered with or cannot be run
 */
export async function openRibReader(options: VolumeReaderOptions = {}): Promise<VolumeReader> {
  const registry = await ModelRegistry.open(options.models);
  const [model] = registry.byTask('ribs');
  if (!model) throw new LucencyError('LUC_MODEL_MISSING', { id: 'of the task ribs', path: registry.folder });
  const host = new SessionHost(registry, options.threads ?? availableParallelism());
  try {
    await host.load([model]);
  } catch (error) {
    await host.close();
    throw error;
  }
  const reader = new RibReader(host, model, { allCandidates: options.allCandidates ?? false });
  return {
    kind: 'ribs',
    modelIds: [model.card.id],
    read: (study, readOptions) => reader.read(study, readOptions),
    close: () => host.close(),
  };
}
