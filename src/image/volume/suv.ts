import { LucencyError } from '../../core/errors.js';
import { type SuvInput, suvFactors } from './calculate-suv.js';
import type { PetHeader } from './pet-header.js';

// Doses are stated in Bq; what is far below was written in MBq or mCi, and any SUV from it would be wrong by 10^6.
const plausibleDoseBq = { lowest: 1e6, highest: 1e10 };
const plausibleWeightKg = { lowest: 0.5, highest: 500 };
/** FDG is scanned an hour after the injection, give or take; other tracers within the day. */
const longestUptakeSeconds = 24 * 3600;

function missing(series: string, attribute: string, value: string | number | null): LucencyError {
  return new LucencyError('LUC_VOLUME_SUV_MISSING', { series, attribute, value: value ?? 'missing' });
}

function plausible(
  series: string,
  attribute: string,
  value: number | null,
  { lowest, highest }: { readonly lowest: number; readonly highest: number },
): number {
  if (value === null || !(value >= lowest && value <= highest)) throw missing(series, attribute, value);
  return value;
}

function stated(series: string, attribute: string, value: string | null): string {
  if (value === null) throw missing(series, attribute, value);
  return value;
}

/** Seconds since 1970 of a DICOM date and time, both without zone. */
function seconds(date: string, time: string): number {
  const [, year, month, day] = /^(\d{4})\.?(\d{2})\.?(\d{2})/.exec(date) ?? [];
  const [, hour = '0', minute = '0', second = '0'] =
    /^(\d{2}):?(\d{2})?:?(\d{2}(?:\.\d+)?)?/.exec(time) ?? [];
  return (
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute)) / 1000 +
    Number(second)
  );
}

function dayBefore(date: string): string {
  const day = new Date((seconds(date, '00') - 86_400) * 1000);
  return day.toISOString().slice(0, 10).replaceAll('-', '');
}

/**
 * When the dose was given, as DICOM DT. Where only a time is stated, its day is that of the scan, or the day before for a
 * scan just after midnight.
 */
function injectionOf(series: string, header: PetHeader, scanDate: string, scanTime: string): string {
  if (header.startDateTime !== null) return header.startDateTime;
  const time = stated(series, 'RadiopharmaceuticalStartTime', header.startTime);
  const date = seconds(scanDate, time) > seconds(scanDate, scanTime) ? dayBefore(scanDate) : scanDate;
  return `${date}${time}`;
}

function inputOf(series: string, header: PetHeader, units: SuvInput['units']): SuvInput {
  const seriesDate = stated(series, 'SeriesDate', header.seriesDate ?? header.acquisitionDate);
  const seriesTime = stated(series, 'SeriesTime', header.seriesTime ?? header.acquisitionTime);
  const acquisitionDate = stated(series, 'AcquisitionDate', header.acquisitionDate);
  const acquisitionTime = stated(series, 'AcquisitionTime', header.acquisitionTime);
  const injection = injectionOf(series, header, acquisitionDate, acquisitionTime);
  const times = {
    injection,
    seriesDate,
    seriesTime,
    acquisitionDate,
    acquisitionTime,
    gePostInjectionDateTime: header.gePostInjectionDateTime,
  };
  // Values that were corrected to the injection are scaled by the whole dose: as if the scan had begun with it.
  const atInjection = { date: injection.slice(0, 8), time: injection.slice(8) || '000000' };
  const corrected =
    header.decayCorrection === 'ADMIN'
      ? {
          ...times,
          seriesDate: atInjection.date,
          seriesTime: atInjection.time,
          acquisitionDate: atInjection.date,
          acquisitionTime: atInjection.time,
          gePostInjectionDateTime: null,
        }
      : times;
  return {
    ...corrected,
    units,
    weightKg: plausible(series, 'PatientWeight', header.weightKg, plausibleWeightKg),
    doseBq: plausible(series, 'RadionuclideTotalDose', header.doseBq, plausibleDoseBq),
    halfLifeSeconds: plausible(series, 'RadionuclideHalfLife', header.halfLifeSeconds, {
      lowest: 1,
      highest: 1e7,
    }),
    philipsSuvFactor: header.philipsSuvFactor,
    philipsActivityFactor: header.philipsActivityFactor,
  };
}

function checkCorrections(series: string, { correctedImage, decayCorrection }: PetHeader): void {
  if (!correctedImage.includes('ATTN')) {
    throw new LucencyError('LUC_VOLUME_SUV_CORRECTION', { series, what: 'attenuation' });
  }
  if (!correctedImage.includes('DECY') || (decayCorrection !== 'START' && decayCorrection !== 'ADMIN')) {
    throw new LucencyError('LUC_VOLUME_SUV_CORRECTION', { series, what: 'decay' });
  }
}

/** SUV of any other kind than by body weight is another number (PS3.3 C.8.9.1.1.3). */
function checkSuvType(series: string, { suvType }: PetHeader): void {
  if (suvType !== null && suvType !== 'BW') {
    throw new LucencyError('LUC_VOLUME_SUV_UNITS', { series, units: `GML, SUV type ${suvType}` });
  }
}

function checkedFactor(series: string, factor: number): number {
  if (Number.isFinite(factor) && factor > 0) return factor;
  throw new LucencyError('LUC_VOLUME_SUV_FAILED', { series, reason: `the factor would be ${factor}` });
}

/**
 * Factor of every image of a PET series from rescaled values to SUVbw; 1 for series that hold SUVbw already (GML). Nothing
 * is assumed for what is missing, and the result is never NaN.
 *
 * @param series name of the series, for messages
 * @param headers one per image, in the order of the factors
 * @throws LUC_VOLUME_SUV_UNITS (PROPCPS and all else that is no activity), LUC_VOLUME_SUV_MISSING,
 *   LUC_VOLUME_SUV_CORRECTION, LUC_VOLUME_SUV_FAILED
 */
export function suvbwFactors(series: string, headers: readonly PetHeader[]): number[] {
  const [first] = headers;
  const units = first?.units ?? null;
  if (!first || units === null) throw missing(series, 'Units', null);
  if (headers.some((header) => header.units !== units)) {
    throw new LucencyError('LUC_VOLUME_SUV_FAILED', { series, reason: 'its images have different units' });
  }
  if (units === 'GML') {
    for (const header of headers) checkSuvType(series, header);
    return headers.map(() => 1);
  }
  if (units !== 'BQML' && units !== 'CNTS') {
    throw new LucencyError('LUC_VOLUME_SUV_UNITS', { series, units });
  }
  for (const header of headers) checkCorrections(series, header);
  const inputs = headers.map((header) => inputOf(series, header, units));
  checkUptakeTime(series, inputs);
  try {
    return suvFactors(inputs).map((factor) => checkedFactor(series, factor));
  } catch (cause) {
    if (cause instanceof LucencyError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LucencyError('LUC_VOLUME_SUV_FAILED', { series, reason }, { cause });
  }
}

function checkUptakeTime(series: string, inputs: readonly SuvInput[]): void {
  for (const { injection, seriesDate, seriesTime } of inputs) {
    const uptake = seconds(seriesDate, seriesTime) - seconds(injection.slice(0, 8), injection.slice(8));
    if (uptake >= 0 && uptake <= longestUptakeSeconds) continue;
    const reason = Number.isFinite(uptake)
      ? `the scan would begin ${(uptake / 3600).toFixed(1)} hours after the injection`
      : 'its dates and times cannot be read';
    throw new LucencyError('LUC_VOLUME_SUV_FAILED', { series, reason });
  }
}
