import { describe, expect, it } from 'vitest';
import type { PixelRect } from './box-outline.js';
import { type LabelRequest, overlap, placeLabels } from './label-layout.js';

const picture = { width: 600, height: 500 };

function request(left: number, top: number, right: number, bottom: number): LabelRequest {
  return { target: { left, top, right, bottom }, width: 120, height: 20 };
}

function isInside({ left, top, right, bottom }: PixelRect): boolean {
  return left >= 0 && top >= 0 && right <= picture.width && bottom <= picture.height;
}

/** Numbers that look random but are the same in every run (Lehmer). */
function* numbers(): Generator<number> {
  for (let state = 42; ; state = (state * 48_271) % 2_147_483_647) yield state / 2_147_483_647;
}

describe('label layout', () => {
  it('puts a label directly above its box', () => {
    const [label] = placeLabels([request(100, 100, 200, 200)], picture, 8);
    expect(label).toEqual({ rect: { left: 100, top: 80, right: 220, bottom: 100 }, leader: null });
  });

  it('keeps a label inside the picture when its box lies in a corner', () => {
    for (const [left, top] of [
      [0, 0],
      [560, 0],
      [0, 460],
      [560, 460],
    ] as const) {
      const [label] = placeLabels([request(left, top, left + 40, top + 40)], picture, 8);
      expect(label && isInside(label.rect)).toBe(true);
    }
  });

  it('never covers a box or another label, however crowded', () => {
    const next = numbers();
    const number = (): number => next.next().value ?? 0;
    for (let round = 0; round < 60; round++) {
      const requests = Array.from({ length: 12 }, () => {
        const left = Math.floor(number() * 540);
        const top = Math.floor(number() * 440);
        return request(
          left,
          top,
          left + 10 + Math.floor(number() * 50),
          top + 10 + Math.floor(number() * 50),
        );
      });
      const labels = placeLabels(requests, picture, 8).flatMap((label) => (label ? [label.rect] : []));
      expect(labels.length).toBeGreaterThan(6);
      for (const [index, label] of labels.entries()) {
        expect(isInside(label)).toBe(true);
        expect(requests.some(({ target }) => overlap(target, label))).toBe(false);
        expect(labels.some((other, at) => at !== index && overlap(other, label))).toBe(false);
      }
    }
  });

  it('moves a label away on a leader line when there is no room beside its box', () => {
    const crowded = [
      request(250, 200, 350, 300),
      request(100, 150, 500, 198),
      request(100, 302, 500, 350),
      request(100, 199, 248, 301),
      request(352, 199, 500, 301),
    ];
    const [label] = placeLabels(crowded, picture, 8);
    expect(label === null || label?.leader !== null).toBe(true);
  });

  it('gives up on a label when the box fills the picture', () => {
    expect(placeLabels([request(0, 0, 600, 500)], picture, 8)).toEqual([null]);
  });
});
