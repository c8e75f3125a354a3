import { LucencyError } from '../../../core/errors.js';
import { type FileHeader, longestHeader, parseFileHeader } from './file-header.js';

export interface IncomingFile {
  readonly header: FileHeader;
  /** The bytes of the header. */
  readonly headerBytes: Buffer;
  readonly dataSet: AsyncIterable<Buffer>;
}

/**
 * Parts a DICOM file that comes piece by piece into its header and its data set.
 * @throws LUC_DICOM_NET_NOT_A_FILE, and what reading throws
 */
export async function splitIncomingFile(source: AsyncIterable<Buffer>, name: string): Promise<IncomingFile> {
  const pieces = source[Symbol.asyncIterator]();
  let start: Buffer = Buffer.alloc(0);
  for (;;) {
    const header = parseFileHeader(start);
    if (header) {
      const first = start.subarray(header.length);
      const rest = async function* (): AsyncGenerator<Buffer> {
        yield first;
        for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value;
      };
      return { header, headerBytes: start.subarray(0, header.length), dataSet: rest() };
    }
    const next = start.length > longestHeader ? null : await pieces.next();
    if (!next || next.done) throw new LucencyError('LUC_DICOM_NET_NOT_A_FILE', { path: name });
    start = Buffer.concat([start, next.value]);
  }
}
