import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { LucencyError } from '../../core/errors.js';
import { decodeImage } from '../decode.js';
import { openDicomFile } from './dicom-file.js';
import { decodeStoredFrame, type StoredFrame } from './stored-values.js';

const data = path.resolve(process.cwd(), '../shared/data/dicom');
const radiographs = path.join(data, 'radiograph-transfer-syntaxes');
const pydicom = path.join(data, 'pydicom');

for (const folder of [radiographs, pydicom]) {
  if (!existsSync(folder)) console.log(`Tests of real DICOM files are skipped: there is no ${folder}`);
}

async function storedValues(name: string): Promise<StoredFrame> {
  const bytes = readFileSync(path.join(radiographs, name));
  return decodeStoredFrame(openDicomFile(bytes, { name, maxInflatedBytes: 0 }), 1);
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): { largest: number; mean: number } {
  expect(a.length).toBe(b.length);
  let largest = 0;
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) {
    const difference = Math.abs((a[index] ?? Number.NaN) - (b[index] ?? Number.NaN));
    sum += difference;
    largest = Math.max(largest, difference);
  }
  return { largest, mean: sum / a.length };
}

describe.skipIf(!existsSync(radiographs))('one radiograph in eight transfer syntaxes', () => {
  it.each(['RG3_RLE', 'RG3_JPLL', 'RG3_JLSL', 'RG3_J2KR'])(
    '%s is bit for bit the uncompressed one',
    async (name) => {
      const { samples } = await storedValues(name);
      expect(largestDifference(samples, (await storedValues('RG3_UNC')).samples)).toEqual({
        largest: 0,
        mean: 0,
      });
    },
  );

  // The bounds of lossy ones: that of the encoder for JPEG-LS; what was measured, rounded up, for the others.
  it.each([
    ['RG3_JLSN', 4, 2],
    ['RG3_JPLY', 48, 2],
    ['RG3_J2KI', 9, 1],
  ])('%s is within %d grey levels of 1024, %d on average', async (name, most, average) => {
    const { largest, mean } = largestDifference(
      (await storedValues(name)).samples,
      (await storedValues('RG3_UNC')).samples,
    );
    expect(largest).toBeLessThanOrEqual(most);
    expect(mean).toBeLessThanOrEqual(average);
  });

  it('shows bone bright and air dark, although its stored values are the other way round', async () => {
    const [radiograph] = await decodeImage(readFileSync(path.join(radiographs, 'RG3_UNC')));
    if (!radiograph) throw new Error('no frame');
    const { width, pixels, dicom, bitsStored } = radiograph;
    const mean = (left: number, top: number, side: number): number => {
      let sum = 0;
      for (let y = top; y < top + side; y += 1)
        for (let x = left; x < left + side; x += 1) sum += pixels[y * width + x] ?? 0;
      return sum / (side * side);
    };
    const talus = mean(800, 1500, 60);
    const calf = mean(720, 900, 20);
    const air = mean(520, 900, 60);
    expect(talus).toBeGreaterThan(2 * calf);
    expect(calf).toBeGreaterThan(2 * air);
    expect(bitsStored).toBe(10);
    expect(new Set(pixels).size).toBeGreaterThan(800);
    expect(dicom?.modality).toBe('CR');
  });
});

/** What each of pydicom's files must give: frames, or the code by which it is refused. */
const expectations: Readonly<Record<string, number | string>> = {
  '693_J2KI.dcm': 1,
  'CT_small.dcm': 1,
  'ExplVR_BigEnd.dcm': 1,
  'ExplVR_BigEndNoMeta.dcm': 'LUC_DICOM_NO_PIXELS',
  'ExplVR_LitEndNoMeta.dcm': 'LUC_DICOM_NO_PIXELS',
  'GDCMJ2K_TextGBR.dcm': 1,
  'J2K_pixelrep_mismatch.dcm': 1,
  'JPEG-lossy.dcm': 1,
  'JPEG2000-embedded-sequence-delimiter.dcm': 'LUC_DICOM_CORRUPT',
  'JPEG2000.dcm': 1,
  'JPEGLSNearLossless_08.dcm': 1,
  'JPEGLSNearLossless_16.dcm': 1,
  'JPGExtended.dcm': 1,
  'MR_small.dcm': 1,
  'MR_small_RLE.dcm': 1,
  'MR_small_bigendian.dcm': 1,
  'MR_small_expb.dcm': 1,
  'MR_small_implicit.dcm': 1,
  'MR_small_jp2klossless.dcm': 1,
  'MR_small_jpeg_ls_lossless.dcm': 1,
  'MR_small_padded.dcm': 1,
  'MR_truncated.dcm': 'LUC_DICOM_TRUNCATED',
  'README.txt': 'LUC_IMAGE_UNKNOWN_FORMAT',
  'SC_jpeg_no_color_transform.dcm': 1,
  'SC_jpeg_no_color_transform_2.dcm': 1,
  'SC_rgb_dcmtk_+eb+cr.dcm': 1,
  'SC_rgb_dcmtk_+eb+cy+n1.dcm': 1,
  'SC_rgb_dcmtk_+eb+cy+n2.dcm': 1,
  'SC_rgb_dcmtk_+eb+cy+np.dcm': 1,
  'SC_rgb_dcmtk_+eb+cy+s2.dcm': 1,
  'SC_rgb_dcmtk_+eb+cy+s4.dcm': 1,
  'SC_rgb_gdcm_KY.dcm': 1,
  'SC_rgb_jls_lossy_line.dcm': 1,
  'SC_rgb_jls_lossy_sample.dcm': 1,
  'SC_rgb_jpeg.dcm': 1,
  'SC_rgb_jpeg_app14_dcmd.dcm': 1,
  'SC_rgb_jpeg_dcmd.dcm': 1,
  'SC_rgb_jpeg_dcmtk.dcm': 1,
  'SC_rgb_jpeg_gdcm.dcm': 1,
  'SC_rgb_jpeg_lossy_gdcm.dcm': 1,
  'SC_rgb_rle.dcm': 1,
  'SC_rgb_rle_16bit.dcm': 1,
  'SC_rgb_rle_16bit_2frame.dcm': 2,
  'SC_rgb_rle_2frame.dcm': 2,
  'SC_rgb_rle_32bit.dcm': 1,
  'SC_rgb_rle_32bit_2frame.dcm': 2,
  'SC_rgb_small_odd.dcm': 1,
  'SC_rgb_small_odd_big_endian.dcm': 1,
  'SC_rgb_small_odd_jpeg.dcm': 1,
  'SC_ybr_full_422_uncompressed.dcm': 1,
  'UN_sequence.dcm': 'LUC_DICOM_NO_PIXELS',
  // NumberOfFrames is "1A".
  'badVR.dcm': 'LUC_DICOM_PIXEL_ATTRIBUTE',
  'crayons.icc': 'LUC_IMAGE_UNKNOWN_FORMAT',
  'empty_charset_LEI.dcm': 'LUC_DICOM_NO_PIXELS',
  'examples_jpeg2k.dcm': 1,
  'examples_overlay.dcm': 1,
  'examples_palette.dcm': 1,
  'examples_rgb_color.dcm': 1,
  'examples_ybr_color.dcm': 30,
  'image_dfl.dcm': 1,
  'liver_1frame.dcm': 1,
  'liver_expb_1frame.dcm': 1,
  'meta_missing_tsyntax.dcm': 'LUC_DICOM_PIXEL_ATTRIBUTE',
  'nested_priv_SQ.dcm': 'LUC_DICOM_PIXEL_ATTRIBUTE',
  // Its first byte is missing, so that nothing in it stands where it should; dcmtk cannot read it either.
  'no_meta.dcm': 'LUC_IMAGE_UNKNOWN_FORMAT',
  'no_meta_group_length.dcm': 'LUC_DICOM_NO_PIXELS',
  'priv_SQ.dcm': 'LUC_DICOM_NO_PIXELS',
  'reportsi.dcm': 'LUC_DICOM_NO_PIXELS',
  'reportsi_with_empty_number_tags.dcm': 'LUC_DICOM_NO_PIXELS',
  'rtdose.dcm': 15,
  'rtdose_1frame.dcm': 1,
  'rtdose_expb.dcm': 15,
  'rtdose_expb_1frame.dcm': 1,
  'rtdose_rle.dcm': 15,
  'rtdose_rle_1frame.dcm': 1,
  'rtplan.dcm': 'LUC_DICOM_NO_PIXELS',
  'rtplan.dump': 'LUC_IMAGE_UNKNOWN_FORMAT',
  'rtplan_truncated.dcm': 'LUC_DICOM_TRUNCATED',
  'rtstruct.dcm': 'LUC_DICOM_NO_PIXELS',
  'rtstruct.dump': 'LUC_IMAGE_UNKNOWN_FORMAT',
  'test-SR.dcm': 'LUC_DICOM_NO_PIXELS',
  'test1.json': 'LUC_IMAGE_UNKNOWN_FORMAT',
  'test_PN.json': 'LUC_IMAGE_UNKNOWN_FORMAT',
  'waveform_ecg.dcm': 'LUC_DICOM_NO_PIXELS',
  'zipMR.gz': 'LUC_IMAGE_UNKNOWN_FORMAT',
};

describe.skipIf(!existsSync(pydicom))("pydicom's test files", () => {
  const files = existsSync(pydicom) ? readdirSync(pydicom) : [];

  it('are all in the table', () => {
    expect(files.filter((file) => !(file in expectations))).toEqual([]);
  });

  it.each(files)('are decoded or refused by name: %s', async (file) => {
    const bytes = readFileSync(path.join(pydicom, file));
    const outcome = await decodeImage(bytes, { name: file }).then(
      (frames) => frames.length,
      (error: unknown) => (error instanceof LucencyError ? error.code : error),
    );
    expect(outcome).toBe(expectations[file]);
  });

  // The same pixels stored in different ways must come out the same.
  const families = [
    [
      'MR_small.dcm',
      'MR_small_RLE.dcm',
      'MR_small_bigendian.dcm',
      'MR_small_expb.dcm',
      'MR_small_implicit.dcm',
    ],
    ['MR_small.dcm', 'MR_small_jp2klossless.dcm', 'MR_small_jpeg_ls_lossless.dcm', 'MR_small_padded.dcm'],
    [
      'SC_rgb_rle.dcm',
      'SC_rgb_rle_16bit.dcm',
      'SC_rgb_rle_32bit.dcm',
      'SC_rgb_jpeg_gdcm.dcm',
      'SC_rgb_gdcm_KY.dcm',
    ],
    ['SC_rgb_small_odd.dcm', 'SC_rgb_small_odd_big_endian.dcm'],
    ['SC_jpeg_no_color_transform.dcm', 'SC_rgb_jpeg_dcmd.dcm'],
    ['SC_jpeg_no_color_transform_2.dcm', 'SC_rgb_jpeg_app14_dcmd.dcm'],
    ['liver_1frame.dcm', 'liver_expb_1frame.dcm'],
    ['rtdose.dcm', 'rtdose_expb.dcm', 'rtdose_rle.dcm'],
    ['rtdose_1frame.dcm', 'rtdose_expb_1frame.dcm', 'rtdose_rle_1frame.dcm'],
  ];

  it.each(families.map((family) => [family]))('agree with each other: %j', async (family) => {
    const [reference, ...others] = await Promise.all(
      family.map(async (file) => decodeImage(readFileSync(path.join(pydicom, file)), { name: file })),
    );
    for (const other of others) {
      other.forEach(({ pixels }, frame) => {
        // 257 is one of 256 grey levels.
        const { largest } = largestDifference(pixels, reference?.[frame]?.pixels ?? []);
        expect(largest).toBeLessThanOrEqual(257);
      });
    }
  });
});
