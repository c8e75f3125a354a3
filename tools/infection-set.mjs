// Simulates limbs and writes what the network sees of them, for training/src/training/infection.py: the same code that
// the product simulates and reads with. Simulated data only; goes on where an earlier run stopped.
//
//   node tools/infection-set.mjs --out FOLDER --set NAME --from SEED --count N --scanners training|held-out
//        [--backgrounds FOLDER,FOLDER]   real PET/CT of limbs (CT and PT series each) to implant into
import { appendFile, mkdir, readFile, truncate } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildIfStale } from './build.mjs';

await buildIfStale();
const { simulateLimb } = await import('../dist/phantom/infection/simulate-limb.js');
const { coarseCt, regionTensor } = await import('../dist/infection/region-tensor.js');

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    set: { type: 'string' },
    from: { type: 'string' },
    count: { type: 'string' },
    scanners: { type: 'string', default: 'training' },
    backgrounds: { type: 'string' },
  },
});
const { out = '.', set = 'set', scanners } = values;
if (scanners !== 'training' && scanners !== 'held-out')
  throw new Error('--scanners is training or held-out.');
const from = Number(values.from);
const count = Number(values.count);

// SUV is kept in hundredths, HU as it is: 16-bit whole numbers hold both.
const suvPerUnit = 100;
const largest = 32767;

function encode(data) {
  const half = data.length / 2;
  return Int16Array.from(data, (value, i) =>
    Math.round(Math.max(-largest, Math.min(largest, i < half ? value : value * suvPerUnit))),
  );
}

async function openBackgrounds(folders) {
  const { openLimb } = await import('../dist/phantom/infection/open-limb.js');
  return Promise.all(folders.map((folder) => openLimb(folder)));
}

const limbs = values.backgrounds ? await openBackgrounds(values.backgrounds.split(',')) : [];
const { implantInto } = await import('../dist/phantom/infection/real-limb.js');

await mkdir(out, { recursive: true });
const tensors = path.join(out, `${set}.i16`);
const truths = path.join(out, `${set}.jsonl`);
const lines = (await readFile(truths, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
const bytesPerCase = 2 * 2 * 40 ** 3;
let done = lines.length;
await appendFile(tensors, '');
await truncate(tensors, lines.filter((line) => JSON.parse(line).tensor).length * bytesPerCase);
for (; done < count; done++) {
  const seed = from + done;
  const limb = limbs[done % Math.max(1, limbs.length)];
  const { ct, pet, truth } = simulateLimb({
    seed,
    scanners,
    ...(limb ? { openBackground: (r) => implantInto(limb, r) } : {}),
  });
  const seen = regionTensor(coarseCt(ct), pet);
  if (seen) await appendFile(tensors, new Uint8Array(encode(seen.data).buffer));
  const line = { ...truth, tensor: seen !== null, measured: seen?.region ?? null };
  await appendFile(truths, `${JSON.stringify(line)}\n`);
  if (done % 50 === 49) process.stderr.write(`${set}: ${done + 1} of ${count}\n`);
}
