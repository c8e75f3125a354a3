import type { Readable } from 'node:stream';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { LucencyError } from '../../core/errors.js';
import { crc32 } from './crc32.js';

/** The one place that knows yauzl. */

export interface ZipMember {
  /** Path inside the archive, `/` between folders. */
  readonly name: string;
  readonly packedSize: number;
  readonly size: number;
  readonly isFolder: boolean;
  readonly isSymbolicLink: boolean;
  readonly isEncrypted: boolean;
  /** Zip's number of the compression method; 0 stored and 8 deflate are read. */
  readonly method: number;
  /** What is wrong with the name (it leaves the archive, say), or null. */
  readonly nameFault: string | null;
  /** First bytes, at most `limit`. */
  readHead(limit: number): Promise<Uint8Array>;
  /** As `readHead`, but opens the archive anew, so it may be called at any later time. */
  readStart(limit: number): Promise<Uint8Array>;
  /** The whole member, its checksum verified. Opens the archive anew, so it may be called at any later time. */
  read(): Promise<Uint8Array>;
}

// File type bits of Unix modes, in the upper half of the external attributes.
const fileTypeMask = 0o170000;
const symbolicLinkType = 0o120000;

function corrupt(archive: string, error: unknown): LucencyError {
  if (error instanceof LucencyError) return error;
  const reason = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
  return new LucencyError('LUC_ARCHIVE_CORRUPT', { path: archive, reason }, { cause: error });
}

async function collect(stream: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= limit) break;
  }
  return Buffer.concat(chunks, length).subarray(0, limit);
}

const openOptions = { autoClose: false, lazyEntries: true, decodeStrings: false } as const;

async function reopen<T>(path: string, archive: string, use: (zip: ZipFile) => Promise<T>): Promise<T> {
  try {
    const zip = await yauzl.openPromise(archive, openOptions);
    try {
      return await use(zip);
    } finally {
      zip.close();
    }
  } catch (error) {
    throw corrupt(path, error);
  }
}

function toMember(zip: ZipFile, entry: Entry, archive: string): ZipMember {
  const { generalPurposeBitFlag, fileNameRaw, extraFields, uncompressedSize } = entry;
  const name = yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
  const path = `${archive}/${name}`;
  return {
    name,
    packedSize: entry.compressedSize,
    size: uncompressedSize,
    isFolder: name.endsWith('/'),
    isSymbolicLink: ((entry.externalFileAttributes >>> 16) & fileTypeMask) === symbolicLinkType,
    isEncrypted: entry.isEncrypted(),
    method: entry.compressionMethod,
    nameFault: yauzl.validateFileName(name),
    async readHead(limit) {
      try {
        return await collect(await zip.openReadStreamPromise(entry), limit);
      } catch (error) {
        throw corrupt(path, error);
      }
    },
    readStart: (limit) =>
      reopen(path, archive, async (again) => collect(await again.openReadStreamPromise(entry), limit)),
    read: () =>
      reopen(path, archive, async (again) => {
        // yauzl fails a stream that gives more or fewer bytes than declared, which bounds what is collected.
        const bytes = await collect(await again.openReadStreamPromise(entry), uncompressedSize + 1);
        if (crc32(bytes) !== entry.crc32) throw new Error('its checksum does not match');
        return bytes;
      }),
  };
}

/**
 * The members of a zip file on disk, in the archive's order, read lazily from its directory.
 * @throws LUC_ARCHIVE_CORRUPT when the directory is damaged, perhaps after some members
 */
export async function* zipMembers(archive: string): AsyncGenerator<ZipMember> {
  let zip: ZipFile | null = null;
  try {
    zip = await yauzl.openPromise(archive, openOptions);
    for await (const entry of zip.eachEntry()) yield toMember(zip, entry, archive);
  } catch (error) {
    throw corrupt(archive, error);
  } finally {
    zip?.close();
  }
}
