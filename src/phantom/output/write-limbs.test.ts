import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { voxelToPatient } from '../../core/volume-geometry.js';
import { findInputs } from '../../image/inputs.js';
import { loadStudy } from '../../image/volume/load-study.js';
import { planVolumes } from '../../image/volume/plan-volumes.js';
import { SeriesCollector } from '../../image/volume/series-collector.js';
import { simulateLimb } from '../infection/simulate-limb.js';
import { writeLimbs } from './write-limbs.js';

let out = '';
beforeAll(async () => {
  out = await mkdtemp(path.join(tmpdir(), 'lucency-limbs-'));
  await writeLimbs(out, { count: 1, seed: 5, infected: 1, scanners: 'training' });
});
afterAll(() => rm(out, { recursive: true, force: true }));

describe('simulated PET/CT as DICOM', () => {
  it('is read back as one study with the voxels that were simulated', async () => {
    const collector = new SeriesCollector();
    for await (const item of findInputs([path.join(out, 'limb-5')])) {
      if (!('error' in item)) await collector.take(item);
    }
    const [plan, ...others] = planVolumes(collector.series(), []);
    expect(others).toEqual([]);
    if (plan?.state !== 'readable') throw new Error('not readable');
    expect(plan.kind).toBe('infection');
    const { ct, pet } = await loadStudy(plan);
    if (!pet) throw new Error('no PET');
    const simulated = simulateLimb({ seed: 5, infected: true });
    expect(ct.size).toEqual(simulated.ct.size);
    expect(ct.voxels.every((value, i) => value === simulated.ct.voxels[i])).toBe(true);
    expect(pet.size).toEqual(simulated.pet.size);
    const highest = (voxels: ArrayLike<number>) => Array.from(voxels).reduce((a, b) => Math.max(a, b), 0);
    expect(highest(pet.voxels)).toBeCloseTo(highest(simulated.pet.voxels), 2);
    const [x, y, z] = voxelToPatient(ct, [3, 4, 5]);
    const wanted = voxelToPatient(simulated.ct, [3, 4, 5]);
    expect([x, y, z].map((v, i) => v - (wanted[i] ?? 0)).every((gap) => Math.abs(gap) < 1e-3)).toBe(true);
  });

  it('comes with its truth, which says that it is simulated', async () => {
    const truth = JSON.parse(await readFile(path.join(out, 'truth.json'), 'utf8'));
    expect(truth).toMatchObject({ schema: 'lucency.limb-truth/1', simulated: true });
    expect(truth.limbs).toHaveLength(1);
    expect(truth.limbs[0]).toMatchObject({ folder: 'limb-5', infected: true });
  });

  it('does not overwrite what is there unless told to', async () => {
    await expect(writeLimbs(out, { count: 1, seed: 5 })).rejects.toMatchObject({
      code: 'LUC_USAGE_OUTPUT_EXISTS',
    });
  });
});
