/** Value representations that hold numbers. */
export type NumericVr = 'US' | 'SS' | 'UL' | 'SL' | 'FL' | 'FD' | 'DS' | 'IS';

/** Where the bytes of Pixel Data lie. */
export interface PixelDataLocation {
  /** Offset of the element itself in `DataSet.source`. */
  readonly at: number;
  /** Offset of the value (for encapsulated pixel data: of the first item) in `DataSet.source`. */
  readonly start: number;
  /** Bytes that the element promises; null for encapsulated pixel data, whose length is undefined. */
  readonly length: number | null;
}

/**
 * A read-only DICOM data set: the one port through which Lucency sees DICOM elements. Values are decoded when asked for,
 * so opening a file costs no more than walking its element headers. Tags are group * 65536 + element. An element that is
 * absent, empty or not readable as what is asked gives null, NaN or an empty list, never an exception.
 */
export interface DataSet {
  /** Name of the file, for error messages. */
  readonly name: string;
  /** All bytes of the file (inflated, for the deflated transfer syntax). */
  readonly source: Uint8Array;
  readonly littleEndian: boolean;
  readonly pixelData: PixelDataLocation | null;

  tags(): number[];
  /** True when the element is there, even if empty. */
  has(tag: number): boolean;
  /** Value representation as the file states it; null in implicit files. */
  vr(tag: number): string | null;
  bytes(tag: number): Uint8Array | null;
  /** 16-bit words in the file's byte order: look-up tables. */
  words(tag: number): Uint16Array | null;
  /** Values of a text element, split at backslashes and trimmed. */
  texts(tag: number): string[];
  /** First non-empty of `texts`. */
  text(tag: number): string | null;
  /** The value of an unlimited text element (ST, LT, UT), not split, trailing blanks removed. */
  wholeText(tag: number): string | null;
  /** Numbers, by the file's own VR when that is numeric, else by `vr`; NaN for what is no number. */
  numbers(tag: number, vr: NumericVr): number[];
  /** First of `numbers` if it is finite. */
  number(tag: number, vr: NumericVr): number | null;
  /** Items of a sequence. */
  items(tag: number): DataSet[];
}
