/** Values of each text representation (PS3.5 6.2), one by one. */
const patterns: Readonly<Record<string, RegExp>> = {
  AS: /^\d{3}[DWMY]$/,
  CS: /^[A-Z0-9_ ]{0,16}$/,
  DA: /^\d{8}$/,
  DS: /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/,
  DT: /^\d{4,14}(\.\d{1,6})?([+-]\d{4})?$/,
  IS: /^[+-]?\d{1,12}$/,
  TM: /^\d{2,6}(\.\d{1,6})?$/,
  UI: /^(0|[1-9]\d*)(\.(0|[1-9]\d*))+$/,
};
const longest: Readonly<Record<string, number>> = { UI: 64, DS: 16 };
const binaryWidths: Readonly<Record<string, number>> = {
  US: 2,
  SS: 2,
  UL: 4,
  SL: 4,
  FL: 4,
  FD: 8,
  AT: 4,
  SV: 8,
  UV: 8,
};

/**
 * True for values that are what their representation says: numbers, dates, coded strings. In a file one may find text
 * where a number belongs.
 * @param texts values of a text representation; unused for binary ones
 * @param most values that the attribute may have
 */
export function isPlainValue(
  vr: string,
  texts: readonly string[],
  bytes: Uint8Array,
  most = Number.POSITIVE_INFINITY,
): boolean {
  const width = binaryWidths[vr];
  if (width !== undefined) return bytes.length % width === 0 && bytes.length <= most * width;
  const pattern = patterns[vr];
  if (!pattern || texts.length > most) return false;
  return texts.every((text) => text === '' || (pattern.test(text) && text.length <= (longest[vr] ?? 64)));
}

/** Representations with a pattern or a width: values of all others are free text or bytes. */
export function isFormal(vr: string): boolean {
  return vr in patterns || vr in binaryWidths;
}
