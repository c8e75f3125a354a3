// node docs/examples/read-studies.mjs PATH...: radiographs, chest CT and PET/CT, whatever lies there, with one call
import { LucencyError, openReaders, readStudies } from 'lucency';

const paths = process.argv.slice(2);
if (paths.length === 0) throw new Error('name files or folders: node docs/examples/read-studies.mjs PATH...');

const percent = (probability) => `${Math.round(probability * 100)} %`;
const placeOf = ({ box, centerMm, description }) =>
  description ?? (box ? `box ${box.map(Math.round).join(' ')}` : `${centerMm?.map(Math.round).join(' ')} mm`);

const readers = await openReaders();
try {
  for await (const event of readStudies(paths, readers)) {
    if (event.kind === 'failure') {
      console.log(`${event.input}: ${event.error.toLine()}`);
      process.exitCode = 1;
    } else if (event.kind === 'reading') {
      const { input, kind, verdict, probability, refusal, findings } = event.outcome.reading;
      const answer = probability === null ? refusal?.reason : percent(probability);
      console.log(`${input} (${kind}): ${verdict}, ${answer}`);
      for (const finding of findings) {
        console.log(`  ${finding.certainty}: ${placeOf(finding)}, ${percent(finding.score)}`);
      }
    } else if (event.kind === 'study') {
      console.log(`study ${event.summary.study}: ${event.summary.verdict}`);
    }
  }
} catch (error) {
  if (!(error instanceof LucencyError)) throw error;
  console.error(error.toLine());
  process.exitCode = 1;
} finally {
  await readers.close();
}
