// Building all DICOM objects of a reading, beside the work on its pixels: `npm run bench:dicom`.
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { buildIfStale } from './build.mjs';

await buildIfStale();
const { decodeImage } = await import('../dist/image/decode.js');
const { resultObjects } = await import('../dist/dicom/results/result-objects.js');
const { annotatedPixels } = await import('../dist/report/picture/annotate.js');

const example = fileURLToPath(new URL('../test/fixtures/phantoms/leg-spiral.dcm', import.meta.url));
const bytes = await readFile(example);
const [radiograph] = await decodeImage(bytes);
if (!radiograph?.dicomHeader) throw new Error('The example is no DICOM file.');
const { width, height } = radiograph;
const header = radiograph.dicomHeader;

/**
 * @param {number} id
 * @returns {import('../src/core/reading.js').Finding}
 */
const finding = (id) => ({
  id,
  box: [(width * id) / 12, (height * id) / 12, width / 15, height / 15],
  score: 1 - id / 12,
  certainty: id % 2 === 0 ? 'doubtful' : 'definite',
  type: {
    label: 'oblique',
    probabilities: { transverse: 0.1, oblique: 0.5, spiral: 0.4 },
    set: ['oblique', 'spiral'],
  },
});
/** @type {import('../src/core/reading.js').RadiographReading} */
const reading = {
  schema: 'lucency.reading/1',
  input: 'leg-spiral.dcm',
  kind: 'radiograph',
  image: {
    width,
    height,
    pixelSpacingMm: radiograph.pixelSpacingMm && [...radiograph.pixelSpacingMm],
    region: { label: 'leg', probability: 0.9 },
  },
  verdict: 'fracture',
  probability: 0.93,
  findings: Array.from({ length: 10 }, (_, index) => finding(index + 1)),
  models: Array.from({ length: 6 }, (_, id) => ({
    id: `model-${id}`,
    version: '1.0.0',
    sha256: 'ab'.repeat(32),
  })),
  timingsMs: {},
};

const started = performance.now();
const annotated = await annotatedPixels(radiograph, reading);
const drawing = performance.now() - started;

const times = [];
let size = 0;
for (let run = 0; run < 30; run++) {
  const start = performance.now();
  const objects = resultObjects({
    reading,
    source: header,
    pictures: [{ ...annotated, description: 'Annotated copy' }],
    version: '0.0.0',
  });
  times.push(performance.now() - start);
  size = objects.reduce((sum, object) => sum + object.bytes.length, 0);
}
const sorted = times.slice(1).sort((a, b) => a - b);
const at = (share) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
console.log(
  `${os.cpus()[0]?.model ?? 'unknown processor'}, ${os.cpus().length} cores, load ${(os.loadavg()[0] ?? 0).toFixed(1)}, Node ${process.version}`,
);
console.log(
  `SR, presentation state and secondary capture of ${width} x ${height} pixels, 10 findings, ${size} bytes:`,
);
console.log(
  `first ${(times[0] ?? 0).toFixed(1)} ms, then median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms (limit 100 ms)`,
);
console.log(`drawing the annotated copy (pixel work, not counted): ${drawing.toFixed(0)} ms`);
