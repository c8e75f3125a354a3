import { LucencyError } from '../../core/errors.js';
import { checkBehindPixels } from './behind-pixels.js';
import type { DecodedFrame, FrameDecoder } from './codecs/frame.js';
import { decodeJpegDct, decodeJpegLossless } from './codecs/jpeg.js';
import { decodeHtj2k, decodeJpeg2000 } from './codecs/jpeg-2000.js';
import { decodeJpegLs } from './codecs/jpeg-ls.js';
import { decodeNative, nativeBitsPerFrame } from './codecs/native.js';
import { decodeRle } from './codecs/rle.js';
import type { DataSet, PixelDataLocation } from './data-set.js';
import type { DicomFile } from './dicom-file.js';
import { encapsulatedFrames, type FrameSource, nativeFrames, pixelDataEnd } from './frames.js';
import { describePixels, type PixelDescription } from './pixel-description.js';
import { tag } from './tags.js';
import type { PixelCodec, TransferSyntax } from './transfer-syntaxes.js';

/** Decodes frames of one file to their stored values. */
export interface StoredFrames {
  readonly description: PixelDescription;
  /** As it lies in the file. @param frame from 1 */
  encoded(frame: number): Uint8Array;
  /** @param frame from 1 */
  decode(frame: number): Promise<StoredFrame>;
}

export interface OpenFramesOptions {
  /** Judges what the pixels are said to be before they are looked at; throws what it refuses. */
  readonly check?: (description: PixelDescription) => void;
  /** What may lie behind the pixel data: elements, or anything, where it is left behind anyway. @default 'elements' */
  readonly behind?: 'elements' | 'anything';
  /** Reads the samples by another description than the file's own. */
  readonly describe?: (stated: PixelDescription) => PixelDescription;
}

/** Stored values of one frame: what the encoder was given, bit for bit in the lossless transfer syntaxes. */
export interface StoredFrame extends DecodedFrame {
  readonly width: number;
  readonly height: number;
}

const decoders: Readonly<Record<Exclude<PixelCodec, 'video'>, FrameDecoder>> = {
  native: decodeNative,
  rle: decodeRle,
  jpeg: decodeJpegDct,
  'jpeg-lossless': decodeJpegLossless,
  'jpeg-ls': decodeJpegLs,
  'jpeg-2000': decodeJpeg2000,
  htj2k: decodeHtj2k,
};

function decoderOf({ transferSyntax, transferSyntaxUid: uid, dataSet }: DicomFile): {
  decoder: FrameDecoder;
  syntax: TransferSyntax;
} {
  const path = dataSet.name;
  if (!transferSyntax) throw new LucencyError('LUC_DICOM_UNSUPPORTED_TRANSFER_SYNTAX', { path, uid });
  if (transferSyntax.codec === 'video') throw new LucencyError('LUC_DICOM_VIDEO', { path, uid });
  return { decoder: decoders[transferSyntax.codec], syntax: transferSyntax };
}

/** @throws LUC_DICOM_NO_PIXELS, LUC_DICOM_FLOAT_PIXELS */
function pixelDataOf(dataSet: DataSet): PixelDataLocation {
  if (dataSet.pixelData) return dataSet.pixelData;
  const path = dataSet.name;
  const float = dataSet.has(tag.FloatPixelData) || dataSet.has(tag.DoubleFloatPixelData);
  if (float) throw new LucencyError('LUC_DICOM_FLOAT_PIXELS', { path });
  const kind = dataSet.text(tag.Modality) ?? 'modality not stated';
  throw new LucencyError('LUC_DICOM_NO_PIXELS', { path, kind });
}

/** @throws LUC_DICOM_CORRUPT, LUC_DICOM_TRUNCATED */
function frameSource(
  dataSet: DataSet,
  location: PixelDataLocation,
  { encapsulated }: TransferSyntax,
  description: PixelDescription,
): FrameSource {
  if (encapsulated !== (location.length === null)) {
    const reason = `its pixel data are ${encapsulated ? 'not ' : ''}in fragments, against its transfer syntax`;
    throw new LucencyError('LUC_DICOM_CORRUPT', { path: dataSet.name, reason });
  }
  return encapsulated
    ? encapsulatedFrames(dataSet, location, description.frames)
    : nativeFrames(dataSet, location, nativeBitsPerFrame(description), description);
}

/**
 * Prepares the frames of a DICOM file for decoding: checks that there are pixels, that they are described and that their
 * transfer syntax is one that is read.
 *
 * @throws LUC_DICOM_NO_PIXELS, LUC_DICOM_FLOAT_PIXELS, LUC_DICOM_VIDEO, LUC_DICOM_UNSUPPORTED_TRANSFER_SYNTAX,
 *   LUC_DICOM_UNSUPPORTED_PHOTOMETRIC, LUC_DICOM_PIXEL_ATTRIBUTE, LUC_DICOM_CORRUPT, LUC_DICOM_TRUNCATED
 */
export function openStoredFrames(
  file: DicomFile,
  { check, behind = 'elements', describe }: OpenFramesOptions = {},
): StoredFrames {
  const { dataSet } = file;
  const location = pixelDataOf(dataSet);
  const { decoder, syntax } = decoderOf(file);
  const stated = describePixels(dataSet);
  check?.(stated);
  const description = describe?.(stated) ?? stated;
  const source = frameSource(dataSet, location, syntax, description);
  if (behind === 'elements') checkBehindPixels(dataSet, pixelDataEnd(dataSet, location));
  return {
    description,
    encoded: source,
    async decode(frame) {
      const decoded = await decoder({
        bytes: source(frame),
        description,
        name: dataSet.name,
        littleEndian: dataSet.littleEndian,
        bitOffset: syntax.encapsulated ? 0 : ((frame - 1) * nativeBitsPerFrame(description)) % 8,
      });
      return { ...decoded, width: description.width, height: description.height };
    },
  };
}

/**
 * Stored values of one frame of a DICOM file, before any look-up table.
 * @param frame from 1
 * @throws LUC_DICOM_* as `openStoredFrames`
 */
export async function decodeStoredFrame(file: DicomFile, frame: number): Promise<StoredFrame> {
  return openStoredFrames(file).decode(frame);
}
