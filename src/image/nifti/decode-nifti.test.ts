import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { LucencyError } from '../../core/errors.js';
import { detectFormat } from '../detect-format.js';
import { decodeNifti } from './decode-nifti.js';

interface TestNifti {
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
function nifti(options: TestNifti = {}): Uint8Array {
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

async function fault(bytes: Uint8Array, maxVoxels?: number): Promise<string> {
  return decodeNifti(bytes, 'x.nii', maxVoxels === undefined ? {} : { maxVoxels }).then(
    () => 'none',
    (error: unknown) => (error instanceof LucencyError ? error.toLine() : String(error)),
  );
}

const plain = Array.from({ length: 8 }, (_, at) => at * 100 - 300);

describe('NIfTI', () => {
  it('is known by its bytes, packed or not, in both versions and byte orders', () => {
    for (const version of [1, 2] as const) {
      for (const littleEndian of [true, false]) {
        const file = nifti({ version, littleEndian });
        expect(detectFormat(file)).toBe('nifti');
        expect(detectFormat(gzipSync(file))).toBe('nifti');
      }
    }
    expect(detectFormat(gzipSync(new Uint8Array(1000)))).toBeNull();
  });

  it('gives the same voxels in both versions, both byte orders, packed or not', async () => {
    for (const version of [1, 2] as const) {
      for (const littleEndian of [true, false]) {
        const file = nifti({ version, littleEndian, sform: [2, 0, 0, -10, 0, 3, 0, -20, 0, 0, 4, 30] });
        const volume = await decodeNifti(file, 'x.nii');
        expect([...volume.voxels]).toEqual(plain);
        // Right and front in NIfTI, left and back in DICOM.
        expect(volume.affine).toEqual([-2, 0, 0, 10, 0, -3, 0, 20, 0, 0, 4, 30, 0, 0, 0, 1]);
        expect((await decodeNifti(gzipSync(file), 'x.nii.gz')).voxels).toEqual(volume.voxels);
      }
    }
  });

  it('applies slope and intercept; slope 0 means none', async () => {
    const scaled = await decodeNifti(
      nifti({ datatype: 2, slope: 2, intercept: -1000, voxels: [0, 1, 2, 3, 4, 5, 6, 250] }),
      'x',
    );
    expect([...scaled.voxels]).toEqual([-1000, -998, -996, -994, -992, -990, -988, -500]);
    const none = await decodeNifti(nifti({ slope: 0, intercept: 7 }), 'x');
    expect([...none.voxels]).toEqual(plain);
  });

  it('takes what is no number for air', async () => {
    const volume = await decodeNifti(
      nifti({ datatype: 16, voxels: [Number.NaN, 1.4, 1.6, -2000, 70000, 5, 6, 7] }),
      'x',
    );
    expect([...volume.voxels]).toEqual([-1024, 1, 2, -2000, 32767, 5, 6, 7]);
  });

  it('reads qform, also of a half turn whose quaternion is longer than one by rounding', async () => {
    const { affine } = await decodeNifti(
      nifti({ qformCode: 1, quaternion: [0, 0, 1.0000001], qoffset: [5, 6, 7], pixDims: [-1, 2, 3, 4] }),
      'x',
    );
    affine.slice(0, 12).forEach((part, at) => {
      expect(part).toBeCloseTo([2, 0, 0, -5, 0, 3, 0, -6, 0, 0, -4, 7][at] ?? Number.NaN, 4);
    });
  });

  it('prefers sform to qform, as other readers do', async () => {
    const { affine } = await decodeNifti(
      nifti({ qformCode: 2, qoffset: [99, 99, 99], sform: [2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 4, 0] }),
      'x',
    );
    expect(affine[3]).toBe(0);
  });

  it('refuses what is cut, several volumes, colours, and more voxels than its header says', async () => {
    expect(await fault(nifti().slice(0, -3))).toContain('LUC_VOLUME_NIFTI_CORRUPT');
    expect(await fault(gzipSync(nifti()).subarray(0, 60))).toContain('LUC_VOLUME_NIFTI_CORRUPT');
    expect(await fault(nifti({ dims: [4, 2, 2, 1, 2, 1, 1, 1] }))).toContain('several volumes');
    expect(await fault(nifti({ datatype: 128 }))).toContain('LUC_VOLUME_NIFTI_UNSUPPORTED');
    expect(await fault(nifti({ dims: [3, 0, 2, 2, 1, 1, 1, 1] }))).toContain('LUC_VOLUME_NIFTI_CORRUPT');
    expect(await fault(nifti({ sform: new Array(12).fill(0) }))).toContain('no size');
    expect(await fault(nifti(), 7)).toContain('LUC_VOLUME_TOO_LARGE');
    const bomb = gzipSync(Buffer.concat([nifti(), new Uint8Array(2 ** 22)]));
    expect(await fault(bomb)).toContain('more than its header says');
  });
});
