import { describe, expect, it } from 'vitest';
import type { DicomIdentity, Radiograph } from '../core/radiograph.js';
import { greyHistogram } from '../image/histogram.js';
import { refusalByAppearance } from './plausibility.js';

function radiographOf(changes: Partial<Radiograph>): Radiograph {
  return {
    width: 100,
    height: 100,
    pixels: Uint16Array.from({ length: 10_000 }, (_, i) => i),
    padding: null,
    bitsStored: 16,
    pixelSpacingMm: null,
    spacingSource: null,
    colourfulness: null,
    format: 'dicom',
    frame: 1,
    frames: 1,
    dicom: null,
    ...changes,
  };
}

function codeOf(changes: Partial<Radiograph>): string | null {
  const radiograph = radiographOf(changes);
  return refusalByAppearance(radiograph, greyHistogram(radiograph))?.code ?? null;
}

describe('refusal without a network', () => {
  it.each<[DicomIdentity, string | null]>([
    [{ modality: 'CT' }, 'LUC_RADIOGRAPH_MODALITY'],
    [{ modality: 'MR' }, 'LUC_RADIOGRAPH_MODALITY'],
    [{ modality: 'CR', bodyPartExamined: 'CHEST' }, 'LUC_RADIOGRAPH_BODY_PART'],
    [{ modality: 'DX', bodyPartExamined: 'L-SPINE' }, 'LUC_RADIOGRAPH_BODY_PART'],
    [{ modality: 'DX', bodyPartExamined: 'Skull' }, 'LUC_RADIOGRAPH_BODY_PART'],
    [{ modality: 'DX', bodyPartExamined: 'WRIST' }, null],
    [{ modality: 'CR' }, null],
    [{ modality: 'RG' }, null],
    [{ modality: 'RF' }, null],
    [{ modality: 'OT' }, null],
    [{}, null],
  ])('of what the DICOM file says: %j', (dicom, code) => {
    expect(codeOf({ dicom })).toBe(code);
  });

  it('of colour, but not of grey that was saved as colour', () => {
    expect(codeOf({ colourfulness: 0.3 })).toBe('LUC_RADIOGRAPH_PHOTOGRAPH');
    expect(codeOf({ colourfulness: 0.01 })).toBeNull();
  });

  it.each([0, 40_000, 65_535])('of a frame that is all %i, but for a few specks', (value) => {
    const pixels = new Uint16Array(10_000).fill(value);
    pixels.fill(1234, 0, 100);
    expect(codeOf({ pixels })).toBe('LUC_RADIOGRAPH_BLANK');
  });

  it('counts no padding: a small image on a large padded plate is no blank frame', () => {
    const padding = new Uint8Array(10_000).fill(1, 500);
    const pixels = Uint16Array.from({ length: 10_000 }, (_, i) => (i < 500 ? i * 10 : 0));
    expect(codeOf({ pixels, padding })).toBeNull();
    expect(codeOf({ padding: new Uint8Array(10_000).fill(1) })).toBe('LUC_RADIOGRAPH_BLANK');
  });
});
