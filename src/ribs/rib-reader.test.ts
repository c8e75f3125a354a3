import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Volume } from '../core/volume.js';
import type { VolumeReader, VolumeStudy } from '../core/volume-reading.js';
import { openRibReader } from './open-reader.js';

const folder = 'models/rib-resnet3d-fracture';

function study(ct: Volume): VolumeStudy {
  return {
    input: 'chest',
    study: null,
    ct,
    pet: null,
    limitations: [],
    started: performance.now(),
    timingsMs: {},
  };
}

function emptyCt(unit: Volume['unit'] = 'HU'): Volume {
  return {
    size: [64, 64, 40],
    affine: [3, 0, 0, 0, 0, 3, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1],
    modality: 'CT',
    unit,
    voxels: new Int16Array(64 * 64 * 40).fill(-1000),
    paddingValue: null,
    slices: [],
    dicom: null,
  };
}

// Readings of simulated chests are tested in test/ribs.test.ts: the phantom is another room of this floor.
describe.skipIf(!existsSync(folder))('the rib reader', () => {
  let reader: VolumeReader;
  beforeAll(async () => {
    reader = await openRibReader({ threads: 1 });
  });
  afterAll(() => reader.close());

  it('refuses what is no chest, and what is not in Hounsfield units', async () => {
    const { reading } = await reader.read(study(emptyCt()));
    expect(reading.verdict).toBe('refused');
    expect(reading.refusal?.code).toBe('LUC_RIBS_NOT_CHEST');
    expect(reading.probability).toBeNull();
    const other = await reader.read(study(emptyCt('unknown')));
    expect(other.reading.refusal?.code).toBe('LUC_RIBS_UNIT');
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    await expect(reader.read(study(emptyCt()), { signal: stop.signal })).rejects.toThrow('stopped');
  });
});
