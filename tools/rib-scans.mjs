// Simulated chests for measuring the rib reader, kept on disk so that they are made once.
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Seeds of scans that nothing was trained on: other chests than those of tools/rib-patches.mjs. */
export const sets = {
  // Scanners as in training: thresholds and calibration are chosen here.
  calibration: { first: 500_000, scanner: 'training' },
  // Other scanner settings: every figure is measured here. The rib finder was mended on the eight seeds before.
  test: { first: 700_008, scanner: 'test' },
};

/** One scan of a set with its truth; simulated when it is not in the cache. */
export async function ribScan(set, index, cache) {
  const { drawChestScan } = await import('../dist/phantom/thorax/draw-chest-scan.js');
  const { chestVolume } = await import('../dist/phantom/thorax/chest-volume.js');
  const { fractureTruths, ribTruths } = await import('../dist/phantom/thorax/rib-truth.js');
  const { Random } = await import('../dist/phantom/random.js');
  const { first, scanner } = sets[set];
  const seed = first + index;
  // Pixels of 0.85 to 1.1 mm.
  const matrix = Math.round(new Random(`matrix ${seed}`).between(310, 370));
  const scan = drawChestScan({ seed, scanner, matrix });
  const truth = {
    seed,
    settings: scan.settings,
    build: scan.chest.build,
    fractures: fractureTruths(scan),
    ribs: ribTruths(scan),
  };
  const file = path.join(cache, `${set}-${seed}.raw`);
  if (await stat(file).catch(() => null)) {
    const { columns, rows, slices, origin, spacing } = scan.grid;
    const bytes = await readFile(file);
    const voxels = new Int16Array(bytes.buffer, bytes.byteOffset, columns * rows * slices);
    const [sx, sy, sz] = spacing;
    /** @type {import('../src/core/affine.js').Affine} */
    const affine = [sx, 0, 0, origin[0], 0, sy, 0, origin[1], 0, 0, sz, origin[2], 0, 0, 0, 1];
    /** @type {import('../src/core/volume.js').Volume} */
    const ct = {
      size: [columns, rows, slices],
      affine,
      modality: 'CT',
      unit: 'HU',
      voxels,
      paddingValue: null,
      slices: [],
      dicom: null,
    };
    return { truth, ct };
  }
  const ct = chestVolume(scan);
  await mkdir(cache, { recursive: true });
  await writeFile(`${file}.tmp`, Buffer.from(ct.voxels.buffer));
  await rename(`${file}.tmp`, file);
  return { truth, ct };
}
