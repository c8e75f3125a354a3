import { openReaders, type Readers } from '../../src/reading/readers.js';
import { PriorReader } from './prior-reader.js';

/** All readers, that of CT being the base line. */
export function openWithPriorReader(prior: number): Promise<Readers> {
  return openReaders({ volumeReaders: { ribs: async () => new PriorReader(prior) } });
}
