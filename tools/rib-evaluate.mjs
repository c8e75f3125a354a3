// Calibrates and measures the rib reader on SIMULATED chests, and writes the card of its network:
// `node tools/rib-evaluate.mjs --weights model.onnx --log log.jsonl --out models/rib-resnet3d-fracture [--calibration N]
// [--test N] [--cache DIR] [--real DIR] [--readme README.md]`. Readings are kept in the cache, so that a run that was stopped goes on.
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildIfStale } from './build.mjs';
import { ribCard, untestedCard } from './rib-card.mjs';
import { figuresOf } from './rib-figures.mjs';
import { ribScan, sets } from './rib-scans.mjs';
import { insertTable, ribTable } from './rib-table.mjs';

const { values: options } = parseArgs({
  options: {
    weights: { type: 'string' },
    log: { type: 'string' },
    scans: { type: 'string', default: '40' },
    out: { type: 'string', default: 'models/rib-resnet3d-fracture' },
    cache: { type: 'string', default: 'training/cache/rib-scans' },
    calibration: { type: 'string', default: '10' },
    test: { type: 'string', default: '24' },
    real: { type: 'string', default: '../shared/data/ct' },
    readme: { type: 'string' },
  },
});
await buildIfStale();
const { decodeNifti } = await import('../dist/image/nifti/decode-nifti.js');
const { openRibReader } = await import('../dist/ribs/open-reader.js');

/**
 * @param {string | undefined} value
 * @param {string} option
 */
function needed(value, option) {
  if (value === undefined) throw new Error(`Name the file with ${option}.`);
  return value;
}
const weightsFile = needed(options.weights, '--weights');
const log = needed(options.log, '--log');
const weights = await readFile(weightsFile);
const sha256 = createHash('sha256').update(weights).digest('hex');
const history = (await readFile(log, 'utf8'))
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const facts = {
  sha256,
  bytes: weights.length,
  epochs: history.at(-1).epoch,
  seconds: Math.round(history.at(-1).seconds),
  scans: Number(options.scans),
};

/** Writes card and weights where the reader looks for them. */
async function install(folder, card) {
  await mkdir(folder, { recursive: true });
  if (path.resolve(weightsFile) !== path.resolve(folder, 'model.onnx')) {
    await copyFile(weightsFile, path.join(folder, 'model.onnx'));
  }
  await writeFile(path.join(folder, 'card.json'), `${JSON.stringify(card, null, 2)}\n`);
}

/** Distance of a point from a line of points, mm. */
function distanceTo(points, [x, y, z]) {
  return points.reduce(
    (least, p) => Math.min(least, Math.hypot(p[0] - x, p[1] - y, p[2] - z)),
    Number.POSITIVE_INFINITY,
  );
}

/** For every true rib: whether it was found, and whether side and number are right. */
function numbering(truth, ribs) {
  return truth.ribs.map(({ side, number, pointsMm }) => {
    // A point well past the spine; the shortest ribs end before.
    const at = pointsMm[Math.min(pointsMm.length - 4, 28)];
    const near = ribs.filter((rib) => distanceTo(rib.pointsMm, at) < 6);
    return {
      side,
      number,
      found: near.length > 0,
      right: near.some((rib) => rib.side === side && rib.number === number),
    };
  });
}

/** Readings of a set with all candidates, and their truth. */
async function readSet(set, count) {
  const folder = path.join(options.cache, `readings-${sha256.slice(0, 12)}`);
  await mkdir(folder, { recursive: true });
  const models = path.join(folder, 'models');
  await install(path.join(models, 'rib-resnet3d-fracture'), untestedCard(facts));
  const reader = await openRibReader({ models, allCandidates: true, threads: 1 });
  const results = [];
  for (let index = 0; index < count; index++) {
    const file = path.join(folder, `${set}-${sets[set].first + index}.json`);
    const known = await readFile(file, 'utf8').catch(() => null);
    if (known) {
      results.push(JSON.parse(known));
      continue;
    }
    const { ct, truth } = await ribScan(set, index, options.cache);
    const study = {
      input: `${set} ${index}`,
      study: null,
      ct,
      pet: null,
      limitations: [],
      started: performance.now(),
      timingsMs: {},
    };
    const { reading, ribs } = await reader.read(study);
    const { ribs: _, ...kept } = truth;
    const result = { truth: kept, reading, numbering: numbering(truth, ribs) };
    await writeFile(file, JSON.stringify(result));
    results.push(result);
    console.error(
      `${set} ${index}: ${reading.verdict}, ${reading.findings.length} candidates, ${truth.fractures.length} fractures`,
    );
  }
  await reader.close();
  return results;
}

/** What the reader with its thresholds marks on real CTs (NIfTI) whose ribs are whole as far as is known. */
async function readReal(folder, models) {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.nii.gz')).sort();
  const reader = await openRibReader({ models, threads: 1 });
  const rows = [];
  for (const name of names) {
    const ct = await decodeNifti(await readFile(path.join(folder, name)), name);
    const study = {
      input: name,
      study: null,
      ct,
      pet: null,
      limitations: [],
      started: performance.now(),
      timingsMs: {},
    };
    const { reading, ribs } = await reader.read(study);
    const marks = (certainty) => reading.findings.filter((finding) => finding.certainty === certainty).length;
    rows.push({
      name,
      verdict: reading.verdict,
      refusal: reading.refusal?.reason ?? null,
      ribs: ribs.length,
      ribMm: Math.round(ribs.reduce((sum, { pointsMm }) => sum + 0.8 * pointsMm.length, 0)),
      definite: marks('definite'),
      doubtful: marks('doubtful'),
    });
  }
  await reader.close();
  return rows;
}

const calibration = await readSet('calibration', Number(options.calibration));
const test = await readSet('test', Number(options.test));
const measured = await figuresOf(calibration, test);
await install(options.out, ribCard(facts, measured));
const real = await readReal(options.real, path.dirname(options.out));
if (options.readme) await insertTable(options.readme, ribTable(measured, real));
console.log(JSON.stringify({ ...measured, real }, null, 1));
