import { type CopiedElement, encodeElements } from './encode.js';

const explicitLittleEndian = '1.2.840.10008.1.2.1';

/** Implementation Class UID of Lucency (PS3.7 D.3.3.2); under the UUID arc 2.25, which needs no registration. */
export const implementationClassUid = '2.25.139405726650117382904628117502961837744';
export const implementationVersionName = 'LUCENCY';

function meta(tag: number, vr: string, value: string | Uint8Array): CopiedElement {
  return { tag, vr, value: typeof value === 'string' ? Buffer.from(value, 'latin1') : value };
}

export interface FileOptions {
  /** @default explicit VR little endian */
  readonly transferSyntaxUid?: string;
  /** An encoded element that ends the data set: encapsulated Pixel Data. */
  readonly tail?: Uint8Array | null;
}

/**
 * A DICOM file (PS3.10 7.1), its data set in explicit VR little endian.
 * @param elements of the data set, in any order; SOP class and instance among them are repeated in the meta group
 */
export function writeFile(
  sopClassUid: string,
  sopInstanceUid: string,
  elements: readonly CopiedElement[],
  { transferSyntaxUid = explicitLittleEndian, tail = null }: FileOptions = {},
): Uint8Array {
  const group = encodeElements([
    meta(0x0002_0001, 'OB', Uint8Array.of(0, 1)),
    meta(0x0002_0002, 'UI', sopClassUid),
    meta(0x0002_0003, 'UI', sopInstanceUid),
    meta(0x0002_0010, 'UI', transferSyntaxUid),
    meta(0x0002_0012, 'UI', implementationClassUid),
    meta(0x0002_0013, 'SH', implementationVersionName),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(group.reduce((sum, part) => sum + part.length, 0));
  const file = Buffer.concat([
    new Uint8Array(128),
    Buffer.from('DICM'),
    ...encodeElements([{ tag: 0x0002_0000, vr: 'UL', value: length }]),
    ...group,
    ...encodeElements(elements),
    ...(tail ? [tail] : []),
  ]);
  return new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
}
