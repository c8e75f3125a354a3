import { type Encoding, explicitLittleEndian, implicitLittleEndian } from './elements.js';

export type PixelCodec =
  | 'native'
  | 'rle'
  | 'jpeg'
  | 'jpeg-lossless'
  | 'jpeg-ls'
  | 'jpeg-2000'
  | 'htj2k'
  /** A video stream: named to its sender, not read. */
  | 'video';

export interface TransferSyntax {
  readonly uid: string;
  readonly name: string;
  readonly codec: PixelCodec;
  readonly encoding: Encoding;
  /** The data set is deflated as a whole. */
  readonly deflated: boolean;
  /** Pixel Data is a sequence of fragments. */
  readonly encapsulated: boolean;
}

const explicitBigEndian: Encoding = { explicit: true, littleEndian: false };

function native(uid: string, name: string, encoding: Encoding, deflated = false): TransferSyntax {
  return { uid, name, codec: 'native', encoding, deflated, encapsulated: false };
}

function encapsulated(uid: string, name: string, codec: PixelCodec): TransferSyntax {
  return { uid, name, codec, encoding: explicitLittleEndian, deflated: false, encapsulated: true };
}

const rows: readonly TransferSyntax[] = [
  native('1.2.840.10008.1.2', 'Implicit VR Little Endian', implicitLittleEndian),
  native('1.2.840.10008.1.2.1', 'Explicit VR Little Endian', explicitLittleEndian),
  native('1.2.840.10008.1.2.1.99', 'Deflated Explicit VR Little Endian', explicitLittleEndian, true),
  native('1.2.840.10008.1.2.2', 'Explicit VR Big Endian', explicitBigEndian),
  encapsulated('1.2.840.10008.1.2.1.98', 'Encapsulated Uncompressed Explicit VR Little Endian', 'native'),
  encapsulated('1.2.840.10008.1.2.5', 'RLE Lossless', 'rle'),
  encapsulated('1.2.840.10008.1.2.4.50', 'JPEG Baseline (Process 1)', 'jpeg'),
  encapsulated('1.2.840.10008.1.2.4.51', 'JPEG Extended (Process 2 and 4)', 'jpeg'),
  encapsulated('1.2.840.10008.1.2.4.57', 'JPEG Lossless (Process 14)', 'jpeg-lossless'),
  encapsulated('1.2.840.10008.1.2.4.70', 'JPEG Lossless (Process 14, Selection Value 1)', 'jpeg-lossless'),
  encapsulated('1.2.840.10008.1.2.4.80', 'JPEG-LS Lossless', 'jpeg-ls'),
  encapsulated('1.2.840.10008.1.2.4.81', 'JPEG-LS Near-Lossless', 'jpeg-ls'),
  encapsulated('1.2.840.10008.1.2.4.90', 'JPEG 2000 Lossless', 'jpeg-2000'),
  encapsulated('1.2.840.10008.1.2.4.91', 'JPEG 2000', 'jpeg-2000'),
  encapsulated('1.2.840.10008.1.2.4.201', 'HTJ2K Lossless', 'htj2k'),
  encapsulated('1.2.840.10008.1.2.4.202', 'HTJ2K Lossless with RPCL Options', 'htj2k'),
  encapsulated('1.2.840.10008.1.2.4.203', 'HTJ2K', 'htj2k'),
  encapsulated('1.2.840.10008.1.2.4.100', 'MPEG2 Main Profile / Main Level', 'video'),
  encapsulated('1.2.840.10008.1.2.4.100.1', 'Fragmentable MPEG2 Main Profile / Main Level', 'video'),
  encapsulated('1.2.840.10008.1.2.4.101', 'MPEG2 Main Profile / High Level', 'video'),
  encapsulated('1.2.840.10008.1.2.4.101.1', 'Fragmentable MPEG2 Main Profile / High Level', 'video'),
  encapsulated('1.2.840.10008.1.2.4.102', 'MPEG-4 AVC/H.264 High Profile / Level 4.1', 'video'),
  encapsulated(
    '1.2.840.10008.1.2.4.102.1',
    'Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.1',
    'video',
  ),
  encapsulated('1.2.840.10008.1.2.4.103', 'MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1', 'video'),
  encapsulated('1.2.840.10008.1.2.4.103.1', 'Fragmentable MPEG-4 AVC/H.264 BD-compatible', 'video'),
  encapsulated('1.2.840.10008.1.2.4.104', 'MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video', 'video'),
  encapsulated('1.2.840.10008.1.2.4.104.1', 'Fragmentable MPEG-4 AVC/H.264 For 2D Video', 'video'),
  encapsulated('1.2.840.10008.1.2.4.105', 'MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video', 'video'),
  encapsulated('1.2.840.10008.1.2.4.105.1', 'Fragmentable MPEG-4 AVC/H.264 For 3D Video', 'video'),
  encapsulated('1.2.840.10008.1.2.4.106', 'MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2', 'video'),
  encapsulated('1.2.840.10008.1.2.4.106.1', 'Fragmentable MPEG-4 AVC/H.264 Stereo', 'video'),
  encapsulated('1.2.840.10008.1.2.4.107', 'HEVC/H.265 Main Profile / Level 5.1', 'video'),
  encapsulated('1.2.840.10008.1.2.4.108', 'HEVC/H.265 Main 10 Profile / Level 5.1', 'video'),
];

/** The transfer syntaxes that Lucency knows (PS3.5 A, PS3.6 table A-1), by UID. */
export const transferSyntaxes: ReadonlyMap<string, TransferSyntax> = new Map(
  rows.map((row) => [row.uid, row]),
);
