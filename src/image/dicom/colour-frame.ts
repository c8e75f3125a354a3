import { LucencyError } from '../../core/errors.js';
import { type GreyOfColour, greyOfColour } from '../grey.js';
import type { SampleArray } from './codecs/frame.js';
import type { StoredFrame } from './stored-values.js';
import { rgbOfYbr } from './ybr.js';

/** Samples of at most 16 bits: the lower half of longer ones says nothing about brightness. */
function atMostSixteenBits(
  samples: SampleArray,
  bits: number,
): { samples: Uint8Array | Uint16Array; bits: number } {
  if (samples instanceof Uint8Array || samples instanceof Uint16Array) return { samples, bits };
  const shift = Math.max(bits - 16, 0);
  return { samples: Uint16Array.from(samples, (value) => value >>> shift), bits: Math.min(bits, 16) };
}

/**
 * A colour frame (RGB or YBR) to grey and how colourful it was.
 * @throws LUC_DICOM_UNSUPPORTED_PHOTOMETRIC
 */
export function greyOfColourFrame(frame: StoredFrame, name: string): GreyOfColour {
  const { samples, bits } = atMostSixteenBits(frame.samples, frame.bits);
  const { width, height, photometric } = frame;
  const white = 2 ** bits - 1;
  if (photometric === 'RGB') return greyOfColour(samples, 3, white, width * height);
  if (photometric === 'YBR_FULL') return greyOfColour(rgbOfYbr(samples, bits), 3, white, width * height);
  throw new LucencyError('LUC_DICOM_UNSUPPORTED_PHOTOMETRIC', { path: name, photometric });
}
