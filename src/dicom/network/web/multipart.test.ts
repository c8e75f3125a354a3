import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../image/testing/noise.js';
import { boundaryOf, MultipartError, readMultipart } from './multipart.js';

async function* inPieces(bytes: Buffer, random: () => number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + Math.floor(random() * 40);
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

async function partsOf(bytes: Buffer, random = seededRandom(1)): Promise<[string | undefined, string][]> {
  const parts: [string | undefined, string][] = [];
  for await (const { headers, body } of readMultipart(inPieces(bytes, random), 'edge')) {
    const pieces: Buffer[] = [];
    for await (const piece of body) pieces.push(piece);
    parts.push([headers.get('content-type'), Buffer.concat(pieces).toString('latin1')]);
  }
  return parts;
}

describe('a multipart message', () => {
  const bodies = ['', 'plain', 'a\r\n--edg\r\n--ed', '\r\n\r\n', '--edge at the start', '\0\xff'.repeat(50)];
  const message = Buffer.from(
    `preamble\r\n${bodies.map((body) => `--edge\r\nContent-Type: a/b\r\n\r\n${body}\r\n`).join('')}--edge--\r\n`,
    'latin1',
  );

  it('comes apart into its parts, however it is cut into pieces', async () => {
    for (let seed = 0; seed < 50; seed++) {
      const parts = await partsOf(message, seededRandom(seed));
      expect(parts).toEqual(bodies.map((body) => ['a/b', body]));
    }
  });

  it('is refused when it ends too early or has no boundary', async () => {
    await expect(partsOf(message.subarray(0, message.length - 12))).rejects.toThrow(MultipartError);
    await expect(partsOf(Buffer.from('no boundary here'))).rejects.toThrow(MultipartError);
    await expect(partsOf(Buffer.from(`--edge\r\n${'x'.repeat(100_000)}`))).rejects.toThrow(MultipartError);
  });

  it('states its boundary with or without quotes', () => {
    expect(boundaryOf('multipart/related; type="application/dicom"; boundary="a b"')).toBe('a b');
    expect(boundaryOf('Multipart/Related; boundary=abc; type=x')).toBe('abc');
    expect(boundaryOf('application/dicom')).toBeNull();
  });
});
