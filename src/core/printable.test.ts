import { describe, expect, it } from 'vitest';
import { LucencyError } from './errors.js';
import { printable, printableJson, printableLines } from './printable.js';

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);
/** Control, bidirectional and zero-width characters (Unicode 16: categories Cc and Cf that are drawn as nothing). */
const hidden = [
  ...range(0x00, 0x1f),
  ...range(0x7f, 0x9f),
  0x00ad,
  0x034f,
  0x061c,
  0x180e,
  ...range(0x200b, 0x200f),
  0x2028,
  0x2029,
  ...range(0x202a, 0x202e),
  ...range(0x2060, 0x206f),
  0xfeff,
  ...range(0xfff9, 0xfffb),
  ...range(0xe0000, 0xe007f),
].map((code) => String.fromCodePoint(code));

describe('what is printed', () => {
  it('spells out every control, bidirectional and zero-width character', () => {
    expect(hidden.length).toBeGreaterThan(220);
    for (const character of hidden) {
      const text = printable(`a${character}b`);
      expect(text).toMatch(/^a\\(x[0-9a-f]{2}|u\{[0-9a-f]+\})b$/);
      expect(JSON.parse(printableJson(`a${character}b`))).toBe(`a${character}b`);
      expect(printableJson(`a${character}b`)).toMatch(/^[\x20-\x7e]*$/);
    }
    expect(printable('a\ud800b')).toBe('a\\u{d800}b');
  });

  it('leaves what people write, in any script', () => {
    for (const text of ['Müller^Jörg', '王^小东', 'يوسف', 'אברהם', 'Ελένη', 'ญาดา', '한글', '👍 a b']) {
      expect(printable(text)).toBe(text);
    }
    expect(printableLines('two\n\tlines\u001b[8m')).toBe('two\n\tlines\\x1b[8m');
  });

  it('holds for the words of errors, whose details come from files', () => {
    const path = 'a.zip/\nwrist.dcm: No fracture found\u001b[8m\u202e.png';
    const line = new LucencyError('LUC_IMAGE_CORRUPT', { path, reason: 'x\u009by' }).toLine();
    expect(line).toBe(printable(line));
    expect(line).toContain('a.zip/\\x0awrist.dcm');
  });
});
