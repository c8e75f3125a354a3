import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readingSchema } from '../src/core/reading.js';
import type { Volume } from '../src/core/volume.js';
import type { VolumeReader, VolumeStudy } from '../src/core/volume-reading.js';
import { decodeNifti } from '../src/image/nifti/decode-nifti.js';
import { notALimb } from '../src/infection/not-a-limb.js';
import { openInfectionReader } from '../src/infection/open-reader.js';
import { coarseCt, regionSpacing } from '../src/infection/region-tensor.js';
import { openLimb } from '../src/phantom/infection/open-limb.js';
import { simulateLimb } from '../src/phantom/infection/simulate-limb.js';

const model = 'models/resnet3d-infection';
const scores: { seed: number; background: string | null; probability: number; suvMax: number }[] = JSON.parse(
  readFileSync(`${model}/test-scores.json`, 'utf8'),
);

function studyOf(ct: Volume, pet: Volume | null): VolumeStudy {
  return {
    input: 'limb',
    study: '1.2.3',
    ct,
    pet,
    limitations: [],
    started: performance.now(),
    timingsMs: {},
  };
}

function named(ct: Volume, bodyPartExamined: string): Volume {
  return { ...ct, dicom: { bodyPartExamined } };
}

let reader: VolumeReader;
beforeAll(async () => {
  reader = await openInfectionReader({ threads: 1, explain: true, allCandidates: true });
});
afterAll(() => reader.close());

describe('the reader of infection', () => {
  const [first] = scores.filter(({ background }) => background === null);
  const { ct, pet } = simulateLimb({ seed: first?.seed ?? 0, scanners: 'held-out' });

  it('gives the probability that the training program measured on the same limb', async () => {
    const { reading, heatMaps } = await reader.read(studyOf(ct, pet));
    expect(readingSchema.parse(reading)).toEqual(reading);
    // The training program sees SUV in steps of 0.01.
    expect(reading.probability).toBeCloseTo(first?.probability ?? Number.NaN, 1);
    const suv = reading.kind === 'infection' ? reading.suv : undefined;
    expect(suv?.hottest.suvMax).toBeCloseTo(first?.suvMax ?? Number.NaN, 3);
    expect(suv?.rule.positive).toBe((first?.suvMax ?? 0) >= 4.75);
    expect(reading.findings).toHaveLength(1);
    expect(reading.models[0]?.trainedOnSimulatedDataOnly).toBe(true);
    expect(reading.limitations?.map(({ code }) => code)).toContain('LUC_INFECTION_SIMULATED');
    expect(heatMaps[0]?.size).toEqual([5, 5, 5]);
  });

  it('places its finding in the voxels of the CT and in the patient alike', async () => {
    const { reading } = await reader.read(studyOf(ct, pet));
    const [finding] = reading.findings;
    const [x = 0, y = 0, z = 0, width = 0, height = 0, depth = 0] = finding?.box3d ?? [];
    const [mx = 0, my = 0, mz = 0] = finding?.centerMm ?? [];
    const mm = (voxel: number, axis: 0 | 1 | 2) =>
      voxel * (ct.affine[5 * axis] ?? 0) + (ct.affine[4 * axis + 3] ?? 0);
    expect(mx).toBeGreaterThan(mm(x - 0.5, 0));
    expect(mx).toBeLessThan(mm(x + width - 0.5, 0));
    expect(my).toBeGreaterThan(mm(y - 0.5, 1));
    expect(my).toBeLessThan(mm(y + height - 0.5, 1));
    expect(mz).toBeGreaterThan(mm(z - 0.5, 2));
    expect(mz).toBeLessThan(mm(z + depth - 0.5, 2));
  });

  const refusals: [string, VolumeStudy, string][] = [
    ['CT alone', studyOf(ct, null), 'LUC_INFECTION_NO_PET'],
    ['PET that is no SUV', studyOf(ct, { ...pet, unit: 'Bq/ml' }), 'LUC_INFECTION_UNIT'],
    ['a stated chest', studyOf(named(ct, 'CHEST'), pet), 'LUC_INFECTION_BODY_PART'],
    [
      'PET without counts',
      studyOf(ct, { ...pet, voxels: new Float32Array(pet.voxels.length) }),
      'LUC_INFECTION_NO_REGION',
    ],
  ];
  it.each(refusals)('refuses %s', async (_, study, code) => {
    const { reading } = await reader.read(study);
    expect(reading).toMatchObject({ verdict: 'refused', probability: null, findings: [], refusal: { code } });
  });

  it('stops when told to', async () => {
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    await expect(reader.read(studyOf(ct, pet), { signal: controller.signal })).rejects.toThrow('enough');
  });
});

describe('what is no limb', () => {
  const ring = (inside: number): Volume => {
    const side = 60;
    const voxels = Int16Array.from({ length: side * side * 12 }, (_, i) => {
      const r = 4 * Math.hypot((i % side) - 30, (Math.floor(i / side) % side) - 30);
      return r < 75 ? inside : r < 82 ? 900 : r < 90 ? 20 : -1000;
    });
    return {
      size: [side, side, 12],
      affine: [4, 0, 0, 0, 0, 4, 0, 0, 0, 0, 4, 0, 0, 0, 0, 1],
      modality: 'CT',
      unit: 'HU',
      voxels,
      paddingValue: null,
      slices: [],
      dicom: null,
    };
  };

  it('is told by soft tissue that bone encloses, as in a head', () => {
    expect(notALimb(coarseCt(ring(35)), regionSpacing)).toContain('skull');
  });

  it('is told by air inside of the body, as in a chest', () => {
    expect(notALimb(coarseCt(ring(-850)), regionSpacing)).toContain('lungs');
  });

  const femur = '../shared/data/petct/STS_024';
  it.skipIf(!existsSync(femur))('is no real thigh (skipped without ../shared/data)', async () => {
    const { ct } = await openLimb(femur);
    expect(notALimb(coarseCt(ct), regionSpacing)).toBeNull();
  });

  const chest = '../shared/data/ct/chest_a.nii.gz';
  it.skipIf(!existsSync(chest))('holds for a real chest (skipped without ../shared/data)', async () => {
    const volume = await decodeNifti(readFileSync(chest), chest);
    expect(notALimb(coarseCt(volume), regionSpacing)).not.toBeNull();
  });
});
