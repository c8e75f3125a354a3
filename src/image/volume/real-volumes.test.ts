import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resampleOnto } from '../../core/resample.js';
import { type Volume, voxelCount } from '../../core/volume.js';
import { spacingMm, voxelMl } from '../../core/volume-geometry.js';
import { readDicomAttributes } from '../dicom/identity.js';
import { findInputs } from '../inputs.js';
import { decodeNifti } from '../nifti/decode-nifti.js';
import { loadStudy } from './load-study.js';
import { planVolumes } from './plan-volumes.js';
import { SeriesCollector } from './series-collector.js';
import { rasterise, readStructureSet } from './structure-set.js';

const data = '../shared/data';
const hasData = existsSync(`${data}/petct/golden.csv`);

/** Rows of golden.csv by column; values with commas inside are quoted. */
function golden(): Record<string, string>[] {
  if (!hasData) return [];
  const rows = readFileSync(`${data}/petct/golden.csv`, 'utf8').trim().split(/\r?\n/);
  const [names = [], ...values] = rows.map((row) =>
    [...row.matchAll(/"([^"]*)"|([^,]+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? ''),
  );
  return values.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at] ?? ''])));
}

function extremes({ voxels }: Volume): { max: number; min: number } {
  let max = Number.NEGATIVE_INFINITY;
  let min = Number.POSITIVE_INFINITY;
  for (const value of voxels) {
    max = Math.max(max, value);
    min = Math.min(min, value);
  }
  return { max, min };
}

function insideOf(volume: Volume, structureSet: string): { count: number; max: number; mean: number } {
  const [roi] = readStructureSet(readDicomAttributes(readFileSync(structureSet), structureSet));
  if (!roi) throw new Error('no region');
  const inside = rasterise(roi, volume, structureSet).reduce<number[]>((values, one, at) => {
    if (one === 1) values.push(volume.voxels[at] ?? Number.NaN);
    return values;
  }, []);
  const sum = inside.reduce((total, value) => total + value, 0);
  return { count: inside.length, max: Math.max(...inside), mean: sum / inside.length };
}

describe.skipIf(!hasData)('real PET/CT of limbs (skipped without ../shared/data)', () => {
  for (const row of golden()) {
    const patient = row.patient ?? '';
    it(`${patient}: sizes, values and regions are those that another program found`, async () => {
      const collector = new SeriesCollector();
      for await (const item of findInputs([`${data}/petct/${patient}`])) {
        if (!('error' in item)) await collector.take(item);
      }
      const [plan, ...others] = planVolumes(collector.series(), []);
      expect(others).toEqual([]);
      if (plan?.state !== 'readable') throw new Error('not readable');
      expect(plan).toMatchObject({ kind: 'infection', input: `${data}/petct/${patient}`, limitations: [] });
      const { ct, pet } = await loadStudy(plan);
      if (!pet) throw new Error('no PET');
      const series = [
        { name: 'CT', volume: ct, mask: 'CT' },
        { name: 'PET', volume: pet, mask: 'PET' },
      ];
      for (const { name, volume, mask } of series) {
        const of = (column: string): string => row[`${name}_${column}`] ?? '';
        expect([...volume.size].reverse().join('x')).toBe(of('shape'));
        const [column, , slice] = spacingMm(volume);
        const [goldenColumn, goldenSlice] = of('sp').split('/').map(Number);
        expect(column).toBeCloseTo(goldenColumn ?? Number.NaN, 3);
        expect(slice).toBeCloseTo(goldenSlice ?? Number.NaN, 3);
        expect(extremes(volume).max).toBeCloseTo(Number(of('max')), 4);
        expect(extremes(volume).min).toBeCloseTo(Number(of('min')), 4);
        const { count, max, mean } = insideOf(volume, `${data}/petct/${patient}/${mask}/mask/RS.dcm`);
        expect(count).toBe(Number(of('roi_vox')));
        expect(count * voxelMl(volume)).toBeCloseTo(Number(of('roi_ml')), 2);
        expect(max).toBeCloseTo(Number(of('roi_max')), 4);
        expect(mean).toBeCloseTo(Number(of('roi_mean')), 4);
      }
    });
  }

  it('lays PET over CT by patient coordinates: the tumour keeps its uptake', async () => {
    const collector = new SeriesCollector();
    for await (const item of findInputs([`${data}/petct/STS_002`])) {
      if (!('error' in item)) await collector.take(item);
    }
    const [plan] = planVolumes(collector.series(), []);
    if (plan?.state !== 'readable') throw new Error('not readable');
    const { ct, pet } = await loadStudy(plan);
    if (!pet) throw new Error('no PET');
    const onCt = resampleOnto(pet, ct, 0);
    expect(onCt.size).toEqual(ct.size);
    const own = insideOf(pet, `${data}/petct/STS_002/PET/mask/RS.dcm`);
    const laid = insideOf(onCt, `${data}/petct/STS_002/CT/mask/RS.dcm`);
    expect(Math.abs(laid.mean - own.mean) / own.mean).toBeLessThan(0.02);
    expect(Math.abs(laid.max - own.max) / own.max).toBeLessThan(0.05);
  });
});

describe.skipIf(!hasData)('real CT in NIfTI (skipped without ../shared/data)', () => {
  for (const [name, size, spacing] of [
    ['chest_a', [120, 126, 164], 1.5],
    ['chest_b', [122, 102, 112], 1.5],
    ['abdomen', [122, 101, 112], 3],
  ] as const) {
    it(`${name}: air and bone are where they should be`, async () => {
      const volume = await decodeNifti(readFileSync(`${data}/ct/${name}.nii.gz`), name);
      expect(volume.size).toEqual(size);
      spacingMm(volume).forEach((distance) => {
        expect(distance).toBeCloseTo(spacing, 5);
      });
      const { min, max } = extremes(volume);
      expect(min).toBeLessThan(-950);
      expect(max).toBeGreaterThan(1000);
      let soft = 0;
      for (const hu of volume.voxels) if (hu > -150 && hu < 150) soft += 1;
      expect(soft / voxelCount(volume.size)).toBeGreaterThan(0.1);
    });
  }
});
