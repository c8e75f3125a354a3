// A program of its own: writes images into a run until it is killed, and says after each how many are safe.
import { sampleRadiograph, sampleReading } from '../picture/sample.fixture.js';
import { openRun } from './run-store.js';

const folder = process.argv[2];
if (folder === undefined) throw new Error('Name the folder of the run.');
const radiograph = sampleRadiograph(40, 30);
const bytes = Buffer.alloc(200_000, 7);
const store = await openRun(folder, {
  force: false,
  resume: false,
  version: '0.1.0',
  options: { explain: true },
  models: [{ id: 'resnet18-fracture', version: '1.0.0', sha256: 'ab'.repeat(32) }],
});
for (let written = 1; ; written++) {
  const reading = sampleReading(radiograph, { input: `image ${written - 1}` });
  await store.write(reading, { annotated: bytes, view: bytes, thumbnail: bytes, heatMaps: [], panels: [] });
  process.stdout.write(`${written}\n`);
}
