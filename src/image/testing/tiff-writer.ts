/** Writes uncompressed grey TIFF files (TIFF 6.0) for tests: several pages, either byte order, orientation. */

export interface TiffPage {
  readonly width: number;
  readonly height: number;
  /** 16-bit samples; with `float`, the words of 32-bit ones. */
  readonly samples: Uint16Array;
  readonly orientation?: number;
  readonly float?: boolean;
}

const shortType = 3;
const longType = 4;

/** Entries of a page's directory in the order of their tags: tag, type, value. */
function directory(page: TiffPage, stripOffset: number): [number, number, number][] {
  const { width, height, samples, orientation = 1, float = false } = page;
  return [
    [256, longType, width],
    [257, longType, height],
    [258, shortType, float ? 32 : 16],
    [259, shortType, 1], // no compression
    [262, shortType, 1], // black is zero
    [273, longType, stripOffset],
    [274, shortType, orientation],
    [277, shortType, 1],
    [278, longType, height],
    [279, longType, samples.length * 2],
    [339, shortType, float ? 3 : 1],
  ];
}

export function greyTiff(pages: readonly TiffPage[], { littleEndian = true } = {}): Uint8Array {
  const directoryBytes = 2 + 12 * 11 + 4;
  const total = pages.reduce((sum, { samples }) => sum + directoryBytes + samples.length * 2, 8);
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  const order = littleEndian ? 0x49 : 0x4d;
  bytes.set([order, order]);
  view.setUint16(2, 42, littleEndian);
  view.setUint32(4, 8, littleEndian);
  let at = 8;
  pages.forEach((page, index) => {
    const entries = directory(page, at + directoryBytes);
    view.setUint16(at, entries.length, littleEndian);
    entries.forEach(([tag, type, value], entry) => {
      const start = at + 2 + 12 * entry;
      view.setUint16(start, tag, littleEndian);
      view.setUint16(start + 2, type, littleEndian);
      view.setUint32(start + 4, 1, littleEndian);
      if (type === shortType) view.setUint16(start + 8, value, littleEndian);
      else view.setUint32(start + 8, value, littleEndian);
    });
    const next = at + directoryBytes + page.samples.length * 2;
    view.setUint32(at + 2 + 12 * entries.length, index + 1 < pages.length ? next : 0, littleEndian);
    page.samples.forEach((sample, i) => {
      view.setUint16(at + directoryBytes + 2 * i, sample, littleEndian);
    });
    at = next;
  });
  return bytes;
}
