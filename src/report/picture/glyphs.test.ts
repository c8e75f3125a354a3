import { describe, expect, it } from 'vitest';
import { errorCatalogue } from '../../core/error-catalogue.js';
import { loadGlyphs } from './glyphs.js';
import { EMPTY_MAP, heatMapMeaning, heatMapTitle } from './heat-map-words.js';
import { NOTICE, verdictWords } from './words.js';

describe('letters as outlines', async () => {
  const glyphs = await loadGlyphs();
  const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));

  it('has a shape for every printable ASCII character', () => {
    expect(glyphs.missing(printable.join(''))).toEqual([]);
    for (const character of printable.slice(1)) expect(glyphs.outline(character, 0, 0, 20)).toMatch(/^M/);
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
      const path = glyphs.outline('iji!?;:.,', step * 0.371, step * 1.309, 9 + step / 7);
      expect(path).toMatch(/^[MLQCZ0-9 .-]+$/);
    }
  });

  it('keeps accented letters, takes the bare letter where it must, and marks what it lacks', () => {
    expect(glyphs.missing('é ü ñ')).toEqual([]);
    expect(glyphs.outline('ṡ', 0, 0, 20)).toBe(glyphs.outline('s', 0, 0, 20));
    expect(glyphs.missing('骨 fracture')).toEqual(['骨']);
    expect(glyphs.outline('骨', 0, 0, 20)).toBe(glyphs.outline('?', 0, 0, 20));
  });

  it('measures what it draws', () => {
    const xs = Array.from(glyphs.outline('HHHH', 0, 0, 100).matchAll(/[ML](-?[\d.]+)/g), ([, x]) =>
      Number(x),
    );
    const width = glyphs.measure('HHHH', 100);
    expect(Math.max(...xs)).toBeLessThan(width);
    expect(Math.max(...xs)).toBeGreaterThan(width * 0.9);
  });

  it('wraps at spaces, and inside a word that is too long for a line', () => {
    const lines = glyphs.wrap('one two supercalifragilistic three', 20, 90);
    expect(lines.join('')).toBe('one twosupercalifragilisticthree');
    for (const line of lines) expect(glyphs.measure(line, 20)).toBeLessThanOrEqual(90);
  });
});
