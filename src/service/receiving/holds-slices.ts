import { findInputs } from '../../image/inputs.js';
import { mentionsVolume } from '../../image/volume/series.js';

const startBytes = 2 ** 12;

/** Whether there is a slice of a volume among the files; of each only the start is read. */
export async function holdsSlices(files: readonly string[]): Promise<boolean> {
  for await (const item of findInputs(files)) {
    if ('error' in item) continue;
    const start = await item.readStart(startBytes).catch(() => null);
    if (start && mentionsVolume(start)) return true;
  }
  return false;
}
