import { LucencyError } from '../core/errors.js';
import type { DecodeLimits } from './decode-options.js';

/**
 * Frame numbers (from 1) that the options ask for.
 * @throws LUC_IMAGE_NO_SUCH_FRAME when one frame is asked for that is not there.
 */
export function* selectedFrames(frames: number, { name, frames: wanted }: DecodeLimits): Generator<number> {
  if (wanted === 'all') {
    for (let frame = 1; frame <= frames; frame += 1) yield frame;
    return;
  }
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > frames) {
    throw new LucencyError('LUC_IMAGE_NO_SUCH_FRAME', { path: name, frame: wanted, frames });
  }
  yield wanted;
}

/** @throws LUC_IMAGE_TOO_MANY_FRAMES when there are more frames than are read of one file. */
export function checkFrameCount(frames: number, { name, maxFrames }: DecodeLimits): void {
  if (frames > maxFrames)
    throw new LucencyError('LUC_IMAGE_TOO_MANY_FRAMES', { path: name, limit: maxFrames });
}

/** @throws LUC_IMAGE_TOO_LARGE when one frame has more pixels than `maxPixels`. */
export function checkImageSize(
  width: number,
  height: number,
  frames: number,
  { name, maxPixels }: DecodeLimits,
): void {
  if (width * height > maxPixels) {
    throw new LucencyError('LUC_IMAGE_TOO_LARGE', { path: name, width, height, frames, limit: maxPixels });
  }
}
