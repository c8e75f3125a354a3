import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { LucencyError } from '../../core/errors.js';
import { readDicomAttributes } from '../dicom/identity.js';
import { memoryInput } from '../testing/volume-series.js';
import { loadSeries } from './load-series.js';
import { type PetHeader, petHeader } from './pet-header.js';
import { SeriesCollector } from './series-collector.js';
import { stackSlices } from './stack.js';
import { suvbwFactors } from './suv.js';

const data = '../shared/data/dicom/pet';
const hasData = existsSync(data);

const header: PetHeader = {
  units: 'BQML',
  suvType: null,
  correctedImage: ['DECY', 'ATTN'],
  decayCorrection: 'START',
  weightKg: 75,
  doseBq: 3e8,
  halfLifeSeconds: 6586.2,
  startDateTime: null,
  startTime: '110000',
  seriesDate: '20260101',
  seriesTime: '120000',
  acquisitionDate: '20260101',
  acquisitionTime: '120000',
  philipsSuvFactor: null,
  philipsActivityFactor: null,
  gePostInjectionDateTime: null,
};

function factor(changes: Partial<PetHeader>): number {
  return suvbwFactors('PET', [{ ...header, ...changes }])[0] ?? Number.NaN;
}

function refusal(changes: Partial<PetHeader>): string {
  try {
    return `factor ${factor(changes)}`;
  } catch (error) {
    if (error instanceof LucencyError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

describe('SUV by body weight', () => {
  it.skipIf(!hasData)('is that of a real GE scan (skipped without ../shared/data)', async () => {
    const bytes = readFileSync(`${data}/GH184.dcm`);
    const [value] = suvbwFactors('GH184', [petHeader(readDicomAttributes(bytes))]);
    expect(value).toBeCloseTo(3.3176e-4, 8);
    const collector = new SeriesCollector();
    await collector.take(memoryInput('GH184.dcm', bytes));
    const [series] = collector.series();
    if (!series) throw new Error('no series');
    const { voxels, unit } = await loadSeries(series, stackSlices(series, 1));
    expect(unit).toBe('SUVbw');
    expect(Math.max(...voxels)).toBeCloseTo(2.5497, 4);
  });

  it.skipIf(!hasData)('is refused for counts per second (skipped without ../shared/data)', () => {
    const real = petHeader(readDicomAttributes(readFileSync(`${data}/GH610.dcm`)));
    expect(() => suvbwFactors('GH610', [real])).toThrowError(/PROPCPS/);
  });

  it('is weight over the dose that is left at the start of the scan', () => {
    expect(factor({})).toBeCloseTo(75_000 / (3e8 * 2 ** (-3600 / 6586.2)), 12);
  });

  it('counts from the whole dose where decay was corrected to the injection', () => {
    expect(factor({ decayCorrection: 'ADMIN' })).toBeCloseTo(75_000 / 3e8, 12);
  });

  it('knows that an injection before midnight was on the day before', () => {
    const night = { startTime: '233000', seriesTime: '003000', acquisitionTime: '003000' };
    expect(factor(night)).toBeCloseTo(factor({}), 12);
  });

  it('leaves what is SUV already as it is', () => {
    expect(factor({ units: 'GML', weightKg: null, doseBq: null })).toBe(1);
    expect(refusal({ units: 'GML', suvType: 'LBM' })).toContain('LUC_VOLUME_SUV_UNITS');
  });

  it('uses the factors of Philips for counts', () => {
    expect(factor({ units: 'CNTS', philipsSuvFactor: 0.0004 })).toBe(0.0004);
    expect(factor({ units: 'CNTS', philipsActivityFactor: 2 })).toBeCloseTo(2 * factor({}), 12);
    expect(refusal({ units: 'CNTS' })).toContain('LUC_VOLUME_SUV_FAILED');
  });

  it('is refused by name for every attribute that is missing or impossible, and is never NaN', () => {
    const refused: [Partial<PetHeader>, string][] = [
      [{ units: null }, 'Units'],
      [{ units: 'PROPCPS' }, 'PROPCPS'],
      [{ weightKg: null }, 'PatientWeight (missing)'],
      [{ weightKg: 0 }, 'PatientWeight (0)'],
      [{ doseBq: null }, 'RadionuclideTotalDose (missing)'],
      // In MBq, which DICOM does not allow: SUV would be a million times too high.
      [{ doseBq: 300 }, 'RadionuclideTotalDose (300)'],
      [{ halfLifeSeconds: null }, 'RadionuclideHalfLife'],
      [{ startTime: null }, 'RadiopharmaceuticalStartTime'],
      [{ startTime: 'noon' }, 'LUC_VOLUME_SUV_FAILED'],
      [{ seriesTime: null, acquisitionTime: null }, 'SeriesTime'],
      [{ acquisitionDate: null }, 'AcquisitionDate'],
      [{ startDateTime: '20250101110000' }, 'hours after the injection'],
      [{ correctedImage: ['DECY'] }, 'attenuation'],
      [{ correctedImage: ['ATTN'] }, 'decay'],
      [{ decayCorrection: 'NONE' }, 'decay'],
    ];
    for (const [changes, words] of refused) expect(refusal(changes)).toContain(words);
  });

  it('writes nothing to the console', () => {
    const warn = vi.spyOn(console, 'warn');
    factor({});
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });
});
