import type { SampleArray } from './codecs/frame.js';
import type { DataSet } from './data-set.js';
import type { FunctionalGroups } from './functional-groups.js';
import { type ModalityTransform, modalityTransform } from './modality-lut.js';
import { paddingMask, paddingRange } from './padding.js';
import type { PixelDescription } from './pixel-description.js';
import type { StoredFrame } from './stored-values.js';
import { tag } from './tags.js';
import { fullRange, statedVoiTransform, type VoiTransform } from './voi-lut.js';

export interface GreyFrame {
  /** 0 black to 65535 white; padding is black. */
  readonly pixels: Uint16Array;
  readonly padding: Uint8Array | null;
}

const white = 65535;

/** The different stored values of an image that are not padding: all that look-up tables need to be made for. */
function distinctValues(samples: SampleArray, padding: Uint8Array | null): Iterable<number> {
  if (samples.BYTES_PER_ELEMENT > 2)
    return padding ? samples.filter((_, index) => padding[index] === 0) : samples;
  // One flag per 16-bit pattern; the pattern of a negative value is its low half.
  const seen = new Uint8Array(65536);
  for (let index = 0; index < samples.length; index += 1) {
    if (padding === null || padding[index] === 0) seen[(samples[index] as number) & 0xffff] = 1;
  }
  const signed = samples instanceof Int16Array || samples instanceof Int8Array;
  const values: number[] = [];
  seen.forEach((flag, pattern) => {
    if (flag === 1) values.push(signed ? (pattern << 16) >> 16 : pattern);
  });
  return values;
}

function range(
  values: Iterable<number>,
  map: (value: number) => number,
): { lowest: number; highest: number } {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    const mapped = map(value);
    if (mapped < lowest) lowest = mapped;
    if (mapped > highest) highest = mapped;
  }
  return { lowest, highest };
}

/**
 * The stated VOI transform, or the full range when there is none, or when it makes the whole of an image that is not
 * blank equally bright: such a window belongs to another image.
 */
function chooseVoi(
  stated: VoiTransform | null,
  modality: ModalityTransform,
  values: Iterable<number>,
): VoiTransform {
  const input = range(values, (value) => modality.apply(value));
  if (stated) {
    const output = range(values, (value) => stated(modality.apply(value)));
    if (output.highest > output.lowest || input.highest === input.lowest) return stated;
  }
  return fullRange(input.lowest, input.highest);
}

function applyPerValue(
  samples: SampleArray,
  values: Iterable<number>,
  brightness: (stored: number) => number,
): Uint16Array {
  const pixels = new Uint16Array(samples.length);
  if (samples.BYTES_PER_ELEMENT > 2) {
    for (let index = 0; index < samples.length; index += 1) {
      pixels[index] = Math.round(brightness(samples[index] as number) * white);
    }
    return pixels;
  }
  const table = new Uint16Array(65536);
  for (const value of values) table[value & 0xffff] = Math.round(brightness(value) * white);
  for (let index = 0; index < samples.length; index += 1) {
    pixels[index] = table[(samples[index] as number) & 0xffff] as number;
  }
  return pixels;
}

/**
 * Stored values to brightness in the order of PS3.4 N.2: modality LUT, VOI LUT, and the inversion of MONOCHROME1 last.
 * Padding takes no part in any range and comes out black.
 * @throws LUC_DICOM_PIXEL_ATTRIBUTE
 */
export function greyFrame(
  dataSet: DataSet,
  groups: FunctionalGroups,
  description: PixelDescription,
  { samples, photometric }: StoredFrame,
  frame: number,
): GreyFrame {
  const padding = paddingMask(samples, paddingRange(dataSet, description));
  const values = distinctValues(samples, padding);
  const rescale = groups(tag.PixelValueTransformationSequence, frame);
  const modality = modalityTransform(dataSet, rescale, description.signed);
  const stated = statedVoiTransform(groups(tag.FrameVoiLutSequence, frame), modality.signed);
  const voi = chooseVoi(stated, modality, values);
  const inverted = photometric === 'MONOCHROME1';
  const pixels = applyPerValue(samples, values, (stored) => {
    const brightness = voi(modality.apply(stored));
    return inverted ? 1 - brightness : brightness;
  });
  if (padding)
    for (let index = 0; index < pixels.length; index += 1) if (padding[index] === 1) pixels[index] = 0;
  return { pixels, padding };
}
