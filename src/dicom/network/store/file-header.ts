import { type FileHandle, open } from 'node:fs/promises';
import { LucencyError } from '../../../core/errors.js';
import { implementationClassUid, implementationVersionName } from '../implementation.js';

/** What stands in front of the data set of a DICOM file (PS3.10 7.1). */
export interface FileHeader {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntaxUid: string;
  /** Bytes in front of the data set. */
  readonly length: number;
}

const prefixLength = 132;
/** Far more than any file meta group has. */
export const longestHeader = 2 ** 20;

function element(number: number, vr: 'OB' | 'UI' | 'UL' | 'SH' | 'AE', value: Buffer): Buffer {
  const filler = vr === 'UI' || vr === 'OB' ? 0 : 0x20;
  const even = value.length % 2 === 0 ? value : Buffer.concat([value, Buffer.of(filler)]);
  const header = Buffer.alloc(vr === 'OB' ? 12 : 8);
  header.writeUInt16LE(0x0002, 0);
  header.writeUInt16LE(number, 2);
  header.write(vr, 4, 'latin1');
  if (vr === 'OB') header.writeUInt32LE(even.length, 8);
  else header.writeUInt16LE(even.length, 6);
  return Buffer.concat([header, even]);
}

/**
 * The header of a file whose data set came over the network.
 * @param sourceAeTitle who sent it
 */
export function buildFileHeader(
  { sopClassUid, sopInstanceUid, transferSyntaxUid }: Omit<FileHeader, 'length'>,
  sourceAeTitle: string,
): Buffer {
  const text = (value: string): Buffer => Buffer.from(value, 'latin1');
  const group = Buffer.concat([
    element(0x0001, 'OB', Buffer.of(0, 1)),
    element(0x0002, 'UI', text(sopClassUid)),
    element(0x0003, 'UI', text(sopInstanceUid)),
    element(0x0010, 'UI', text(transferSyntaxUid)),
    element(0x0012, 'UI', text(implementationClassUid)),
    element(0x0013, 'SH', text(implementationVersionName)),
    ...(sourceAeTitle === '' ? [] : [element(0x0016, 'AE', text(sourceAeTitle))]),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(group.length);
  return Buffer.concat([Buffer.alloc(128), text('DICM'), element(0x0000, 'UL', length), group]);
}

const longVrs = new Set(['OB', 'OW', 'UN', 'UT']);

/**
 * Reads the header at the start of a file.
 * @param bytes the first bytes of it
 * @returns null when the bytes are no DICOM file, or when they end before its data set begins
 */
export function parseFileHeader(bytes: Buffer): FileHeader | null {
  if (bytes.toString('latin1', 128, prefixLength) !== 'DICM') return null;
  const uids = new Map<number, string>();
  let at = prefixLength;
  while (at + 8 <= bytes.length && bytes.readUInt16LE(at) === 0x0002) {
    const long = longVrs.has(bytes.toString('latin1', at + 4, at + 6));
    if (long && at + 12 > bytes.length) return null;
    const start = at + (long ? 12 : 8);
    const end = start + (long ? bytes.readUInt32LE(at + 8) : bytes.readUInt16LE(at + 6));
    if (end > bytes.length) return null;
    uids.set(bytes.readUInt16LE(at + 2), bytes.toString('latin1', start, end).replace(/[\0 ]+$/, ''));
    at = end;
  }
  const [sopClassUid, sopInstanceUid, transferSyntaxUid] = [uids.get(2), uids.get(3), uids.get(0x10)];
  if (at + 8 > bytes.length || !sopClassUid || !sopInstanceUid || !transferSyntaxUid) return null;
  return { sopClassUid, sopInstanceUid, transferSyntaxUid, length: at };
}

/** @throws LUC_DICOM_NET_NOT_A_FILE when there is no complete header */
export async function readFileHeader(handle: FileHandle, path: string): Promise<FileHeader> {
  for (let size = 4096; size <= longestHeader; size *= 16) {
    const bytes = Buffer.alloc(size);
    const { bytesRead } = await handle.read(bytes, 0, size, 0);
    const header = parseFileHeader(bytes.subarray(0, bytesRead));
    if (header) return header;
    if (bytesRead < size) break;
  }
  throw new LucencyError('LUC_DICOM_NET_NOT_A_FILE', { path });
}

/** @throws LUC_DICOM_NET_NOT_A_FILE, and system errors */
export async function fileHeaderOf(path: string): Promise<FileHeader> {
  const handle = await open(path, 'r');
  try {
    return await readFileHeader(handle, path);
  } finally {
    await handle.close();
  }
}
