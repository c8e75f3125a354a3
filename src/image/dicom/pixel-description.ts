import { LucencyError } from '../../core/errors.js';
import type { DataSet } from './data-set.js';
import { tag } from './tags.js';

export type Photometric =
  | 'MONOCHROME1'
  | 'MONOCHROME2'
  | 'PALETTE COLOR'
  | 'RGB'
  | 'YBR_FULL'
  | 'YBR_FULL_422'
  | 'YBR_ICT'
  | 'YBR_RCT';

/** The Image Pixel module (PS3.3 C.7.6.3), checked: what the bytes of a frame mean. */
export interface PixelDescription {
  readonly width: number;
  readonly height: number;
  readonly samplesPerPixel: 1 | 3;
  readonly photometric: Photometric;
  /** One plane per colour instead of pixel by pixel. */
  readonly planar: boolean;
  readonly bitsAllocated: 1 | 8 | 16 | 32;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  readonly frames: number;
}

const photometrics: readonly string[] = [
  'MONOCHROME1',
  'MONOCHROME2',
  'PALETTE COLOR',
  'RGB',
  'YBR_FULL',
  'YBR_FULL_422',
  'YBR_ICT',
  'YBR_RCT',
] satisfies readonly Photometric[];

function isPhotometric(text: string): text is Photometric {
  return photometrics.includes(text);
}

function isOneOf<T extends number>(value: number, allowed: readonly T[]): value is T {
  return (allowed as readonly number[]).includes(value);
}

/** Reads attributes one by one and refuses by name what is missing or impossible. */
class Attributes {
  constructor(private readonly dataSet: DataSet) {}

  fault(attribute: string, value: string | number): LucencyError {
    return new LucencyError('LUC_DICOM_PIXEL_ATTRIBUTE', { path: this.dataSet.name, attribute, value });
  }

  whole(name: keyof typeof tag, fallback: number | null, minimum: number, maximum: number): number {
    const stated = this.dataSet.number(tag[name], 'US');
    const value = stated ?? fallback;
    if (value === null) throw this.fault(name, this.dataSet.has(tag[name]) ? 'not readable' : 'missing');
    if (!Number.isInteger(value) || value < minimum || value > maximum) throw this.fault(name, value);
    return value;
  }

  frames(): number {
    const stated = this.dataSet.text(tag.NumberOfFrames);
    if (stated === null) return 1;
    if (!/^\d{1,9}$/.test(stated)) throw this.fault('NumberOfFrames', stated);
    // Zero is met in files of one frame.
    return Math.max(1, Number(stated));
  }

  photometric(): Photometric {
    const stated = this.dataSet.text(tag.PhotometricInterpretation);
    if (stated === null) throw this.fault('PhotometricInterpretation', 'missing');
    const photometric = stated.toUpperCase();
    if (isPhotometric(photometric)) return photometric;
    throw new LucencyError('LUC_DICOM_UNSUPPORTED_PHOTOMETRIC', {
      path: this.dataSet.name,
      photometric: stated,
    });
  }
}

/** @throws LUC_DICOM_PIXEL_ATTRIBUTE, LUC_DICOM_UNSUPPORTED_PHOTOMETRIC */
export function describePixels(dataSet: DataSet): PixelDescription {
  const attributes = new Attributes(dataSet);
  const height = attributes.whole('Rows', null, 1, 65535);
  const width = attributes.whole('Columns', null, 1, 65535);
  const bitsAllocated = attributes.whole('BitsAllocated', null, 1, 64);
  if (!isOneOf(bitsAllocated, [1, 8, 16, 32] as const))
    throw attributes.fault('BitsAllocated', bitsAllocated);
  const bitsStored = attributes.whole('BitsStored', bitsAllocated, 1, bitsAllocated);
  const highBit = attributes.whole('HighBit', bitsStored - 1, bitsStored - 1, bitsAllocated - 1);
  const samplesPerPixel = attributes.whole('SamplesPerPixel', 1, 1, 4);
  if (!isOneOf(samplesPerPixel, [1, 3] as const)) throw attributes.fault('SamplesPerPixel', samplesPerPixel);
  const photometric = attributes.photometric();
  const colour = photometric !== 'PALETTE COLOR' && !photometric.startsWith('MONOCHROME');
  if (colour !== (samplesPerPixel === 3)) {
    throw attributes.fault('SamplesPerPixel', `${samplesPerPixel} for ${photometric}`);
  }
  return {
    width,
    height,
    samplesPerPixel,
    photometric,
    planar: samplesPerPixel === 3 && attributes.whole('PlanarConfiguration', 0, 0, 1) === 1,
    bitsAllocated,
    bitsStored,
    highBit,
    signed: attributes.whole('PixelRepresentation', 0, 0, 1) === 1,
    frames: attributes.frames(),
  };
}
