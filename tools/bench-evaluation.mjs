// `npm run bench:evaluation [-- --images N --replicates N --boxes-images N --boxes N]`: times the two heavy parts of
// src/evaluation. AUC and average precision under the bootstrap, in a process of its own, so that its peak memory is its
// own; and COCO average precision beside pycocotools on the same boxes (LUCENCY_PYTHON names a Python that has it).
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildIfStale } from './build.mjs';

const self = fileURLToPath(import.meta.url);
const reference = fileURLToPath(new URL('../test/evaluation/coco-bench.py', import.meta.url));
const seconds = (from) => (performance.now() - from) / 1000;
const peak = () => process.resourceUsage().maxRSS / 1024;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    images: { type: 'string', default: '100000' },
    replicates: { type: 'string', default: '1000' },
    'boxes-images': { type: 'string', default: '40000' },
    boxes: { type: 'string', default: '100' },
  },
});

async function bootstrap(images, replicates) {
  const { bootstrapGroups } = await import('../dist/evaluation/bootstrap/bootstrap.js');
  const { createRandom } = await import('../dist/evaluation/bootstrap/random.js');
  const { rankStatistic } = await import('../dist/evaluation/roc/rank-statistic.js');
  const { makeScoredSet } = await import('../dist/evaluation/roc/scored-set.js');
  const random = createRandom(1);
  const labels = Array.from({ length: images }, (_, image) => (image % 5 === 0 ? 1 : 0));
  const scores = labels.map((label) => 0.8 * label + random.uniform() + random.uniform());
  const start = performance.now();
  const set = makeScoredSet(scores, labels);
  const [auc, precision] = bootstrapGroups([rankStatistic(set)], set.groupCount, { replicates });
  return { seconds: seconds(start), megabytes: peak(), auc, precision };
}

/** Every fourth image has one or two lesions, each hit by a few boxes; all other boxes lie anywhere. */
function simulateBoxes(random, images, perImage) {
  const side = () => 20 + 100 * random.uniform();
  /** @returns {[number, number, number, number]} */
  const anywhere = () => [800 * random.uniform(), 800 * random.uniform(), side(), side()];
  /** @param {[number, number, number, number]} box */
  const near = ([x, y, width, height]) => {
    const shift = () => 0.4 * (random.uniform() - 0.5);
    return [x + shift() * width, y + shift() * height, width * (1 + shift()), height * (1 + shift())];
  };
  const truth = [];
  const detections = [];
  for (let image = 0; image < images; image++) {
    const lesions = Array.from({ length: image % 4 === 0 ? 1 + random.below(2) : 0 }, anywhere);
    for (const box of lesions) truth.push({ image, box });
    for (let at = 0; at < perImage; at++) {
      const lesion = lesions[at % Math.max(1, lesions.length)];
      const box = lesion && at < 3 * lesions.length ? near(lesion) : anywhere();
      detections.push({ image, box, score: random.uniform() ** 2 });
    }
  }
  return { truth, detections };
}

/** Rows of numbers as bytes, for numpy.fromfile. */
function writeRows(file, items, width, row) {
  const rows = new Float64Array(items.length * width);
  items.forEach((item, at) => {
    rows.set(row(item), at * width);
  });
  writeFileSync(file, rows);
}

async function coco(images, perImage, folder) {
  const { createRandom } = await import('../dist/evaluation/bootstrap/random.js');
  const { makeBoxSet } = await import('../dist/evaluation/detection/box-set.js');
  const { cocoSummary } = await import('../dist/evaluation/detection/coco-ap.js');
  const { truth, detections } = simulateBoxes(createRandom(2), images, perImage);
  if (folder) {
    writeRows(path.join(folder, 'truth.f64'), truth, 5, ({ image, box }) => [image + 1, ...box]);
    writeRows(path.join(folder, 'detections.f64'), detections, 7, ({ image, box, score }) => [
      image + 1,
      ...box,
      score,
      1,
    ]);
  }
  const start = performance.now();
  const summary = cocoSummary(makeBoxSet(images, truth, detections));
  return { seconds: seconds(start), megabytes: peak(), ap: summary.ap, ap50: summary.ap50 };
}

function child(...args) {
  const result = spawnSync(process.execPath, [self, ...args], { encoding: 'utf8', maxBuffer: 1e8 });
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout);
}

const figure = ({ value, bca }) => `${value.toFixed(4)} (${bca.lower.toFixed(4)} to ${bca.upper.toFixed(4)})`;

const [task, ...numbers] = positionals;
if (task === 'bootstrap') {
  process.stdout.write(JSON.stringify(await bootstrap(Number(numbers[0]), Number(numbers[1]))));
} else if (task === 'coco') {
  process.stdout.write(JSON.stringify(await coco(Number(numbers[0]), Number(numbers[1]), numbers[2])));
} else {
  await buildIfStale();
  const load = () => `load ${(loadavg()[0] ?? 0).toFixed(1)} on ${availableParallelism()} cores`;
  console.log(`Before: ${load()}`);
  const boot = child('bootstrap', values.images, values.replicates);
  console.log(
    `AUC ${figure(boot.auc)} and average precision ${figure(boot.precision)} of ${values.images} images, ` +
      `${values.replicates} bootstrap replicates: ${boot.seconds.toFixed(1)} s, peak ${boot.megabytes.toFixed(0)} MB`,
  );
  const folder = await mkdtemp(path.join(tmpdir(), 'lucency-bench-'));
  try {
    const own = child('coco', values['boxes-images'], values.boxes, folder);
    console.log(
      `COCO AP of ${values['boxes-images']} images x ${values.boxes} boxes: ${own.seconds.toFixed(1)} s, ` +
        `peak ${own.megabytes.toFixed(0)} MB; AP ${own.ap}, AP50 ${own.ap50}`,
    );
    const python = process.env.LUCENCY_PYTHON ?? 'python3';
    const other = spawnSync(python, [reference, folder, values['boxes-images']], { encoding: 'utf8' });
    if (other.status === 0) {
      const { load: loading, seconds: counted, megabytes, ap, ap50 } = JSON.parse(other.stdout);
      console.log(
        `pycocotools, the same boxes: ${counted.toFixed(1)} s (after ${loading.toFixed(1)} s to take them in), ` +
          `peak ${megabytes.toFixed(0)} MB; AP ${ap}, AP50 ${ap50}`,
      );
      console.log(`Ours takes ${(own.seconds / counted).toFixed(2)} of its time`);
    } else console.log(`pycocotools was not run: ${python} has none (set LUCENCY_PYTHON)`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  console.log(`After: ${load()}`);
}
