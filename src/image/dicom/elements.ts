import { tag, tagText } from './tags.js';

/** How elements are written (PS3.5 A). */
export interface Encoding {
  readonly explicit: boolean;
  readonly littleEndian: boolean;
}

export const implicitLittleEndian: Encoding = { explicit: false, littleEndian: true };
export const explicitLittleEndian: Encoding = { explicit: true, littleEndian: true };

/** Header of one element; `start` and `length` are those of its value. */
export interface Element {
  /** Where the element itself begins. */
  readonly at: number;
  readonly tag: number;
  readonly vr: string | null;
  readonly start: number;
  /** For sequences of undefined length: up to the delimiter. */
  readonly length: number;
  /** Pixel Data of undefined length. */
  readonly encapsulated: boolean;
  /** Encoding of the items inside: differs from that around it for VR UN (PS3.5 6.2.2, note 2). */
  readonly inner: Encoding;
}

/** The bytes end inside an element. */
export class TruncatedError extends Error {}
/** The bytes are not a data set. */
export class MalformedError extends Error {}

const undefinedLength = 0xffffffff;
/** VRs with two reserved bytes and a 32-bit length (PS3.5 7.1.2). */
const longVrs = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));
const shortVrs = new Set('AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US'.split(' '));
/** Real data sets nest some ten deep; malicious ones may exhaust the stack. */
const maxDepth = 64;
/** Most elements of a data set, and items of a sequence: far more than any real one has, small enough for memory. */
const maxCount = 200_000;

/**
 * What ends a run of elements: for `meta` another group than 0002, for `root` Pixel Data, for `item` its delimitation, for
 * `behind` (the elements that follow Pixel Data) nothing.
 */
export type Level = 'meta' | 'root' | 'item' | 'behind';

function isUpperCase(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}

interface Header {
  readonly at: number;
  readonly tag: number;
  readonly vr: string | null;
  readonly start: number;
  readonly length: number;
}

/** Walks elements; one instance per file. Throws `TruncatedError` and `MalformedError`. */
export class ElementReader {
  readonly view: DataView;

  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  private tagAt(at: number, littleEndian: boolean): number {
    return this.view.getUint16(at, littleEndian) * 0x10000 + this.view.getUint16(at + 2, littleEndian);
  }

  private header(at: number, end: number, { explicit, littleEndian }: Encoding): Header {
    if (at + 8 > end) throw new TruncatedError('an element header is cut');
    const tagValue = this.tagAt(at, littleEndian);
    const first = this.view.getUint8(at + 4);
    const second = this.view.getUint8(at + 5);
    const delimiter = tagValue >>> 16 === 0xfffe;
    // Some writers slip implicit elements into explicit files; letters where the VR should be tell them apart.
    if (!explicit || delimiter || !isUpperCase(first) || !isUpperCase(second)) {
      return {
        at,
        tag: tagValue,
        vr: null,
        start: at + 8,
        length: this.view.getUint32(at + 4, littleEndian),
      };
    }
    const vr = String.fromCharCode(first, second);
    if (shortVrs.has(vr)) {
      return { at, tag: tagValue, vr, start: at + 8, length: this.view.getUint16(at + 6, littleEndian) };
    }
    if (at + 12 > end) throw new TruncatedError(`the header of ${tagText(tagValue)} is cut`);
    // VRs that the standard may add later have the long form, too (PS3.5 7.1.2).
    return { at, tag: tagValue, vr, start: at + 12, length: this.view.getUint32(at + 8, littleEndian) };
  }

  /**
   * Elements from `start` to `end`, or to where the level ends them. Nothing behind Pixel Data is of use, so the root
   * ends there, or before the first tag above `lastTag`. Of an element that occurs twice the first counts.
   */
  elements(
    start: number,
    end: number,
    encoding: Encoding,
    level: Level,
    depth = 0,
    lastTag = 0xffff_ffff,
  ): { elements: Map<number, Element>; end: number } {
    if (depth > maxDepth) throw new MalformedError('its sequences are nested too deep');
    const elements = new Map<number, Element>();
    let at = start;
    while (at < end) {
      if (level === 'root' && end - at < 8 && this.bytes.subarray(at, end).every((byte) => byte === 0)) break;
      const header = this.header(at, end, encoding);
      if (level === 'meta' && header.tag >>> 16 !== 0x0002) break;
      if (level === 'root' && header.tag > lastTag) break;
      if (level === 'item' && header.tag === tag.ItemDelimitation) return { elements, end: header.start };
      const element = this.element(header, end, encoding, level === 'root', depth);
      at = element.next;
      if (!elements.has(header.tag)) elements.set(header.tag, element);
      if (elements.size > maxCount) throw new MalformedError('it has too many elements');
      if (level === 'root' && header.tag === tag.PixelData) break;
    }
    return { elements, end: at };
  }

  private element(
    { at, tag: tagValue, vr, start, length }: Header,
    end: number,
    encoding: Encoding,
    root: boolean,
    depth: number,
  ): Element & { next: number } {
    const inner = vr === 'UN' ? implicitLittleEndian : encoding;
    if (length !== undefinedLength) {
      const pixels = root && tagValue === tag.PixelData;
      if (start + length > end && !pixels) {
        throw new TruncatedError(`${tagText(tagValue)} has ${length} bytes, but ${end - start} are left`);
      }
      return { at, tag: tagValue, vr, start, length, encapsulated: false, inner, next: start + length };
    }
    if (root && tagValue === tag.PixelData) {
      return { at, tag: tagValue, vr, start, length: end - start, encapsulated: true, inner, next: end };
    }
    if (vr !== null && vr !== 'SQ' && vr !== 'UN' && !longVrs.has(vr)) {
      throw new MalformedError(`${tagText(tagValue)} of VR ${vr} has no length`);
    }
    const close = this.sequenceEnd(start, end, inner, depth);
    return {
      at,
      tag: tagValue,
      vr,
      start,
      length: close - start,
      encapsulated: false,
      inner,
      next: close + 8,
    };
  }

  /** Offset of the sequence delimitation that closes the sequence which starts at `start`. */
  private sequenceEnd(start: number, end: number, encoding: Encoding, depth: number): number {
    let at = start;
    for (;;) {
      const item = this.header(at, end, encoding);
      if (item.tag === tag.SequenceDelimitation) return at;
      at = this.itemEnd(item, end, encoding, depth);
    }
  }

  private itemEnd(item: Header, end: number, encoding: Encoding, depth: number): number {
    if (item.tag !== tag.Item) throw new MalformedError(`${tagText(item.tag)} stands where an item should`);
    if (item.length === undefinedLength)
      return this.elements(item.start, end, encoding, 'item', depth + 1).end;
    if (item.start + item.length > end) throw new TruncatedError('a sequence item is cut');
    return item.start + item.length;
  }

  /** Start and end of the contents of each item of a sequence. */
  items({ start, length, inner }: Element): { start: number; end: number }[] {
    const items: { start: number; end: number }[] = [];
    const end = start + length;
    let at = start;
    while (at + 8 <= end) {
      const item = this.header(at, end, inner);
      if (item.tag === tag.SequenceDelimitation) break;
      at = this.itemEnd(item, end, inner, 0);
      items.push({ start: item.start, end: at });
      if (items.length > maxCount) throw new MalformedError('a sequence has too many items');
    }
    return items;
  }
}
