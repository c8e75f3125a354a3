import { constants, inflateRawSync } from 'node:zlib';
import { LucencyError } from '../../core/errors.js';
import { hasDicomPreamble } from '../detect-format.js';
import type { DataSet } from './data-set.js';
import {
  ElementReader,
  type Encoding,
  explicitLittleEndian,
  MalformedError,
  TruncatedError,
} from './elements.js';
import { ParsedDataSet } from './parsed-data-set.js';
import { tag } from './tags.js';
import { type TransferSyntax, transferSyntaxes } from './transfer-syntaxes.js';

/*
 * Why not a library: dcmjs (0.51) was measured on 76 files of pydicom's tests. It refused files without preamble, group
 * length or transfer syntax, and a file with several character sets; it zero-filled cut pixel data and reported a whole
 * image; it gave one element of a file whose data set is implicit against its header; it inflates without a bound; it
 * copies pixel data (27 ms for 6 MB, against less than 1 ms here). Writing DICOM does not come into it.
 */

export interface DicomFile {
  readonly meta: DataSet;
  readonly dataSet: DataSet;
  /** Offset of the data set in its source, behind preamble and meta group. */
  readonly dataSetStart: number;
  /** As the file states it; the native syntax that its bytes show when it states none. */
  readonly transferSyntaxUid: string;
  /** Null when Lucency does not know the UID; the data set was then read as explicit little endian. */
  readonly transferSyntax: TransferSyntax | null;
}

export interface DicomFileOptions {
  /** File name for error messages. */
  readonly name: string;
  /** Most bytes that a deflated data set may inflate to. */
  readonly maxInflatedBytes: number;
}

function inflate(bytes: Uint8Array, { name, maxInflatedBytes }: DicomFileOptions): Uint8Array {
  try {
    return inflateRawSync(bytes, { maxOutputLength: maxInflatedBytes });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new LucencyError('LUC_DICOM_BOMB', { path: name, limit: maxInflatedBytes }, { cause: error });
    }
    if (code === 'Z_BUF_ERROR') throw new TruncatedError('its deflated data set is cut');
    throw new MalformedError('its deflated data set cannot be inflated');
  }
}

/** Inflates as far as the bytes go. */
function inflateStart(bytes: Uint8Array, name: string, maxInflatedBytes: number): Uint8Array {
  try {
    return inflateRawSync(bytes, {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: maxInflatedBytes,
    });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code !== 'ERR_BUFFER_TOO_LARGE') {
      throw new MalformedError('its deflated data set cannot be inflated');
    }
    throw new LucencyError('LUC_DICOM_BOMB', { path: name, limit: maxInflatedBytes }, { cause: error });
  }
}

function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x41 && byte <= 0x5a;
}

/**
 * How the data set that starts at `at` is really written. Files exist whose header says explicit and whose data set is
 * implicit, and the reverse; the letters of the first VR decide. The byte order is only guessed when nothing states it:
 * the first group is small, so its low byte shows the order.
 */
function observedEncoding(bytes: Uint8Array, at: number, stated: Encoding | null): Encoding {
  const explicit = isLetter(bytes[at + 4]) && isLetter(bytes[at + 5]);
  const littleEndian = stated ? stated.littleEndian : bytes[at] !== 0;
  return { explicit, littleEndian };
}

function nativeSyntaxOf({ explicit, littleEndian }: Encoding): string {
  if (!explicit) return '1.2.840.10008.1.2';
  return littleEndian ? '1.2.840.10008.1.2.1' : '1.2.840.10008.1.2.2';
}

function parse(bytes: Uint8Array, options: DicomFileOptions): DicomFile {
  const { name } = options;
  const start = hasDicomPreamble(bytes) ? 132 : 0;
  const reader = new ElementReader(bytes);
  const head = reader.elements(start, bytes.length, explicitLittleEndian, 'meta');
  const context = { name, reader, encoding: explicitLittleEndian, characterSets: [] };
  const meta = new ParsedDataSet(head.elements, context);

  const statedUid = meta.text(tag.TransferSyntaxUid);
  const stated = statedUid === null ? null : (transferSyntaxes.get(statedUid) ?? null);
  const body = stated?.deflated ? inflate(bytes.subarray(head.end), options) : bytes;
  const bodyStart = stated?.deflated ? 0 : head.end;
  const encoding = observedEncoding(body, bodyStart, stated?.encoding ?? null);

  const bodyReader = stated?.deflated ? new ElementReader(body) : reader;
  const { elements } = bodyReader.elements(bodyStart, body.length, encoding, 'root');
  const dataSet = new ParsedDataSet(elements, { name, reader: bodyReader, encoding, characterSets: [] });
  const transferSyntaxUid = statedUid ?? nativeSyntaxOf(encoding);
  return {
    meta,
    dataSet,
    dataSetStart: bodyStart,
    transferSyntaxUid,
    transferSyntax: transferSyntaxes.get(transferSyntaxUid) ?? null,
  };
}

/** Errors of the element walk as catalogued ones; passes others on. */
function catalogued(error: unknown, path: string): unknown {
  if (error instanceof TruncatedError) {
    return new LucencyError('LUC_DICOM_TRUNCATED', { path, reason: error.message }, { cause: error });
  }
  if (error instanceof MalformedError) {
    return new LucencyError('LUC_DICOM_CORRUPT', { path, reason: error.message }, { cause: error });
  }
  return error;
}

/**
 * Opens a DICOM file (PS3.10), with or without preamble and meta group; of the pixel data only the place is noted.
 * @throws LUC_DICOM_TRUNCATED, LUC_DICOM_CORRUPT, LUC_DICOM_BOMB
 */
export function openDicomFile(bytes: Uint8Array, options: DicomFileOptions): DicomFile {
  try {
    // A Buffer's slice() would not copy.
    return parse(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), options);
  } catch (error) {
    throw catalogued(error, options.name);
  }
}

export interface BareDataSetOptions extends DicomFileOptions {
  /** One of `transferSyntaxes`; for others the data set is read as explicit little endian. */
  readonly transferSyntaxUid: string;
  /** The data set is read up to this tag; what follows may be missing. Default: all of it. */
  readonly lastTag?: number;
}

/**
 * Reads a data set that has no file header, as it travels over a network, or the start of one.
 * @throws LUC_DICOM_TRUNCATED when the bytes end before `lastTag` is passed, LUC_DICOM_CORRUPT, LUC_DICOM_BOMB
 */
export function readBareDataSet(bytes: Uint8Array, options: BareDataSetOptions): DataSet {
  const { name, transferSyntaxUid, lastTag, maxInflatedBytes } = options;
  const syntax = transferSyntaxes.get(transferSyntaxUid) ?? null;
  try {
    const body = syntax?.deflated ? inflateStart(bytes, name, maxInflatedBytes) : bytes;
    if (body.length === 0) throw new TruncatedError('it is empty');
    const encoding = observedEncoding(body, 0, syntax?.encoding ?? explicitLittleEndian);
    const reader = new ElementReader(body);
    const { elements } = reader.elements(0, body.length, encoding, 'root', 0, lastTag);
    return new ParsedDataSet(elements, { name, reader, encoding, characterSets: [] });
  } catch (error) {
    throw catalogued(error, name);
  }
}

/**
 * The elements before Pixel Data as a file of their own, without preamble and meta group: what objects made of the image
 * must copy or refer to. A copy, so that the pixels need not be kept for it.
 */
export function headerOf({ dataSet, dataSetStart }: DicomFile): Uint8Array {
  return dataSet.source.slice(dataSetStart, dataSet.pixelData?.at ?? dataSet.source.length);
}
