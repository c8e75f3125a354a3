import { LucencyError } from '../../core/errors.js';
import type { Radiograph } from '../../core/radiograph.js';
import type { DecodeLimits } from '../decode-options.js';
import { decodedBudget } from '../decoded-budget.js';
import { checkFrameCount, checkImageSize, selectedFrames } from '../frame-selection.js';
import { greyOfColourFrame } from './colour-frame.js';
import { type DicomFile, headerOf, openDicomFile } from './dicom-file.js';
import { type FunctionalGroups, functionalGroups } from './functional-groups.js';
import { greyFrame } from './grey-frame.js';
import { dicomIdentity } from './identity.js';
import { greyOfPalette } from './palette.js';
import type { PixelDescription } from './pixel-description.js';
import { statedSpacing } from './pixel-spacing.js';
import { openStoredFrames, type StoredFrame, type StoredFrames } from './stored-values.js';
import { tag } from './tags.js';

/** Media Storage Directory Storage: a DICOMDIR. */
export const directorySopClass = '1.2.840.10008.1.3.10';

/** Bytes that a deflated data set may have beside four per pixel. */
const attributeAllowance = 2 ** 24;

type Brightness = Pick<Radiograph, 'pixels' | 'padding' | 'colourfulness'>;

function brightness(
  { dataSet }: DicomFile,
  groups: FunctionalGroups,
  { description }: StoredFrames,
  stored: StoredFrame,
  frame: number,
): Brightness {
  if (stored.photometric.startsWith('MONOCHROME')) {
    return { ...greyFrame(dataSet, groups, description, stored, frame), colourfulness: null };
  }
  const palette = stored.photometric === 'PALETTE COLOR';
  const { grey, colourfulness } = palette
    ? greyOfPalette(dataSet, stored.samples)
    : greyOfColourFrame(stored, dataSet.name);
  return { pixels: grey, padding: null, colourfulness };
}

function open(bytes: Uint8Array, { name, maxPixels }: DecodeLimits): DicomFile {
  const file = openDicomFile(bytes, { name, maxInflatedBytes: 4 * maxPixels + attributeAllowance });
  if (file.meta.text(tag.MediaStorageSopClassUid) === directorySopClass) {
    throw new LucencyError('LUC_DICOM_DIRECTORY', { path: name });
  }
  return file;
}

/** Codecs that work on samples of 32 bits, in memory of their own, of which the result is a copy. */
const wideCodecs: ReadonlySet<string> = new Set(['jpeg-2000', 'htj2k']);

/** Bytes that decoding one frame takes at its most: samples, their words in the decoder, grey and padding. */
function decodedBytes(description: PixelDescription, { transferSyntax }: DicomFile): number {
  const { width, height, samplesPerPixel, bitsAllocated } = description;
  const perSample = 2 * Math.ceil(bitsAllocated / 8) + (wideCodecs.has(transferSyntax?.codec ?? '') ? 8 : 0);
  return width * height * (samplesPerPixel * perSample + 3);
}

/**
 * Decodes a DICOM image frame by frame: stored values, modality LUT, VOI LUT or window, MONOCHROME1 inverted last.
 * @throws LucencyError with a LUC_DICOM_* code, LUC_IMAGE_TOO_LARGE, LUC_IMAGE_TOO_MANY_FRAMES, LUC_IMAGE_BUDGET, LUC_IMAGE_NO_SUCH_FRAME
 */
export async function* decodeDicom(bytes: Uint8Array, limits: DecodeLimits): AsyncGenerator<Radiograph> {
  let release = (): void => undefined;
  try {
    const file = open(bytes, limits);
    const { dataSet } = file;
    const stored = openStoredFrames(file, {
      check: ({ width, height, frames }) => {
        checkFrameCount(frames, limits);
        checkImageSize(width, height, frames, limits);
      },
    });
    const { width, height, frames, bitsStored } = stored.description;
    const groups = functionalGroups(dataSet);
    const identity = dicomIdentity(dataSet);
    const dicomHeader = headerOf(file);
    const needed = decodedBytes(stored.description, file);
    for (const frame of selectedFrames(frames, limits)) {
      release = await decodedBudget().hold(needed, limits.name);
      yield {
        width,
        height,
        ...brightness(file, groups, stored, await stored.decode(frame), frame),
        bitsStored: Math.min(Math.max(bitsStored, 8), 16),
        ...statedSpacing(dataSet, groups, frame),
        format: 'dicom',
        frame,
        frames,
        dicom: identity,
        dicomHeader,
      };
      release();
    }
  } catch (error) {
    if (error instanceof LucencyError) throw error;
    // Whatever a damaged file provokes beyond the checks must still end as an error of that file.
    const reason = error instanceof Error ? error.message : String(error);
    throw new LucencyError('LUC_DICOM_CORRUPT', { path: limits.name, reason }, { cause: error });
  } finally {
    release();
  }
}
