import { LucencyError } from '../../core/errors.js';
import { type GreyOfColour, greyOfColour } from '../grey.js';
import type { SampleArray } from './codecs/frame.js';
import type { DataSet } from './data-set.js';
import { type LookupTable, lookUp, readLookupTable, whiteOf } from './lookup-table.js';
import { expandSegments } from './segmented-palette.js';
import { tag } from './tags.js';

const channels = [
  { descriptor: tag.RedPaletteDescriptor, data: tag.RedPaletteData, segmented: tag.SegmentedRedPaletteData },
  {
    descriptor: tag.GreenPaletteDescriptor,
    data: tag.GreenPaletteData,
    segmented: tag.SegmentedGreenPaletteData,
  },
  {
    descriptor: tag.BluePaletteDescriptor,
    data: tag.BluePaletteData,
    segmented: tag.SegmentedBluePaletteData,
  },
] as const;

function readPalette(dataSet: DataSet): LookupTable[] {
  return channels.map(({ descriptor, data, segmented }) => {
    const plain = readLookupTable(dataSet, descriptor, data, false);
    if (plain) return plain;
    const packed = readLookupTable(dataSet, descriptor, segmented, false);
    const words = dataSet.words(segmented);
    const entries = packed && words ? expandSegments(words, 65536) : null;
    if (packed && entries) return { ...packed, entries };
    throw new LucencyError('LUC_DICOM_UNSUPPORTED_PHOTOMETRIC', {
      path: dataSet.name,
      photometric: 'PALETTE COLOR without a readable palette',
    });
  });
}

/**
 * Palette colour to grey (PS3.3 C.7.6.3.1.5, C.7.9).
 * @throws LUC_DICOM_UNSUPPORTED_PHOTOMETRIC when the palette is missing or damaged
 */
export function greyOfPalette(dataSet: DataSet, samples: SampleArray): GreyOfColour {
  const tables = readPalette(dataSet);
  const whites = tables.map(whiteOf);
  const colours = new Uint16Array(samples.length * 3);
  tables.forEach((table, channel) => {
    const stretch = 65535 / (whites[channel] as number);
    for (let index = 0; index < samples.length; index += 1) {
      colours[index * 3 + channel] = Math.round(lookUp(table, samples[index] as number) * stretch);
    }
  });
  return greyOfColour(colours, 3, 65535, samples.length);
}
