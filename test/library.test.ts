import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { affineOf } from '../src/core/affine.js';
import { ctSeries } from '../src/phantom/output/series/ct-series.js';
import { writeLimbs } from '../src/phantom/output/write-limbs.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const example = path.join(root, 'docs/examples/read-studies.mjs');
const run = promisify(execFile);

let work = '';
beforeAll(async () => {
  work = await mkdtemp(path.join(tmpdir(), 'lucency-library-'));
  await writeLimbs(path.join(work, 'limbs'), { count: 1, seed: 5, infected: 1 });
  const box = {
    size: [16, 12, 30],
    affine: affineOf([1, 0, 0], [0, 1, 0], [0, 0, 2], [0, 0, 0]),
    modality: 'CT',
    unit: 'HU',
    voxels: new Int16Array(16 * 12 * 30).fill(40),
    paddingValue: null,
    slices: [],
    dicom: null,
  } as const;
  await mkdir(path.join(work, 'box'));
  const files = [...ctSeries(box, { seed: 1, study: 'b', subject: 'box', bodyPart: 'CHEST' })];
  for (const [index, { bytes }] of files.entries()) {
    await writeFile(path.join(work, 'box', `${index}.dcm`), bytes);
  }
});
afterAll(() => rm(work, { recursive: true, force: true }));

describe('the library', () => {
  it('reads a radiograph, a CT and a PET/CT with one call', async () => {
    const paths = [
      path.join(root, 'test/fixtures/phantoms/leg-spiral.dcm'),
      path.join(work, 'box'),
      path.join(work, 'limbs'),
    ];
    const { stdout, stderr } = await run(process.execPath, [example, ...paths], { cwd: root });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/leg-spiral\.dcm \(radiograph\): fracture, \d+ %/);
    expect(stdout).toMatch(/box \(ribs\): refused, /);
    expect(stdout).toMatch(/limb-5 \(infection\): infection, \d+ %\n {2}definite: hottest uptake/);
    expect(stdout.match(/^study /gm)).toHaveLength(3);
  });

  it('names what is not there, and ends by saying so', async () => {
    const failed = run(process.execPath, [example, path.join(work, 'none')], { cwd: root });
    await expect(failed).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining('LUC_IMAGE_NOT_FOUND'),
    });
  });
});
