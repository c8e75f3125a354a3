// Makes examples/ anew, bit for bit: node tools/examples.mjs [FOLDER]
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfStale } from './build.mjs';

await buildIfStale();
const { simulateRadiograph } = await import('../dist/phantom/radiograph.js');
const { dxFile } = await import('../dist/phantom/output/dx-file.js');
const { cocoTruth, imagesTable, withoutPixels } = await import('../dist/phantom/output/truth-files.js');
const { encodePng } = await import('../dist/image/encode.js');

const out = process.argv[2] ?? fileURLToPath(new URL('../examples/', import.meta.url));
const size = 720;
const plain = { cast: false, metal: false, size };

/** File, study and what it shows. The two views of the wrist are one study. */
const cases = /** @type {const} */ ([
  [
    'wrist-oblique/pa.dcm',
    'wrist',
    { seed: 11, anatomy: 'wrist', view: 'ap', fracture: { type: 'oblique' } },
  ],
  [
    'wrist-oblique/lateral.dcm',
    'wrist',
    { seed: 11, anatomy: 'wrist', view: 'lateral', fracture: { type: 'oblique' } },
  ],
  ['ankle-whole.dcm', 'ankle', { seed: 23, anatomy: 'ankle', view: 'ap', fracture: null }],
  ['leg-spiral.dcm', 'leg', { seed: 37, anatomy: 'leg', view: 'ap', fracture: { type: 'spiral' } }],
  [
    'femur-transverse.png',
    'femur',
    { seed: 41, anatomy: 'femur', view: 'ap', fracture: { type: 'transverse' } },
  ],
]);

/**
 * A picture in colour that is no radiograph: it shows what a refusal looks like.
 *
 * @returns {import('../src/image/encode.js').EncodableImage}
 */
function colourPicture(width, height) {
  const samples = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const hill = height * (0.6 + 0.12 * Math.sin(x / 40) + 0.05 * Math.sin(x / 13));
      const colour = y > hill ? [60, 130 + (x % 17), 50] : [90 + y / 4, 150 + y / 6, 230];
      samples.set(colour.map(Math.round), (y * width + x) * 3);
    }
  }
  return { width, height, channels: 3, samples };
}

const written = [];
for (const [index, [file, study, options]] of cases.entries()) {
  const image = simulateRadiograph({ ...plain, ...options });
  const target = path.join(out, file);
  await mkdir(path.dirname(target), { recursive: true });
  const bytes = file.endsWith('.dcm')
    ? dxFile(image, { study, instanceNumber: index + 1, monochrome1: file === 'leg-spiral.dcm' })
    : await encodePng({
        ...image,
        channels: 1,
        samples: image.pixels.map((v) => Math.round((v * 65535) / 4095)),
      });
  await writeFile(target, bytes);
  written.push(withoutPixels(image, file, study));
}
await writeFile(path.join(out, 'not-a-radiograph.png'), await encodePng(colourPicture(320, 240)));
await writeFile(path.join(out, 'coco.json'), cocoTruth(written));
await writeFile(path.join(out, 'images.csv'), imagesTable(written));
