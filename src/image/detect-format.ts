import { constants, gunzipSync } from 'node:zlib';

/** What the first bytes of a file say it is; names and extensions are never asked. */
export type FileFormat = 'dicom' | 'png' | 'jpeg' | 'tiff' | 'zip' | 'nifti';

/** Bytes that `detectFormat` wants to see of a file (fewer when the file is shorter). */
export const detectionBytes = 1024;

const explicitVrs = new Set(
  'AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV'.split(
    ' ',
  ),
);

function startsWith(bytes: Uint8Array, ...magic: number[]): boolean {
  return bytes.length >= magic.length && magic.every((value, index) => bytes[index] === value);
}

interface HeaderGuess {
  readonly tag: number;
  readonly next: number;
}

/** Reads one element header the way a headless DICOM file would have it; null when it is none. */
function guessElement(view: DataView, at: number, littleEndian: boolean): HeaderGuess | null {
  if (at + 8 > view.byteLength) return null;
  const group = view.getUint16(at, littleEndian);
  const element = view.getUint16(at + 2, littleEndian);
  const vr = String.fromCharCode(view.getUint8(at + 4), view.getUint8(at + 5));
  const explicit = explicitVrs.has(vr);
  // Big endian is always explicit (PS3.5 A.3); the elements that open a data set are short.
  if (!explicit && !littleEndian) return null;
  const length = explicit ? view.getUint16(at + 6, littleEndian) : view.getUint32(at + 4, true);
  if (length > 1024 || length % 2 !== 0) return null;
  return { tag: group * 0x10000 + element, next: at + 8 + length };
}

/**
 * True when the bytes start with a DICOM data set that lacks the 128-byte preamble and perhaps the meta group, as old
 * programs and network dumps write them: two plausible elements in rising order, the first in group 0002 or 0008.
 */
function isHeadlessDicom(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const littleEndian of [true, false]) {
    const first = guessElement(view, 0, littleEndian);
    if (!first) continue;
    const group = Math.floor(first.tag / 0x10000);
    if (group !== 0x0002 && group !== 0x0008) continue;
    if (first.next === bytes.length) return true;
    const second = guessElement(view, first.next, littleEndian);
    if (second && second.tag > first.tag && second.tag < 0x0030_0000) return true;
  }
  return false;
}

/** True when `DICM` follows a 128-byte preamble (PS3.10 7.1). */
export function hasDicomPreamble(bytes: Uint8Array): boolean {
  return startsWith(bytes.subarray(128), 0x44, 0x49, 0x43, 0x4d);
}

/** True at the header of a NIfTI-1 or NIfTI-2 file of one part (.nii): its size, in either byte order, and its magic. */
function hasNiftiHeader(bytes: Uint8Array): boolean {
  if (bytes.length < 348) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = view.getInt32(0, true) <= 540 ? view.getInt32(0, true) : view.getInt32(0, false);
  const magic = (at: number, version: number): boolean =>
    startsWith(bytes.subarray(at), 0x6e, 0x2b, version, 0x00);
  return (size === 348 && magic(344, 0x31)) || (size === 540 && magic(4, 0x32));
}

/** True when the bytes are the start of a NIfTI file packed with gzip (.nii.gz). */
function isPackedNifti(bytes: Uint8Array): boolean {
  if (!startsWith(bytes, 0x1f, 0x8b, 0x08)) return false;
  try {
    // What the head of the file gives is enough; that it ends in the middle is no fault.
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 2 ** 21 };
    return hasNiftiHeader(gunzipSync(bytes, options));
  } catch {
    return false;
  }
}

/**
 * Tells a file's format from its first bytes (`detectionBytes` of them are enough); null when it is none of those that
 * Lucency reads. DICOM is asked first: its preamble may legally hold the header of a TIFF file (PS3.10 7.1).
 */
export function detectFormat(head: Uint8Array): FileFormat | null {
  if (hasDicomPreamble(head)) return 'dicom';
  if (startsWith(head, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png';
  if (startsWith(head, 0xff, 0xd8, 0xff)) return 'jpeg';
  if (startsWith(head, 0x49, 0x49, 0x2a, 0x00) || startsWith(head, 0x4d, 0x4d, 0x00, 0x2a)) return 'tiff';
  if (startsWith(head, 0x49, 0x49, 0x2b, 0x00) || startsWith(head, 0x4d, 0x4d, 0x00, 0x2b)) return 'tiff';
  if (startsWith(head, 0x50, 0x4b, 0x03, 0x04) || startsWith(head, 0x50, 0x4b, 0x05, 0x06)) return 'zip';
  if (hasNiftiHeader(head) || isPackedNifti(head)) return 'nifti';
  return isHeadlessDicom(head) ? 'dicom' : null;
}
