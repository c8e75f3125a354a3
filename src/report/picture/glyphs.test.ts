import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { errorCatalogue } from '../../core/error-catalogue.js';
import { EMPTY_MAP, heatMapMeaning, heatMapTitle } from '../../core/heat-map-words.js';
import { NOTICE, verdictWords } from '../../core/reading-words.js';
import { CAP_HEIGHT, loadGlyphs } from './glyphs.js';

describe('letters as outlines', async () => {
  const glyphs = await loadGlyphs();
  const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));

  it('has a shape for every printable ASCII character', () => {
    expect(glyphs.missing(printable.join(''))).toEqual([]);
    for (const character of printable.slice(1))
      expect(glyphs.draw(character, 0, 0, 20, '#fff')).toMatch(/ d="M/);
  });

  it('has every letter of every word that a picture can show', () => {
    const labels = (['grad-cam', 'detector-scores'] as const).flatMap((method) =>
      [null, 1].flatMap((findingId) => {
        const label = { method, model: 'resnet18-fracture', findingId };
        return [heatMapTitle(label), heatMapMeaning(label)];
      }),
    );
    const refusals = Object.values(errorCatalogue).flatMap(({ message, advice }) => [message, advice]);
    const words = [
      ...Object.values(verdictWords),
      NOTICE,
      EMPTY_MAP,
      ...labels,
      ...refusals,
      '< 1 %',
      '> 99 %',
    ];
    expect(words.flatMap((text) => glyphs.missing(text))).toEqual([]);
  });

  it('writes only numbers into a path, wherever the text stands', () => {
    for (let step = 0; step < 200; step++) {
      const drawn = glyphs.draw('iji!?;:.,', step * 0.371, step * 1.309, 9 + step / 7, '#fff');
      expect(drawn).not.toMatch(/NaN|undefined|Infinity|\de-/);
      const paths = Array.from(drawn.matchAll(/ d="([^"]*)"/g), ([, path]) => path ?? '');
      expect(paths).toHaveLength(9);
      for (const path of paths) expect(path).toMatch(/^[MLQCZ0-9 .-]+$/);
    }
  });

  it('keeps accented letters, takes the bare letter where it must, and marks what it lacks', () => {
    const draw = (text: string): string => glyphs.draw(text, 0, 0, 20, '#fff');
    expect(glyphs.missing('é ü ñ')).toEqual([]);
    expect(draw('ṡ')).toBe(draw('s'));
    expect(glyphs.missing('骨 fracture')).toEqual(['骨']);
    expect(draw('骨')).toBe(draw('?'));
  });

  it('measures what it draws', async () => {
    const width = Math.ceil(glyphs.measure('HHHH', 100));
    const drawn = glyphs.draw('HHHH', 20, 90, 100, '#000');
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width + 40}" height="120">${drawn}</svg>`;
    const { info } = await sharp(Buffer.from(svg)).trim().toBuffer({ resolveWithObject: true });
    expect(info.width).toBeLessThan(width);
    expect(info.width).toBeGreaterThan(width * 0.9);
    expect(info.height).toBeGreaterThan(CAP_HEIGHT * 100 - 2);
    expect(info.height).toBeLessThan(CAP_HEIGHT * 100 + 3);
  });

  it('wraps at spaces, and inside a word that is too long for a line', () => {
    const lines = glyphs.wrap('one two supercalifragilistic three', 20, 90);
    expect(lines.join('')).toBe('one twosupercalifragilisticthree');
    for (const line of lines) expect(glyphs.measure(line, 20)).toBeLessThanOrEqual(90);
  });
});
