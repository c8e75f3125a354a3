import { describe, expect, it } from 'vitest';
import { isSafeName, safeName, safePart } from './safe-name.js';

const hostile = [
  '../../etc/passwd',
  '..',
  '/',
  '',
  'C:\\Windows\\system32\\config',
  'a/b\0c.dcm',
  '.hidden',
  '-rf',
  'CON',
  'name\nwith newline.png',
  '<script>alert(1)</script>.jpg',
  `${'x'.repeat(300)}.dcm`,
  '骨折の写真.dcm',
  'Röntgen Übersicht.dcm',
  '\u202egnp.exe',
  '1.2.840.113619.2.55.3.2831178355.1',
  'zip.zip/../../x.dcm',
];

describe('safe names', () => {
  it('are plain file names for any input', () => {
    for (const input of hostile) {
      const name = safeName(input);
      expect(name).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]*$/);
      expect(name).not.toContain('..');
      expect(Buffer.byteLength(`${name}.detector-scores.${'m'.repeat(60)}.finding100.png.part`)).toBeLessThan(
        255,
      );
      expect(isSafeName(`${name}.png`)).toBe(true);
    }
  });

  it('differ for different inputs, also where case is ignored', () => {
    const inputs = [...hostile, 'a/wrist.dcm', 'b/wrist.dcm', 'WRIST.dcm', 'wrist.dcm', 'wrist.png', 'wrist'];
    const names = inputs.flatMap((input) => [safeName(input), safeName(input, 1), safeName(input, 2)]);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  });

  it('are the same for the same input, and readable', () => {
    expect(safeName('ward/Wrist left.dcm', 3)).toMatch(/^Wrist-left-frame3-[0-9a-f]{16}$/);
    expect(safeName('ward/Wrist left.dcm', 3)).toBe(safeName('ward/Wrist left.dcm', 3));
    expect(safePart('Röntgen Übersicht')).toBe('Rontgen-Ubersicht');
    expect(safeName('1.2.840.1')).toMatch(/^1\.2\.840\.1-/);
  });

  it('are told from files that Lucency did not write', () => {
    for (const name of ['holiday.jpg', 'report.html', 'x', 'abcdef0123456789', '0123456789abcdeg.png']) {
      expect(isSafeName(name)).toBe(false);
    }
  });
});
