import { readStudies } from '../../src/reading/read-studies.js';
import type { Readers } from '../../src/reading/readers.js';
import type { StudySource } from '../../src/reading/sources/study-source.js';
import { VerdictCountSink } from './verdict-counts.js';

/** Reads all that a source has into the sink: this is all that a host does. */
export async function countVerdicts(
  source: StudySource | readonly string[],
  readers: Readers,
): Promise<VerdictCountSink> {
  const sink = new VerdictCountSink();
  for await (const event of readStudies(source, readers)) {
    if (event.kind === 'reading') await sink.take(event.outcome);
    if (event.kind === 'failure') await sink.fail(event.input, event.error);
  }
  return sink;
}
