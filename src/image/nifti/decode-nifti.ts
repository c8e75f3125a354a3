import { constants, gunzip, gunzipSync } from 'node:zlib';
import { LucencyError } from '../../core/errors.js';
import { sharedInt16, type Volume, voxelCount } from '../../core/volume.js';
import { decodedBudget } from '../decoded-budget.js';
import { checkVoxelCount } from '../volume/voxel-limit.js';
import { type NiftiHeader, niftiHeaderBytes, readNiftiHeader } from './nifti-header.js';

function isPacked(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Packed bytes that surely unpack to a whole header. */
const packedHeadBytes = 64 * 1024;

function headOf(bytes: Uint8Array, path: string): Uint8Array {
  if (!isPacked(bytes)) return bytes.subarray(0, niftiHeaderBytes);
  try {
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 1100 * packedHeadBytes };
    return gunzipSync(bytes.subarray(0, packedHeadBytes), options).subarray(0, niftiHeaderBytes);
  } catch (cause) {
    throw new LucencyError('LUC_VOLUME_NIFTI_CORRUPT', { path, reason: 'it cannot be unpacked' }, { cause });
  }
}

/**
 * Header of a NIfTI file.
 * @param start its first 64 KiB, packed or not
 * @throws LUC_VOLUME_NIFTI_CORRUPT, LUC_VOLUME_NIFTI_UNSUPPORTED
 */
export function niftiHeaderOf(start: Uint8Array, path: string): NiftiHeader {
  const head = headOf(start, path);
  if (head.length < 348) {
    throw new LucencyError('LUC_VOLUME_NIFTI_CORRUPT', { path, reason: 'its header is cut' });
  }
  return readNiftiHeader(head, path);
}

/** Unpacks at most `limit` bytes, off the event loop: what the header promises, and no bomb. */
function unpack(bytes: Uint8Array, limit: number, path: string): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    gunzip(bytes, { maxOutputLength: limit }, (cause, unpacked) => {
      if (!cause) {
        resolve(unpacked);
        return;
      }
      const bomb = 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
      const reason = bomb ? 'it unpacks to more than its header says' : 'it cannot be unpacked whole';
      reject(new LucencyError('LUC_VOLUME_NIFTI_CORRUPT', { path, reason }, { cause }));
    });
  });
}

type Reader = (view: DataView, at: number, littleEndian: boolean) => number;

const readers: Readonly<Record<NiftiHeader['sample'], Reader>> = {
  uint8: (view, at) => view.getUint8(at),
  int8: (view, at) => view.getInt8(at),
  int16: (view, at, little) => view.getInt16(at, little),
  uint16: (view, at, little) => view.getUint16(at, little),
  int32: (view, at, little) => view.getInt32(at, little),
  uint32: (view, at, little) => view.getUint32(at, little),
  float32: (view, at, little) => view.getFloat32(at, little),
  float64: (view, at, little) => view.getFloat64(at, little),
};

/** HU in 16 bits; what is no number (outside of the field, in some exports) is air. */
function hounsfield(bytes: Uint8Array, header: NiftiHeader): Int16Array {
  const { bytesPerVoxel, littleEndian, offset, slope, intercept } = header;
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset);
  const read = readers[header.sample];
  const voxels = sharedInt16(voxelCount(header.size));
  for (let at = 0; at < voxels.length; at += 1) {
    const value = read(view, at * bytesPerVoxel, littleEndian) * slope + intercept;
    voxels[at] = Number.isNaN(value) ? -1024 : Math.min(Math.max(Math.round(value), -32768), 32767);
  }
  return voxels;
}

export interface NiftiOptions {
  /** As of `loadSeries`. */
  readonly maxVoxels?: number;
}

/**
 * Decodes a NIfTI-1 or NIfTI-2 file (.nii, .nii.gz) that holds one CT: HU in the order of the file, scl_slope applied.
 * @throws LUC_VOLUME_NIFTI_CORRUPT, LUC_VOLUME_NIFTI_UNSUPPORTED, LUC_VOLUME_TOO_LARGE, LUC_IMAGE_BUDGET
 */
export async function decodeNifti(
  bytes: Uint8Array,
  path: string,
  options: NiftiOptions = {},
): Promise<Volume> {
  const header = niftiHeaderOf(bytes.subarray(0, packedHeadBytes), path);
  checkVoxelCount(path, header.size, options.maxVoxels);
  const needed = header.offset + voxelCount(header.size) * header.bytesPerVoxel;
  // Unpacked bytes and voxels are there at the same time.
  const packed = isPacked(bytes) ? needed : 0;
  const release = await decodedBudget().hold(packed + 2 * voxelCount(header.size), path);
  try {
    return await decodeWhole(bytes, header, needed, path);
  } finally {
    release();
  }
}

async function decodeWhole(
  bytes: Uint8Array,
  header: NiftiHeader,
  needed: number,
  path: string,
): Promise<Volume> {
  // Some programs append a few bytes to the voxels. In a packed file a checksum vouches for them.
  const whole = isPacked(bytes) ? await unpack(bytes, needed + 2 ** 16, path) : bytes;
  if (whole.length < needed) {
    const reason = `it has ${whole.length} of ${needed} bytes`;
    throw new LucencyError('LUC_VOLUME_NIFTI_CORRUPT', { path, reason });
  }
  if (!isPacked(bytes) && whole.subarray(needed).some((byte) => byte !== 0)) {
    const reason = `${whole.length - needed} bytes are left over behind its voxels`;
    throw new LucencyError('LUC_VOLUME_NIFTI_CORRUPT', { path, reason });
  }
  return {
    size: header.size,
    affine: header.affine,
    modality: 'CT',
    unit: 'HU',
    voxels: hounsfield(whole, header),
    paddingValue: null,
    slices: [],
    dicom: null,
  };
}
