/** Byte order marks, by which spreadsheet programs tell UTF-16 and UTF-8 apart. */
const marks = [
  { bytes: [0xff, 0xfe], encoding: 'utf-16le' },
  { bytes: [0xfe, 0xff], encoding: 'utf-16be' },
  { bytes: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
] as const;

/** Text without its byte order mark: UTF-16 where the mark says so, else UTF-8. */
export function decodeText(bytes: Uint8Array): string {
  const encoding = marks.find((mark) => mark.bytes.every((byte, at) => bytes[at] === byte))?.encoding;
  return new TextDecoder(encoding ?? 'utf-8').decode(bytes);
}
