import { describe, expect, it, vi } from 'vitest';
import { LucencyError } from '../../core/errors.js';
import { readingSchema } from '../../core/reading.js';
import type { VolumeReader } from '../../core/volume-reading.js';
import type { VolumePlan } from '../../image/volume/volume-plan.js';
import { readVolumes, type VolumeEvent } from './read-volumes.js';
import { VolumeReaders } from './volume-readers.js';

const refused: VolumePlan = {
  state: 'refused',
  kind: 'ribs',
  input: 'ward/scout',
  study: '1.2.3',
  error: new LucencyError('LUC_VOLUME_LOCALIZER', { series: 'scout' }),
  size: [512, 888, 2],
};
const failed: VolumePlan = {
  state: 'failed',
  input: 'ward/cut',
  error: new LucencyError('LUC_VOLUME_SLICES_MISSING', { series: 's', count: 9, where: 'here' }),
};
const nifti: VolumePlan = {
  state: 'readable',
  kind: 'ribs',
  input: 'ward/a.nii',
  study: null,
  source: {
    format: 'nifti',
    file: {
      input: 'ward/a.nii',
      study: null,
      format: 'nifti',
      size: 3,
      read: async () => Uint8Array.of(1, 2, 3),
      readStart: async () => Uint8Array.of(1, 2, 3),
    },
  },
  limitations: [],
};

function readersOf(reader: VolumeReader | Error): VolumeReaders {
  const readers = new VolumeReaders();
  vi.spyOn(readers, 'of').mockImplementation(async () => {
    if (reader instanceof Error) throw reader;
    return reader;
  });
  return readers;
}

async function events(plans: readonly VolumePlan[], readers: VolumeReaders): Promise<VolumeEvent[]> {
  const list: VolumeEvent[] = [];
  for await (const event of readVolumes(plans, readers)) list.push(event);
  return list;
}

describe('reading planned volumes', () => {
  const idle: VolumeReader = {
    kind: 'ribs',
    modelIds: [],
    read: () => Promise.reject(new Error('not reached')),
    close: async () => undefined,
  };

  it('gives refusals as valid readings and failures by name, and goes on', async () => {
    const [first, second, third] = await events([refused, failed, nifti], readersOf(idle));
    if (first?.kind !== 'refused') throw new Error('not refused');
    expect(readingSchema.parse(first.reading)).toMatchObject({
      kind: 'ribs',
      verdict: 'refused',
      probability: null,
      refusal: { code: 'LUC_VOLUME_LOCALIZER' },
      image: { width: 512, height: 888, depth: 2 },
    });
    expect(second).toMatchObject({
      kind: 'error',
      input: 'ward/cut',
      error: { code: 'LUC_VOLUME_SLICES_MISSING' },
    });
    expect(third).toMatchObject({
      kind: 'error',
      input: 'ward/a.nii',
      error: { code: 'LUC_VOLUME_NIFTI_CORRUPT' },
    });
  });

  it('names each study whose models are missing', async () => {
    const missing = new LucencyError('LUC_MODEL_MISSING', { id: 'ribs', path: 'models' });
    const [only] = await events([nifti], readersOf(missing));
    expect(only).toMatchObject({ kind: 'error', input: 'ward/a.nii', error: { code: 'LUC_MODEL_MISSING' } });
  });

  it('passes over what was read before', async () => {
    const list: VolumeEvent[] = [];
    const skip = (input: string): boolean => input === 'ward/scout';
    for await (const event of readVolumes([refused, failed], readersOf(idle), { skip })) list.push(event);
    expect(list.map(({ kind }) => kind)).toEqual(['error']);
  });
});
