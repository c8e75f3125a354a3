import { deflateRawSync } from 'node:zlib';
import { crc32 } from '../input/crc32.js';

/** Writes zip archives (APPNOTE 6.3) for tests, hostile ones too. */

export interface ZipEntry {
  readonly name: string;
  readonly content: Uint8Array;
  /** 0 stored, 8 deflate, or any other number, which then only the header claims. */
  readonly method?: number;
  readonly encrypted?: boolean;
  /** Unix mode, such as 0o120777 for a symbolic link. */
  readonly mode?: number;
  /** Lies of the central directory. */
  readonly claim?: { readonly size?: number; readonly crc?: number; readonly offset?: number };
}

function record(size: number, write: (view: DataView) => void, ...rest: Uint8Array[]): Buffer {
  const bytes = new Uint8Array(size);
  write(new DataView(bytes.buffer));
  return Buffer.concat([bytes, ...rest]);
}

export function writeZip(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, method = 8, encrypted = false, mode = 0o100644, claim = {} } of entries) {
    const nameBytes = Buffer.from(name, 'utf8');
    const packed = method === 8 ? deflateRawSync(content) : Buffer.from(content);
    // Bit 11: the name is UTF-8.
    const flags = 0x800 | (encrypted ? 1 : 0);
    const crc = claim.crc ?? crc32(content);
    const size = claim.size ?? content.length;
    const common = (view: DataView, at: number): void => {
      view.setUint16(at, flags, true);
      view.setUint16(at + 2, method, true);
      view.setUint32(at + 8, crc, true);
      view.setUint32(at + 12, packed.length, true);
      view.setUint32(at + 16, size, true);
      view.setUint16(at + 20, nameBytes.length, true);
    };
    const local = record(
      30,
      (view) => {
        view.setUint32(0, 0x04034b50, true);
        view.setUint16(4, 20, true);
        common(view, 6);
      },
      nameBytes,
      packed,
    );
    const where = claim.offset ?? offset;
    directory.push(
      record(
        46,
        (view) => {
          view.setUint32(0, 0x02014b50, true);
          // Made on Unix, so that the mode counts.
          view.setUint16(4, (3 << 8) | 20, true);
          view.setUint16(6, 20, true);
          common(view, 8);
          view.setUint32(38, (mode << 16) >>> 0, true);
          view.setUint32(42, where, true);
        },
        nameBytes,
      ),
    );
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = record(22, (view) => {
    view.setUint32(0, 0x06054b50, true);
    view.setUint16(8, entries.length, true);
    view.setUint16(10, entries.length, true);
    view.setUint32(12, central.length, true);
    view.setUint32(16, offset, true);
  });
  return Buffer.concat([...locals, central, end]);
}
