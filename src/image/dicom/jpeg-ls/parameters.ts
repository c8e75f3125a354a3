import { JpegCorruptError } from '../jpeg/errors.js';

/** Coding parameters of a scan (ITU-T T.87, C.2.4.1.1). */
export interface CodingParameters {
  readonly maxVal: number;
  readonly near: number;
  readonly t1: number;
  readonly t2: number;
  readonly t3: number;
  readonly reset: number;
  /** Number of values that a prediction error can take (A.2.1). */
  readonly range: number;
  readonly bitsPerError: number;
  /** Longest code in bits. */
  readonly limit: number;
}

/** Preset parameters of an LSE segment; 0 where the default is meant. */
export interface PresetParameters {
  readonly maxVal: number;
  readonly t1: number;
  readonly t2: number;
  readonly t3: number;
  readonly reset: number;
}

export const noPresets: PresetParameters = { maxVal: 0, t1: 0, t2: 0, t3: 0, reset: 0 };

function bitsFor(values: number): number {
  return Math.ceil(Math.log2(values));
}

/** Thresholds of T.87 C.2.4.1.1.1, code segment C.1. */
function defaultThresholds(maxVal: number, near: number): [number, number, number] {
  const clamp = (value: number, lowest: number): number =>
    value > maxVal || value < lowest ? lowest : value;
  const spread = (basic: number, lowest: number, nears: number): number => {
    if (maxVal >= 128) {
      const factor = Math.floor((Math.min(maxVal, 4095) + 128) / 256);
      return factor * (basic - lowest) + lowest + nears * near;
    }
    const factor = Math.floor(256 / (maxVal + 1));
    return Math.max(lowest, Math.floor(basic / factor) + nears * near);
  };
  const t1 = clamp(spread(3, 2, 3), near + 1);
  const t2 = clamp(spread(7, 3, 5), t1);
  return [t1, t2, clamp(spread(21, 4, 7), t2)];
}

/**
 * Parameters of a scan from the sample precision, the near-lossless bound and the presets.
 * @throws JpegCorruptError
 */
export function codingParameters(
  precision: number,
  near: number,
  presets: PresetParameters,
): CodingParameters {
  const maxVal = presets.maxVal || 2 ** precision - 1;
  if (maxVal >= 2 ** precision || near > Math.min(255, maxVal >> 1)) {
    throw new JpegCorruptError('its coding parameters are out of range');
  }
  const [d1, d2, d3] = defaultThresholds(maxVal, near);
  const t1 = presets.t1 || d1;
  const t2 = presets.t2 || d2;
  const t3 = presets.t3 || d3;
  if (t1 <= near || t2 < t1 || t3 < t2) throw new JpegCorruptError('its thresholds are out of order');
  const range = Math.floor((maxVal + 2 * near) / (2 * near + 1)) + 1;
  const bitsPerSample = Math.max(2, bitsFor(maxVal + 1));
  return {
    maxVal,
    near,
    t1,
    t2,
    t3,
    reset: presets.reset || 64,
    range,
    bitsPerError: bitsFor(range),
    limit: 2 * (bitsPerSample + Math.max(8, bitsPerSample)),
  };
}
