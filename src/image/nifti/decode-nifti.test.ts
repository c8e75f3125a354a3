import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { LucencyError } from '../../core/errors.js';
import { detectFormat } from '../detect-format.js';
import { nifti } from '../testing/nifti-writer.js';
import { decodeNifti } from './decode-nifti.js';

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
