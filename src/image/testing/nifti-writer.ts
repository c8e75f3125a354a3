export interface TestNifti {
  readonly version?: 1 | 2;
  readonly littleEndian?: boolean;
  readonly dims?: readonly number[];
  readonly datatype?: number;
  readonly pixDims?: readonly number[];
  readonly slope?: number;
  readonly intercept?: number;
  readonly quaternion?: readonly number[];
  readonly qoffset?: readonly number[];
  readonly qformCode?: number;
  readonly sform?: readonly number[];
  readonly voxels?: readonly number[];
}

/** A NIfTI file of int16 (4), uint8 (2) or float32 (16) voxels, written after the tables of nifti1.h and nifti2.h. */
export function nifti(options: TestNifti = {}): Uint8Array {
  const { version = 1, littleEndian: little = true, dims = [3, 2, 2, 2, 1, 1, 1, 1], datatype = 4 } = options;
  const voxels = options.voxels ?? Array.from({ length: 8 }, (_, at) => at * 100 - 300);
  const bytes = datatype === 16 ? 4 : datatype === 2 ? 1 : 2;
  const offset = version === 1 ? 352 : 544;
  const file = new Uint8Array(offset + voxels.length * bytes);
  const view = new DataView(file.buffer);
  const pixDims = options.pixDims ?? [1, 2, 3, 4, 0, 0, 0, 0];
  const one = version === 1;
  const real = (at: number, value: number): void =>
    one ? view.setFloat32(at, value, little) : view.setFloat64(at, value, little);
  view.setInt32(0, one ? 348 : 540, little);
  file.set(one ? [0x6e, 0x2b, 0x31, 0] : [0x6e, 0x2b, 0x32, 0, 0x0d, 0x0a, 0x1a, 0x0a], one ? 344 : 4);
  dims.forEach((dim, at) => {
    if (one) view.setInt16(40 + 2 * at, dim, little);
    else view.setBigInt64(16 + 8 * at, BigInt(dim), little);
  });
  view.setInt16(one ? 70 : 12, datatype, little);
  view.setInt16(one ? 72 : 14, 8 * bytes, little);
  pixDims.forEach((size, at) => {
    real(one ? 76 + 4 * at : 104 + 8 * at, size);
  });
  if (one) view.setFloat32(108, offset, little);
  else view.setBigInt64(168, BigInt(offset), little);
  real(one ? 112 : 176, options.slope ?? 0);
  real(one ? 116 : 184, options.intercept ?? 0);
  const code = (at: number, value: number): void =>
    one ? view.setInt16(at, value, little) : view.setInt32(at, value, little);
  code(one ? 252 : 344, options.qformCode ?? 0);
  code(one ? 254 : 348, options.sform ? 1 : 0);
  (options.quaternion ?? [0, 0, 0]).forEach((part, at) => {
    real(one ? 256 + 4 * at : 352 + 8 * at, part);
  });
  (options.qoffset ?? [0, 0, 0]).forEach((part, at) => {
    real(one ? 268 + 4 * at : 376 + 8 * at, part);
  });
  (options.sform ?? []).forEach((part, at) => {
    real(one ? 280 + 4 * at : 400 + 8 * at, part);
  });
  voxels.forEach((value, index) => {
    const at = offset + bytes * index;
    if (bytes === 4) view.setFloat32(at, value, little);
    else if (bytes === 2) view.setInt16(at, value, little);
    else view.setUint8(at, value);
  });
  return file;
}
