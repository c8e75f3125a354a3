import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { affineOf } from '../../../core/affine.js';
import type { Volume } from '../../../core/volume.js';
import { ctSeries } from './ct-series.js';
import { ptSeries } from './pt-series.js';
import type { SeriesFile } from './series-options.js';
import { writeSeries } from './write-series.js';

const grid = {
  size: [16, 12, 3],
  affine: affineOf([0.7, 0, 0], [0, 0.7, 0], [0, 0, 1.25], [-100, -100, -300]),
  paddingValue: null,
  slices: [],
  dicom: null,
} as const;
const voxels = grid.size[0] * grid.size[1] * grid.size[2];
const ct: Volume = {
  ...grid,
  modality: 'CT',
  unit: 'HU',
  voxels: Int16Array.from({ length: voxels }, (_, at) => at - 1000),
};
const pet: Volume = {
  ...grid,
  modality: 'PT',
  unit: 'SUVbw',
  voxels: Float32Array.from({ length: voxels }, (_, at) => at / 100),
};
const options = { study: 'case', seed: 1, subject: 'leg', bodyPart: 'LEG', laterality: 'L' } as const;

// dciodvfy knows no fourth value of ImageType; the standard leaves it free (PS3.3 C.7.6.1.1.2).
const expectedRemark = /ImageType\(0008,0008\)\[4\].*Unrecognized defined term/;
const hasValidator = spawnSync('dciodvfy', ['-version']).error === undefined;

describe('simulated series', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'lucency-series-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const kinds: Record<string, () => Iterable<SeriesFile>> = {
    'CT, signed': () => ctSeries(ct, options),
    'CT, unsigned': () => ctSeries(ct, { ...options, stored: 'unsigned' }),
    'PET in Bq/ml': () => ptSeries(pet, { ...options, seriesNumber: 2 }),
    'PET in SUV': () => ptSeries(pet, { ...options, seriesNumber: 3, units: 'GML' }),
  };
  for (const [kind, files] of Object.entries(kinds)) {
    it.skipIf(!hasValidator)(`${kind}: dciodvfy finds no fault (skipped without dicom3tools)`, async () => {
      const target = path.join(folder, kind);
      expect(await writeSeries(target, files())).toBe(3);
      for (const file of await readdir(target)) {
        const { stderr } = spawnSync('dciodvfy', ['-new', path.join(target, file)], { encoding: 'utf8' });
        const faults = stderr
          .split('\n')
          .filter((line) => /^(Error|Warning)/.test(line) && !expectedRemark.test(line));
        expect(faults).toEqual([]);
      }
    });
  }

  it('gives the same bytes for the same seed', () => {
    const [first] = ctSeries(ct, options);
    const [again] = ctSeries(ct, options);
    expect(first?.bytes).toEqual(again?.bytes);
  });
});
