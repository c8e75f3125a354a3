import { NIFTI1, NIFTI2 } from 'nifti-reader-js';
import { type Affine, affineOf, determinant, type Vector3 } from '../../core/affine.js';
import { LucencyError } from '../../core/errors.js';
import type { GridSize } from '../../core/volume.js';

export type NiftiSample = 'uint8' | 'int8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'float32' | 'float64';

/** What the header of a NIfTI-1 or NIfTI-2 file says of its one volume. */
export interface NiftiHeader {
  readonly size: GridSize;
  /** Voxel index to DICOM patient coordinates (LPS), mm; NIfTI itself counts x to the right and y to the front. */
  readonly affine: Affine;
  readonly sample: NiftiSample;
  readonly bytesPerVoxel: number;
  readonly littleEndian: boolean;
  /** Offset of the voxels in the (unpacked) file. */
  readonly offset: number;
  readonly slope: number;
  readonly intercept: number;
}

/** Bytes that hold either header. */
export const niftiHeaderBytes = 540;

const samples: Readonly<Record<number, { sample: NiftiSample; bytes: number }>> = {
  2: { sample: 'uint8', bytes: 1 },
  4: { sample: 'int16', bytes: 2 },
  8: { sample: 'int32', bytes: 4 },
  16: { sample: 'float32', bytes: 4 },
  64: { sample: 'float64', bytes: 8 },
  256: { sample: 'int8', bytes: 1 },
  512: { sample: 'uint16', bytes: 2 },
  768: { sample: 'uint32', bytes: 4 },
};

const millimetres: Readonly<Record<number, number>> = { 1: 1000, 3: 0.001 };

type LibraryHeader = Pick<
  NIFTI1,
  | 'littleEndian'
  | 'dims'
  | 'pixDims'
  | 'datatypeCode'
  | 'vox_offset'
  | 'scl_slope'
  | 'scl_inter'
  | 'xyzt_units'
  | 'qform_code'
  | 'sform_code'
  | 'quatern_b'
  | 'quatern_c'
  | 'quatern_d'
  | 'qoffset_x'
  | 'qoffset_y'
  | 'qoffset_z'
>;

function corrupt(path: string, reason: string, cause?: unknown): LucencyError {
  return new LucencyError('LUC_VOLUME_NIFTI_CORRUPT', { path, reason }, { cause });
}

function unsupported(path: string, reason: string): LucencyError {
  return new LucencyError('LUC_VOLUME_NIFTI_UNSUPPORTED', { path, reason });
}

/** The library wants a buffer of its own that starts with the header. */
function parse(head: Uint8Array, path: string): { header: LibraryHeader; version: 1 | 2 } {
  const version = head[344] === 0x6e && head[345] === 0x2b ? 1 : 2;
  const header = version === 1 ? new NIFTI1() : new NIFTI2();
  try {
    // A copy even of a Buffer, whose own slice would be a view of the pool that it lies in.
    header.readHeader(Uint8Array.from(head.subarray(0, version === 1 ? 348 : 540)).buffer);
  } catch (cause) {
    throw corrupt(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
  return { header, version };
}

function sizeOf({ dims }: LibraryHeader, path: string): GridSize {
  const [rank = 0, x = 0, y = 0, z = 0, ...rest] = dims;
  if (rank < 3 || rank > 7) throw unsupported(path, `it has ${rank} dimensions`);
  if (rest.slice(0, rank - 3).some((more) => more > 1)) throw unsupported(path, 'it holds several volumes');
  if (![x, y, z].every((count) => Number.isInteger(count) && count > 0)) {
    throw corrupt(path, `its size is ${x} x ${y} x ${z}`);
  }
  return [x, y, z];
}

/** sform: the affine itself (NIfTI-1 method 3), read here because the library gives only the one that it prefers. */
function standardForm(head: Uint8Array, version: 1 | 2, littleEndian: boolean): readonly number[] {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return Array.from({ length: 12 }, (_, index) =>
    version === 1
      ? view.getFloat32(280 + 4 * index, littleEndian)
      : view.getFloat64(400 + 8 * index, littleEndian),
  );
}

/**
 * qform: a rotation as quaternion (NIfTI-1 method 2). The library's own a = sqrt(1 - b2 - c2 - d2) is NaN where rounding
 * makes the sum exceed 1, as for half turns.
 */
function quaternionForm(header: LibraryHeader): readonly number[] {
  const { quatern_b: b, quatern_c: c, quatern_d: d, pixDims } = header;
  const a = Math.sqrt(Math.max(0, 1 - b * b - c * c - d * d));
  const [qfac = 1, dx = 1, dy = 1, dz = 1] = pixDims;
  const depth = qfac < 0 ? -dz : dz;
  return [
    ...[(a * a + b * b - c * c - d * d) * dx, 2 * (b * c - a * d) * dy, 2 * (b * d + a * c) * depth],
    header.qoffset_x,
    ...[2 * (b * c + a * d) * dx, (a * a + c * c - b * b - d * d) * dy, 2 * (c * d - a * b) * depth],
    header.qoffset_y,
    ...[2 * (b * d - a * c) * dx, 2 * (c * d + a * b) * dy, (a * a + d * d - b * b - c * c) * depth],
    header.qoffset_z,
  ];
}

/** Rows of the RAS affine: sform where there is one, else qform, else the plain voxel sizes (method 1). */
function rightAnteriorSuperior(header: LibraryHeader, head: Uint8Array, version: 1 | 2): readonly number[] {
  if (header.sform_code > 0) return standardForm(head, version, header.littleEndian);
  if (header.qform_code > 0) return quaternionForm(header);
  const [, dx = 1, dy = 1, dz = 1] = header.pixDims;
  return [dx, 0, 0, 0, 0, dy, 0, 0, 0, 0, dz, 0];
}

function patientAffine(header: LibraryHeader, head: Uint8Array, version: 1 | 2, path: string): Affine {
  const scale = millimetres[header.xyzt_units & 7] ?? 1;
  const rows = rightAnteriorSuperior(header, head, version).map((value) => value * scale);
  // Adding 0 turns -0 into 0.
  const column = (at: number): Vector3 => [
    0 - (rows[at] ?? 0),
    0 - (rows[4 + at] ?? 0),
    (rows[8 + at] ?? 0) + 0,
  ];
  const affine = affineOf(column(0), column(1), column(2), column(3));
  if (!affine.every(Number.isFinite) || Math.abs(determinant(affine)) < 1e-9) {
    throw corrupt(path, 'its voxels have no size or place');
  }
  return affine;
}

/**
 * Reads the header of a NIfTI-1 or NIfTI-2 file. Port over nifti-reader-js.
 * @param head the first `niftiHeaderBytes` bytes, unpacked
 * @throws LUC_VOLUME_NIFTI_CORRUPT, LUC_VOLUME_NIFTI_UNSUPPORTED
 */
export function readNiftiHeader(head: Uint8Array, path: string): NiftiHeader {
  const { header, version } = parse(head, path);
  const type = samples[header.datatypeCode];
  if (!type) throw unsupported(path, `its data type is ${header.datatypeCode}`);
  const smallest = version === 1 ? 348 : 540;
  if (!(header.vox_offset >= smallest && header.vox_offset < 2 ** 31)) {
    throw corrupt(path, `its voxels would start at byte ${header.vox_offset}`);
  }
  // Slope 0 means that the values are not scaled.
  const scaled = Number.isFinite(header.scl_slope) && header.scl_slope !== 0;
  return {
    size: sizeOf(header, path),
    affine: patientAffine(header, head, version, path),
    sample: type.sample,
    bytesPerVoxel: type.bytes,
    littleEndian: header.littleEndian,
    offset: header.vox_offset,
    slope: scaled ? header.scl_slope : 1,
    intercept: scaled && Number.isFinite(header.scl_inter) ? header.scl_inter : 0,
  };
}
