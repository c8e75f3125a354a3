import { describe, expect, it } from 'vitest';
import { LucencyError } from '../../core/errors.js';
import type { Radiograph } from '../../core/radiograph.js';
import { decodeImage } from '../decode.js';
import { imageElements, type TestElement, type TestImage, writeDicom } from '../testing/dicom-writer.js';
import { tag } from './tags.js';

async function decodeAll(image: TestImage, more: TestElement[] = []): Promise<Radiograph[]> {
  return decodeImage(writeDicom(imageElements({ ...image, more })), { name: 'test.dcm' });
}

async function decode(image: TestImage, more: TestElement[] = []): Promise<Radiograph> {
  const [radiograph] = await decodeAll(image, more);
  if (!radiograph) throw new Error('no frame');
  return radiograph;
}

async function codeOf(image: TestImage, more: TestElement[] = []): Promise<string> {
  return decodeAll(image, more).then(
    () => 'none',
    (error: unknown) => (error instanceof LucencyError ? error.code : String(error)),
  );
}

/** Five stored values from 0 to 1000 in a row of five. */
const ramp: TestImage = { width: 5, height: 1, bitsStored: 12, pixels: [0, 250, 500, 750, 1000] };
const greyOf = (fraction: number): number => Math.round(fraction * 65535);
const pixels = (radiograph: Radiograph): number[] => Array.from(radiograph.pixels);

describe('windows (PS3.3 C.11.2.1.2-3)', () => {
  const window = (center: string, width: string, shape?: string): TestElement[] => [
    [tag.WindowCenter, 'DS', center],
    [tag.WindowWidth, 'DS', width],
    ...(shape === undefined ? [] : [[tag.VoiLutFunction, 'CS', shape] as const]),
  ];

  it('LINEAR: ((x - (c - 0.5)) / (w - 1) + 0.5), clipped', async () => {
    // c = 500, w = 501: 250 lies half a value above the lower end, 500 half a value above the middle.
    const result = await decode(ramp, window('500', '501'));
    expect(pixels(result)).toEqual([0, 0.5 / 500, 250.5 / 500, 1, 1].map(greyOf));
  });

  it('LINEAR is the default, also for an unknown function', async () => {
    const stated = pixels(await decode(ramp, window('400', '301', 'LINEAR')));
    expect(pixels(await decode(ramp, window('400', '301')))).toEqual(stated);
    expect(pixels(await decode(ramp, window('400', '301', 'CUBIC')))).toEqual(stated);
    expect(stated).toEqual([0, 0.5 - 149.5 / 300, 0.5 + 100.5 / 300, 1, 1].map(greyOf));
  });

  it('LINEAR with width 1 is a threshold at c - 0.5', async () => {
    expect(pixels(await decode(ramp, window('500.5', '1')))).toEqual([0, 0, 0, 65535, 65535]);
    expect(pixels(await decode(ramp, window('500', '1')))).toEqual([0, 0, 65535, 65535, 65535]);
  });

  it('LINEAR_EXACT: (x - c) / w + 0.5, clipped', async () => {
    const result = await decode(ramp, window('500', '800', 'LINEAR_EXACT'));
    expect(pixels(result)).toEqual([0, 0.5 - 250 / 800, 0.5, 0.5 + 250 / 800, 1].map(greyOf));
  });

  it('SIGMOID: 1 / (1 + exp(-4 (x - c) / w))', async () => {
    const result = await decode(ramp, window('500', '400', 'SIGMOID'));
    const expected = [0, 250, 500, 750, 1000].map((x) => 1 / (1 + Math.exp((-4 * (x - 500)) / 400)));
    expect(pixels(result)).toEqual(expected.map(greyOf));
  });

  it('applies to values after rescaling, and the first valid window counts', async () => {
    const rescale: TestElement[] = [
      [tag.RescaleSlope, 'DS', '2'],
      [tag.RescaleIntercept, 'DS', '-1000'],
    ];
    const result = await decode(ramp, [...rescale, ...window('7\\0', '-3\\2001')]);
    expect(pixels(result)).toEqual([-1000, -500, 0, 500, 999.5].map((x) => greyOf((x + 0.5) / 2000 + 0.5)));
  });

  it('inverts MONOCHROME1 last', async () => {
    const plain = await decode(ramp, window('400', '301'));
    const inverted = await decode({ ...ramp, photometric: 'MONOCHROME1' }, window('400', '301'));
    expect(pixels(inverted)).toEqual(pixels(plain).map((value) => 65535 - value));
  });

  it('gives the full range when there is no window, or one that would blank the image', async () => {
    const full = [0, 0.25, 0.5, 0.75, 1].map(greyOf);
    expect(pixels(await decode(ramp))).toEqual(full);
    expect(pixels(await decode(ramp, window('9000', '10')))).toEqual(full);
  });

  it('leaves a blank image black', async () => {
    expect(pixels(await decode({ ...ramp, pixels: [7, 7, 7, 7, 7] }))).toEqual([0, 0, 0, 0, 0]);
  });
});

describe('look-up tables', () => {
  const voiTable = (first: number, bits: number, entries: number[]): TestElement => [
    tag.VoiLutSequence,
    'SQ',
    [
      [
        [tag.LutDescriptor, 'US', [entries.length, first & 0xffff, bits]],
        [tag.LutData, 'US', entries],
      ],
    ],
  ];

  it('maps through the VOI LUT, values outside taking the nearest end, before any window', async () => {
    const image = { ...ramp, pixels: [0, 10, 11, 12, 4000] };
    const more: TestElement[] = [
      voiTable(10, 12, [0, 1000, 4095]),
      [tag.WindowCenter, 'DS', '5'],
      [tag.WindowWidth, 'DS', '3'],
    ];
    expect(pixels(await decode(image, more))).toEqual([0, 0, 1000 / 4095, 1, 1].map(greyOf));
  });

  it('reads a signed first value, eight-bit entries packed in pairs, and entries above the stated bits', async () => {
    const signed = { ...ramp, signed: true, bitsStored: 16, pixels: [-3, -2, -1, 0, 1] };
    const item = (vr: string, bits: number, data: TestElement): TestElement[] => [
      [tag.VoiLutSequence, 'SQ', [[[tag.LutDescriptor, vr, [3, -2 & 0xffff, bits]], data]]],
    ];
    const expected = [0, 0, 128 / 255, 1, 1].map(greyOf);
    const packed: TestElement = [tag.LutData, 'OW', Uint8Array.of(0, 128, 255)];
    expect(pixels(await decode(signed, item('SS', 8, packed)))).toEqual(expected);
    const beyond: TestElement = [tag.LutData, 'OW', Uint16Array.of(0, 128, 255)];
    expect(pixels(await decode(signed, item('SS', 7, beyond)))).toEqual(expected);
  });

  it('applies the Modality LUT before the window, instead of rescaling', async () => {
    const table: TestElement = [
      tag.ModalityLutSequence,
      'SQ',
      [
        [
          [tag.LutDescriptor, 'US', [4, 0, 16]],
          [tag.LutData, 'OW', Uint16Array.of(0, 100, 400, 900)],
        ],
      ],
    ];
    const image = { ...ramp, pixels: [0, 1, 2, 3, 9] };
    const more: TestElement[] = [table, [tag.RescaleSlope, 'DS', '5'], [tag.RescaleIntercept, 'DS', '-7']];
    expect(pixels(await decode(image, more))).toEqual([0, 1 / 9, 4 / 9, 1, 1].map(greyOf));
  });

  it('refuses a rescale slope of 0', async () => {
    expect(await codeOf(ramp, [[tag.RescaleSlope, 'DS', '0']])).toBe('LUC_DICOM_PIXEL_ATTRIBUTE');
  });
});

describe('padding', () => {
  it('stays out of the range and comes out black, before and after inversion', async () => {
    const more: TestElement[] = [[tag.PixelPaddingValue, 'US', [0]]];
    const image = { ...ramp, pixels: [0, 100, 200, 300, 0] };
    const plain = await decode(image, more);
    expect(pixels(plain)).toEqual([0, 0, 32768, 65535, 0]);
    expect(Array.from(plain.padding ?? [])).toEqual([1, 0, 0, 0, 1]);
    const inverted = await decode({ ...image, photometric: 'MONOCHROME1' }, more);
    expect(pixels(inverted)).toEqual([0, 65535, 32768, 0, 0]);
  });

  it('may be a range, and may be written with the other sign', async () => {
    const image = { ...ramp, signed: true, bitsStored: 16, pixels: [-2000, -1990, -10, 0, 10] };
    const more: TestElement[] = [
      [tag.PixelPaddingValue, 'US', [65536 - 2000]],
      [tag.PixelPaddingRangeLimit, 'SS', [-1990]],
    ];
    const result = await decode(image, more);
    expect(Array.from(result.padding ?? [])).toEqual([1, 1, 0, 0, 0]);
    expect(pixels(result)).toEqual([0, 0, 0, 32768, 65535]);
  });

  it('is null when no pixel is padding', async () => {
    expect((await decode(ramp, [[tag.PixelPaddingValue, 'US', [4095]]])).padding).toBeNull();
  });
});

describe('overlays', () => {
  it('in the bits above the stored ones change nothing', async () => {
    const drawn = { ...ramp, pixels: [0x8000, 250, 500 | 0x1000, 750, 1000 | 0xf000] };
    expect(pixels(await decode(drawn))).toEqual(pixels(await decode(ramp)));
  });
});

describe('colour', () => {
  const rgb: TestImage = {
    width: 2,
    height: 1,
    bitsAllocated: 8,
    samplesPerPixel: 3,
    photometric: 'RGB',
    pixels: Uint8Array.of(200, 100, 50, 80, 80, 80),
  };

  it('becomes luma, and tells how colourful it was', async () => {
    const { pixels: grey, colourfulness } = await decode(rgb);
    expect(Array.from(grey)).toEqual([Math.round(0.299 * 200 + 0.587 * 100 + 0.114 * 50) * 257, 80 * 257]);
    expect(colourfulness).toBeCloseTo(150 / 255 / 2, 10);
  });

  it('of kind YBR_FULL is turned to RGB first', async () => {
    const ybr = { ...rgb, photometric: 'YBR_FULL', pixels: Uint8Array.of(124, 86, 182, 80, 128, 128) };
    const { pixels: grey, colourfulness } = await decode(ybr);
    expect(Math.abs((grey[0] ?? 0) / 257 - 124)).toBeLessThanOrEqual(1);
    expect(grey[1]).toBe(80 * 257);
    expect(colourfulness).toBeCloseTo(150 / 255 / 2, 1);
  });

  it('is read from palettes of 8 and 16 bits, plain and segmented', async () => {
    const image: TestImage = {
      ...rgb,
      samplesPerPixel: 1,
      photometric: 'PALETTE COLOR',
      pixels: Uint8Array.of(1, 2),
    };
    const descriptor = (bits: number): TestElement[] =>
      [tag.RedPaletteDescriptor, tag.GreenPaletteDescriptor, tag.BluePaletteDescriptor].map(
        (value): TestElement => [value, 'US', [3, 0, bits]],
      );
    const wide: TestElement[] = [
      [tag.RedPaletteData, 'OW', Uint16Array.of(0, 200 * 257, 80 * 257)],
      [tag.GreenPaletteData, 'OW', Uint16Array.of(0, 100 * 257, 80 * 257)],
      [tag.BluePaletteData, 'OW', Uint16Array.of(0, 50 * 257, 80 * 257)],
    ];
    const plain = await decode(image, [...descriptor(16), ...wide]);
    expect(plain.pixels[1]).toBe(80 * 257);
    expect(Math.abs((plain.pixels[0] ?? 0) / 257 - 124.2)).toBeLessThan(1);
    // Discrete 0; linear, two steps up to 160 * 257: 0, 80, 160.
    const segments = Uint16Array.of(0, 1, 0, 1, 2, 160 * 257);
    const segmented = [0x0028_1221, 0x0028_1222, 0x0028_1223].map(
      (value): TestElement => [value, 'OW', segments],
    );
    const ramped = await decode(image, [...descriptor(16), ...segmented]);
    expect(pixels(ramped)).toEqual([80 * 257, 160 * 257]);
    expect(ramped.colourfulness).toBe(0);
  });

  it('without a palette, or of an unknown kind, is refused', async () => {
    const palette: TestImage = {
      ...rgb,
      samplesPerPixel: 1,
      photometric: 'PALETTE COLOR',
      pixels: Uint8Array.of(1, 2),
    };
    expect(await codeOf(palette)).toBe('LUC_DICOM_UNSUPPORTED_PHOTOMETRIC');
    expect(await codeOf({ ...rgb, photometric: 'HSV' })).toBe('LUC_DICOM_UNSUPPORTED_PHOTOMETRIC');
    expect(await codeOf({ ...rgb, photometric: 'MONOCHROME2' })).toBe('LUC_DICOM_PIXEL_ATTRIBUTE');
  });
});

describe('frames', () => {
  const two: TestImage = { ...ramp, frames: 2, pixels: [0, 250, 500, 750, 1000, 1000, 750, 500, 250, 0] };

  it('come one by one with their numbers, or one alone', async () => {
    const all = await decodeAll(two);
    expect(all.map(({ frame, frames }) => [frame, frames])).toEqual([
      [1, 2],
      [2, 2],
    ]);
    expect(pixels(all[1] as Radiograph)).toEqual(pixels(all[0] as Radiograph).reverse());
    const bytes = writeDicom(imageElements(two));
    const [second] = await decodeImage(bytes, { frames: 2 });
    expect(second?.frame).toBe(2);
    await expect(decodeImage(bytes, { frames: 3 })).rejects.toMatchObject({
      code: 'LUC_IMAGE_NO_SUCH_FRAME',
    });
  });

  it('take window, rescaling and spacing from their functional groups', async () => {
    const group = (center: string, slope: string): TestElement[] => [
      [
        tag.FrameVoiLutSequence,
        'SQ',
        [
          [
            [tag.WindowCenter, 'DS', center],
            [tag.WindowWidth, 'DS', '1'],
          ],
        ],
      ],
      [tag.PixelValueTransformationSequence, 'SQ', [[[tag.RescaleSlope, 'DS', slope]]]],
    ];
    const shared: TestElement[] = [
      [tag.PixelMeasuresSequence, 'SQ', [[[tag.PixelSpacing, 'DS', '0.2\\0.3']]]],
    ];
    const [first, second] = await decodeAll(two, [
      [tag.SharedFunctionalGroups, 'SQ', [shared]],
      [tag.PerFrameFunctionalGroups, 'SQ', [group('600', '1'), group('600', '2')]],
    ]);
    expect(first && pixels(first)).toEqual([0, 0, 0, 65535, 65535]);
    expect(second && pixels(second)).toEqual([65535, 65535, 65535, 0, 0]);
    expect(first?.pixelSpacingMm).toEqual([0.2, 0.3]);
    expect(first?.spacingSource).toBe('PixelSpacing');
  });

  it('beyond all memory are refused before anything is decoded', async () => {
    const huge = { ...ramp, width: 65535, height: 65535, pixels: [0] };
    expect(await codeOf(huge)).toBe('LUC_IMAGE_TOO_LARGE');
    expect(await codeOf({ ...ramp, frames: 999_999_999, pixels: [0] })).toBe('LUC_IMAGE_TOO_MANY_FRAMES');
    expect(await codeOf({ ...ramp, frames: 1999, pixels: [0] })).toBe('LUC_DICOM_TRUNCATED');
  });
});

describe('spacing and identity', () => {
  it('says whether spacing lies in the patient or at the detector (PS3.3 10.7.1)', async () => {
    const imager: TestElement = [tag.ImagerPixelSpacing, 'DS', '0.1\\0.1'];
    const spacingOf = async (more: TestElement[]) => {
      const { pixelSpacingMm, spacingSource } = await decode(ramp, more);
      return [pixelSpacingMm, spacingSource];
    };
    expect(await spacingOf([])).toEqual([null, null]);
    expect(await spacingOf([imager])).toEqual([[0.1, 0.1], 'ImagerPixelSpacing']);
    expect(await spacingOf([imager, [tag.PixelSpacing, 'DS', '0.1\\0.1']])).toEqual([
      [0.1, 0.1],
      'ImagerPixelSpacing',
    ]);
    expect(await spacingOf([imager, [tag.PixelSpacing, 'DS', '0.09\\0.08']])).toEqual([
      [0.09, 0.08],
      'PixelSpacing',
    ]);
    expect(await spacingOf([[tag.PixelSpacing, 'DS', '0\\x']])).toEqual([null, null]);
  });

  it('keeps the attributes that results refer to, and invents none', async () => {
    const { dicom, bitsStored, format } = await decode(ramp, [
      [tag.StudyInstanceUid, 'UI', '1.2.3'],
      [tag.Modality, 'CS', 'DX'],
      [tag.Laterality, 'CS', 'L'],
      [tag.ImageLaterality, 'CS', 'R'],
      [tag.PatientId, 'LO', ''],
    ]);
    expect(dicom).toEqual({ studyInstanceUid: '1.2.3', modality: 'DX', laterality: 'R' });
    expect([bitsStored, format]).toEqual([12, 'dicom']);
  });
});

describe('what is no radiograph', () => {
  it.each([
    ['a report', [[tag.Modality, 'CS', 'SR']], {}, 'LUC_DICOM_NO_PIXELS'],
    ['floating pixels', [[tag.FloatPixelData, 'OF', new Uint8Array(16)]], {}, 'LUC_DICOM_FLOAT_PIXELS'],
    [
      'a video',
      imageElements({ ...ramp, pixels: { fragments: [new Uint8Array(2)] } }),
      { transferSyntax: '1.2.840.10008.1.2.4.102' },
      'LUC_DICOM_VIDEO',
    ],
    [
      'an unknown transfer syntax',
      imageElements(ramp),
      { transferSyntax: '1.2.3' },
      'LUC_DICOM_UNSUPPORTED_TRANSFER_SYNTAX',
    ],
    [
      'fragments in a native syntax',
      imageElements({ ...ramp, pixels: { fragments: [new Uint8Array(2)] } }),
      {},
      'LUC_DICOM_CORRUPT',
    ],
    [
      'no fragments in an encapsulated one',
      imageElements(ramp),
      { transferSyntax: '1.2.840.10008.1.2.5' },
      'LUC_DICOM_CORRUPT',
    ],
    [
      '64 bits',
      imageElements({ ...ramp, bitsAllocated: 64, bitsStored: 64 }),
      {},
      'LUC_DICOM_PIXEL_ATTRIBUTE',
    ],
    ['no rows', imageElements({ ...ramp, height: 0 }), {}, 'LUC_DICOM_PIXEL_ATTRIBUTE'],
  ] as const)('is refused by name: %s', async (_, elements, options, code) => {
    const bytes = writeDicom(elements as TestElement[], options);
    await expect(decodeImage(bytes, { name: 'test.dcm' })).rejects.toMatchObject({ code });
  });
});
