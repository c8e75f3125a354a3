import { describe, expect, it } from 'vitest';
import type { FoundInput } from '../input/input-item.js';
import { seriesInputs, type TestSlice } from '../testing/volume-series.js';
import { loadStudy } from './load-study.js';
import { type PlanOptions, planVolumes } from './plan-volumes.js';
import { SeriesCollector } from './series-collector.js';
import type { VolumePlan } from './volume-plan.js';

async function plan(inputs: readonly FoundInput[], options: PlanOptions = {}): Promise<VolumePlan[]> {
  const collector = new SeriesCollector();
  for (const input of inputs) await collector.take(input);
  return planVolumes(collector.series(), [], options);
}

/** What a plan says, in short. */
function words(made: VolumePlan): string {
  if (made.state === 'readable') return `${made.kind} ${made.input}`;
  return `${made.state} ${made.input} ${made.error.code}`;
}

const suv: TestSlice = { modality: 'PT', more: [[0x0054_1001, 'CS', 'GML']] };
const ct = (folder: string, more: TestSlice = {}, count = 8): FoundInput[] =>
  seriesInputs(folder, count, () => more);
const pet = (folder: string, more: TestSlice = {}): FoundInput[] =>
  seriesInputs(folder, 8, () => ({ ...suv, ...more }));

describe('what is to be read of the series that were found', () => {
  it('a CT alone is for ribs, a PET with its CT for infection', async () => {
    expect((await plan(ct('a/ct'))).map(words)).toEqual(['ribs a/ct']);
    const both = await plan([...ct('a/ct'), ...pet('a/pet')]);
    expect(both.map(words)).toEqual(['infection a']);
    const [first] = both;
    if (first?.state !== 'readable') throw new Error('not readable');
    const study = await loadStudy(first);
    expect(study.pet).toMatchObject({ unit: 'SUVbw', modality: 'PT' });
    expect(study.ct).toMatchObject({ unit: 'HU', modality: 'CT' });
  });

  it('two studies in one folder are two readings with names of their own', async () => {
    const other = ct('a', { study: '1.3', series: '1.3.1', patient: 'P2' }).map((input) => ({
      ...input,
      input: input.input.replace('a/', 'a/other-'),
    }));
    expect((await plan([...ct('a'), ...other])).map(words)).toEqual(['ribs a', 'ribs a/other-1.dcm']);
  });

  it('of several CTs of a study the one with the thinnest axial slices is read, and the others are named', async () => {
    const thin = seriesInputs('a/thin', 16, (n) => ({
      series: '1.2.5',
      position: [0, 0, n],
      more: [[0x0008_103e, 'LO', 'thin']],
    }));
    const sagittal = ct('a/sag', { series: '1.2.6', orientation: [0, 1, 0, 0, 0, -1], position: [1, 0, 0] });
    const [made] = await plan([
      ...ct('a/thick', { more: [[0x0008_103e, 'LO', 'thick']] }),
      ...thin,
      ...sagittal,
    ]);
    expect(made && words(made)).toBe('ribs a/thin');
    const said = made?.state === 'readable' ? made.limitations.map(({ text }) => text) : [];
    expect(said).toEqual([expect.stringContaining('thick; 1.2.6')]);
  });

  it('sagittal slices, scouts and single slices are refused', async () => {
    const sagittal = seriesInputs('s', 8, (n) => ({ orientation: [0, 1, 0, 0, 0, -1], position: [n, 0, 0] }));
    expect((await plan(sagittal)).map(words)).toEqual(['refused s LUC_VOLUME_NOT_AXIAL']);
    const scout: TestSlice = { more: [[0x0008_0008, 'CS', 'ORIGINAL\\PRIMARY\\LOCALIZER']] };
    expect((await plan(ct('s', scout, 2))).map(words)).toEqual(['refused s LUC_VOLUME_LOCALIZER']);
    expect((await plan(ct('s', {}, 1))).map(words)).toEqual(['refused s/1.dcm LUC_VOLUME_TOO_FEW_SLICES']);
  });

  it('a PET without CT is refused', async () => {
    expect((await plan(pet('p'))).map(words)).toEqual(['refused p LUC_VOLUME_PET_WITHOUT_CT']);
  });

  it('a PET of another patient, frame of reference or place is refused, and the CT read alone', async () => {
    const beside = async (more: TestSlice): Promise<string[]> =>
      (await plan([...ct('a/ct'), ...pet('a/pet', more)])).map(words);
    const alone = (code: string): string[] => [`refused a/pet ${code}`, 'ribs a/ct'];
    expect(await beside({ patient: 'P2' })).toEqual(alone('LUC_VOLUME_PATIENTS_DIFFER'));
    expect(await beside({ frameOfReference: '1.2.8' })).toEqual(alone('LUC_VOLUME_FRAMES_DIFFER'));
    const far = seriesInputs('a/pet', 8, (n) => ({ ...suv, position: [900, 0, 2 * n] }));
    expect((await plan([...ct('a/ct'), ...far])).map(words)).toEqual(alone('LUC_VOLUME_APART'));
    expect((await beside({ patient: 'P2', study: '1.7' })).sort()).toEqual(
      alone('LUC_VOLUME_PATIENTS_DIFFER').sort(),
    );
  });

  it('a PET from which no SUV can be had is refused, and the CT read alone with the reason', async () => {
    const made = await plan([...ct('a/ct'), ...pet('a/pet', { more: [[0x0054_1001, 'CS', 'PROPCPS']] })]);
    expect(made.map(words)).toEqual(['refused a/pet LUC_VOLUME_SUV_UNITS', 'ribs a/ct']);
    const said = made.flatMap((one) => (one.state === 'readable' ? one.limitations : []));
    expect(said.map(({ code }) => code)).toEqual(['LUC_VOLUME_PET_LEFT_OUT']);
  });

  it('a CT with many gaps is an error, and a slice that cannot be placed is named', async () => {
    const gaps = seriesInputs('g', 40, (n) => (n > 10 && n < 20 ? null : {}));
    expect((await plan(gaps)).map(words)).toEqual(['failed g LUC_VOLUME_SLICES_MISSING']);
    const lost = seriesInputs('l', 20, (n) => (n === 20 ? { more: [[0x0020_0032, 'DS', '']] } : {}));
    expect((await plan(lost)).map(words)).toEqual(['failed l/20.dcm LUC_VOLUME_ATTRIBUTE', 'ribs l']);
  });

  it('a volume beyond all bounds is refused before a voxel is read', async () => {
    expect((await plan(ct('a'), { maxVoxels: 50 })).map(words)).toEqual(['failed a LUC_VOLUME_TOO_LARGE']);
  });
});
