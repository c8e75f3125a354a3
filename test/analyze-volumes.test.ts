import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { affineOf } from '../src/core/affine.js';
import { readingSchema } from '../src/core/reading.js';
import type { Volume } from '../src/core/volume.js';
import { ctSeries } from '../src/phantom/output/series/ct-series.js';
import { ptSeries } from '../src/phantom/output/series/pt-series.js';
import { writeSeries } from '../src/phantom/output/series/write-series.js';

const bin = fileURLToPath(new URL('../bin/lucency.js', import.meta.url));
const example = fileURLToPath(new URL('../test/fixtures/phantoms/leg-spiral.dcm', import.meta.url));
let work: string;

const size = [16, 12, 30] as const;
const grid = { size, paddingValue: null, slices: [], dicom: null };
const upright = affineOf([1, 0, 0], [0, 1, 0], [0, 0, 2], [0, 0, 0]);
const ct: Volume = {
  ...grid,
  affine: upright,
  modality: 'CT',
  unit: 'HU',
  voxels: new Int16Array(16 * 12 * 30).fill(40),
};
const pet: Volume = {
  ...grid,
  affine: upright,
  modality: 'PT',
  unit: 'SUVbw',
  voxels: new Float32Array(16 * 12 * 30).fill(1),
};
const about = { seed: 1, subject: 'box', bodyPart: 'CHEST' };

beforeAll(async () => {
  work = await mkdtemp(path.join(tmpdir(), 'lucency-volumes-'));
  const sagittal = affineOf([0, 1, 0], [0, 0, -1], [2, 0, 0], [0, 0, 0]);
  await cp(example, path.join(work, 'leg.dcm'));
  await writeSeries(
    path.join(work, 'sagittal'),
    ctSeries({ ...ct, affine: sagittal }, { ...about, study: 's' }),
  );
  await writeSeries(path.join(work, 'pet'), ptSeries(pet, { ...about, study: 'p' }));
  const gaps = [...ctSeries(ct, { ...about, study: 'g' })].filter((_, at) => at < 10 || at > 18);
  await writeSeries(path.join(work, 'gaps'), gaps);
});
afterAll(() => rm(work, { recursive: true, force: true }));

describe('lucency analyze on a folder of images and volumes', () => {
  it('reads the images, refuses and names the volumes that cannot be read, and says so by its exit code', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [bin, 'analyze', '.', '--json'], {
      encoding: 'utf8',
      cwd: work,
    });
    const readings = stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => readingSchema.parse(JSON.parse(line)));
    expect(readings.map(({ input, kind, refusal }) => [input, kind, refusal?.code ?? 'read'])).toEqual([
      ['leg.dcm', 'radiograph', 'read'],
      ['pet', 'infection', 'LUC_VOLUME_PET_WITHOUT_CT'],
      ['sagittal', 'ribs', 'LUC_VOLUME_NOT_AXIAL'],
    ]);
    expect(stderr).toContain('gaps: LUC_VOLUME_SLICES_MISSING');
    expect(stderr).toContain('9 between 18.0 mm (instance 10) and 38.0 mm (instance 20)');
    expect(status).toBe(1);
  });
});
