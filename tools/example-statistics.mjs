// Makes the simulated predictions and truths of examples/statistics anew, bit for bit: the examples of docs/evaluation.md.
// node tools/example-statistics.mjs [FOLDER]
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfStale } from './build.mjs';

await buildIfStale();
const { createRandom } = await import('../dist/evaluation/bootstrap/random.js');
const { normalQuantile } = await import('../dist/evaluation/distributions.js');

const out = process.argv[2] ?? fileURLToPath(new URL('../examples/statistics/', import.meta.url));
const random = createRandom(20);
const normal = () => normalQuantile(Math.min(1 - 1e-9, Math.max(1e-9, random.uniform())));
const sigmoid = (x) => 1 / (1 + Math.exp(-x));
const round = (value, digits = 1) => Number(value.toFixed(digits));
const numbered = (word, number) => `${word}${String(number + 1).padStart(3, '0')}`;
const types = ['transverse', 'oblique', 'spiral'];

const save = (name, text) => writeFile(path.join(out, name), text);
const csv = (head, rows) => [head, ...rows].map((row) => `${row.join(',')}\n`).join('');
const json = (value) => `${JSON.stringify(value, null, 1)}\n`;
const info = { description: 'Simulated for the examples of docs/evaluation.md', simulated: true };
const categories = [{ id: 1, name: 'fracture' }];

/** Two films of each of 120 patients, alike in how hard they are; 40 % of the patients have a fracture. */
function simulatePatients() {
  return Array.from({ length: 120 }, (_, number) => {
    const fractured = random.uniform() < 0.4;
    return {
      patient: numbered('patient', number),
      fold: number % 3,
      region: ['hand', 'leg', 'leg', 'shoulder'][random.below(4)],
      hardware: random.uniform() < (fractured ? 0.15 : 0.05) ? 1 : 0,
      fractured,
      type: fractured ? types[random.below(3)] : '',
      ease: 0.7 * normal(),
    };
  });
}

function simulateImages(patients) {
  return patients.flatMap((patient) =>
    [0, 1].map((view) => {
      // A fracture is not seen on every view of its patient.
      const fractured = patient.fractured && random.uniform() < 0.85 ? 1 : 0;
      const seen = 1.6 * fractured - 1.5 + patient.ease;
      return {
        ...patient,
        view: view === 0 ? 'ap' : 'lateral',
        fractured,
        type: fractured ? patient.type : '',
        score: round(sigmoid(seen + 0.8 * normal()), 4),
        other: round(sigmoid(0.6 * seen + 0.9 * normal()), 4),
      };
    }),
  );
}

/** @returns {[number, number, number, number]} */
function box(side) {
  return [
    round(40 + 800 * random.uniform()),
    round(40 + 800 * random.uniform()),
    round(side()),
    round(side()),
  ];
}

function moved([x, y, width, height], by) {
  const shift = () => 2 * by * (random.uniform() - 0.5);
  return [x + shift() * width, y + shift() * height, width * (1 + shift()), height * (1 + shift())].map((v) =>
    round(v),
  );
}

/** Boxes of the fractures, and what a detector marks: most of them, not always well, and other places too. */
function simulateBoxes(images) {
  const side = () => 25 + 120 * random.uniform();
  const annotations = [];
  const marks = [];
  images.forEach((image, number) => {
    const lesions = image.fractured ? 1 + (random.uniform() < 0.2 ? 1 : 0) : 0;
    for (let lesion = 0; lesion < lesions; lesion++) {
      const bbox = box(side);
      const area = round(bbox[2] * bbox[3]);
      annotations.push({
        id: annotations.length + 1,
        image_id: number + 1,
        category_id: 1,
        bbox,
        area,
        iscrowd: 0,
      });
      if (random.uniform() < 0.75) marks.push([number + 1, moved(bbox, 0.18), sigmoid(0.4 + normal())]);
    }
    for (let far = random.below(4); far > 0; far--)
      marks.push([number + 1, box(side), sigmoid(normal() - 1.4)]);
  });
  const results = marks.map(([image_id, bbox, score]) => ({
    image_id,
    category_id: 1,
    bbox,
    score: round(score, 4),
  }));
  return { annotations, results };
}

/** Probabilities of the types, and the labels that are not ruled out at about 90 %. */
function simulateTypes(images) {
  return images
    .filter(({ fractured }) => fractured === 1)
    .map(({ name, patient, type }) => {
      const logits = types.map((label) => (label === type ? 1.4 : 0) + normal());
      const total = logits.reduce((sum, value) => sum + Math.exp(value), 0);
      const p = logits.map((value) => round(Math.exp(value) / total, 4));
      const set = types.filter((_, index) => (p[index] ?? 0) >= 0.15);
      return { name, patient, type, p, set };
    });
}

/** Forty simulated CT scans with rib fractures, marked by a simulated program. */
function simulateScans() {
  const side = () => 8 + 16 * random.uniform();
  const place = () => [500 * random.uniform(), 500 * random.uniform(), 300 * random.uniform()];
  const cube = () => [...place(), side(), side(), side()].map((v) => round(v));
  const shifted = (lesion) => lesion.map((v, axis) => round(axis < 3 ? v + 6 * (random.uniform() - 0.5) : v));
  const annotations = [];
  const results = [];
  for (let scan = 1; scan <= 40; scan++) {
    for (let lesion = scan % 4 === 0 ? 0 : 1 + random.below(5); lesion > 0; lesion--) {
      const bbox3d = cube();
      annotations.push({ id: annotations.length + 1, image_id: scan, category_id: 1, bbox3d, iscrowd: 0 });
      if (random.uniform() < 0.85)
        results.push({
          image_id: scan,
          category_id: 1,
          bbox3d: shifted(bbox3d),
          score: round(sigmoid(1 + normal()), 4),
        });
    }
    for (let far = random.below(8); far > 0; far--)
      results.push({
        image_id: scan,
        category_id: 1,
        bbox3d: cube(),
        score: round(sigmoid(normal() - 1), 4),
      });
  }
  const images = Array.from({ length: 40 }, (_, scan) => ({
    id: scan + 1,
    file_name: `${numbered('scan', scan)}.nii.gz`,
  }));
  return { truth: { info, images, categories, annotations }, results };
}

const images = simulateImages(simulatePatients()).map((image, number) => ({
  ...image,
  name: `${numbered('image', number)}.png`,
  row_spacing_mm: 0.14,
  column_spacing_mm: 0.14,
}));
const columns = [
  'image',
  'fractured',
  'patient',
  'fold',
  'region',
  'view',
  'hardware',
  'row_spacing_mm',
  'column_spacing_mm',
];
await save(
  'labels.csv',
  csv(
    columns,
    images.map((image) => columns.map((c) => (c === 'image' ? image.name : image[c]))),
  ),
);
await save(
  'scores.csv',
  csv(
    ['image', 'score', 'other'],
    images.map(({ name, score, other }) => [name, score, other]),
  ),
);
const { annotations, results } = simulateBoxes(images);
await save(
  'boxes.coco.json',
  json({
    info,
    images: images.map(({ name }, n) => ({ id: n + 1, file_name: name })),
    categories,
    annotations,
  }),
);
await save('boxes.results.json', json(results));
const typed = simulateTypes(images);
await save(
  'types.csv',
  csv(
    ['image', 'patient', 'type'],
    typed.map(({ name, patient, type }) => [name, patient, type]),
  ),
);
await save(
  'type-scores.csv',
  csv(
    ['image', ...types.map((t) => `p:${t}`), 'set'],
    typed.map(({ name, p, set }) => [name, ...p, set.join('|')]),
  ),
);
const scans = simulateScans();
await save('scans.coco.json', json(scans.truth));
await save('scans.results.json', json(scans.results));
