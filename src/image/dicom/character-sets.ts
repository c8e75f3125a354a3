/** Specific Character Set (0008,0005) to the name that TextDecoder knows it by (PS3.3 C.12.1.1.2). */
const encodings: Readonly<Record<string, string>> = {
  'ISO_IR 6': 'windows-1252',
  'ISO_IR 100': 'windows-1252',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 148': 'windows-1254',
  'ISO_IR 203': 'iso-8859-15',
  'ISO_IR 166': 'windows-874',
  'ISO_IR 13': 'shift_jis',
  'ISO_IR 192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

/** The escape sequence by which text switches to a set (PS3.3 tables C.12-3 and C.12-4), and how to decode what follows. */
const escapes: readonly {
  readonly sequence: readonly number[];
  readonly encoding: string;
  readonly shift?: true;
}[] = [
  { sequence: [0x28, 0x42], encoding: 'windows-1252' },
  { sequence: [0x2d, 0x41], encoding: 'windows-1252' },
  { sequence: [0x2d, 0x42], encoding: 'iso-8859-2' },
  { sequence: [0x2d, 0x43], encoding: 'iso-8859-3' },
  { sequence: [0x2d, 0x44], encoding: 'iso-8859-4' },
  { sequence: [0x2d, 0x4c], encoding: 'iso-8859-5' },
  { sequence: [0x2d, 0x47], encoding: 'iso-8859-6' },
  { sequence: [0x2d, 0x46], encoding: 'iso-8859-7' },
  { sequence: [0x2d, 0x48], encoding: 'iso-8859-8' },
  { sequence: [0x2d, 0x4d], encoding: 'windows-1254' },
  { sequence: [0x2d, 0x54], encoding: 'windows-874' },
  { sequence: [0x29, 0x49], encoding: 'shift_jis' },
  { sequence: [0x28, 0x4a], encoding: 'shift_jis' },
  // The next are two bytes per character with the high bits clear; setting them gives EUC.
  { sequence: [0x24, 0x42], encoding: 'euc-jp', shift: true },
  { sequence: [0x24, 0x29, 0x43], encoding: 'euc-kr' },
  { sequence: [0x24, 0x29, 0x41], encoding: 'gbk' },
];

const decoders = new Map<string, TextDecoder>();

function decodeAs(encoding: string, bytes: Uint8Array): string {
  let decoder = decoders.get(encoding);
  if (!decoder) {
    decoder = new TextDecoder(encoding);
    decoders.set(encoding, decoder);
  }
  return decoder.decode(bytes);
}

const escapeByte = 0x1b;

function decodeWithEscapes(bytes: Uint8Array, initial: string): string {
  let text = '';
  let encoding = initial;
  let shift = false;
  let start = 0;
  const flush = (end: number): void => {
    const run = bytes.subarray(start, end);
    // Control characters and the backslash keep their meaning inside shifted runs.
    text += decodeAs(encoding, shift ? run.map((byte) => (byte > 0x20 ? byte | 0x80 : byte)) : run);
  };
  for (let at = bytes.indexOf(escapeByte); at >= 0; at = bytes.indexOf(escapeByte, start)) {
    flush(at);
    const found = escapes.find(({ sequence }) =>
      sequence.every((byte, index) => bytes[at + 1 + index] === byte),
    );
    start = at + 1 + (found?.sequence.length ?? 0);
    encoding = found?.encoding ?? initial;
    shift = found?.shift ?? false;
  }
  flush(bytes.length);
  return text;
}

/**
 * Decodes text of a data set.
 * @param characterSets values of Specific Character Set, from this data set or the one around it; empty for the default.
 * Unknown sets are read as Latin 1, which keeps ASCII right.
 */
export function decodeText(bytes: Uint8Array, characterSets: readonly string[]): string {
  const first = (characterSets[0] ?? '').replace(/^ISO 2022 IR /, 'ISO_IR ');
  const encoding = encodings[first] ?? 'windows-1252';
  if (characterSets.length > 1 && bytes.includes(escapeByte)) return decodeWithEscapes(bytes, encoding);
  return decodeAs(encoding, bytes);
}
