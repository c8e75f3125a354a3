import { describe, expect, it } from 'vitest';
import type { Box } from '../core/box.js';
import { type DetectorPass, highestScore, mergePasses } from './detect.js';

interface Seen {
  /** x1, y1, x2, y2 in pixels of the tensor. */
  readonly corners: readonly [number, number, number, number];
  readonly score: number;
}

/** A pass over a part of an image, letterboxed into 100 pixels, in which a detector of one class saw some boxes. */
function pass(area: Box, seen: readonly Seen[]): DetectorPass {
  const [, , width, height] = area;
  const scale = Math.min(100 / width, 100 / height);
  const placement = { scale, left: (100 - width * scale) / 2, top: (100 - height * scale) / 2 };
  const boxes = [0, 1, 2, 3].flatMap((row) => seen.map(({ corners }) => corners[row] ?? 0));
  return {
    tensor: { data: new Float32Array(0), size: 100, placement, area },
    boxes: { data: Float32Array.from(boxes), dims: [1, 4, seen.length] },
    scores: { data: Float32Array.from(seen, ({ score }) => score), dims: [1, 1, seen.length] },
  };
}

const rounded = (box: Box): number[] => box.map(Math.round);

describe('detection', () => {
  it('gives boxes in pixels of the image, the border of the letterbox taken off', () => {
    // 400 x 200 in 100 pixels: a quarter of the scale, 25 pixels of border above.
    const [found] = mergePasses([pass([0, 0, 400, 200], [{ corners: [10, 35, 20, 45], score: 0.5 }])]);
    expect(rounded(found?.box ?? [0, 0, 0, 0])).toEqual([40, 40, 40, 40]);
  });

  it('cuts boxes at the image and leaves out what lies in the border or is noise', () => {
    const found = mergePasses([
      pass(
        [0, 0, 400, 200],
        [
          { corners: [90, 60, 110, 80], score: 0.5 },
          { corners: [10, 5, 20, 15], score: 0.4 },
          { corners: [10, 35, 20, 45], score: 0.0009 },
        ],
      ),
    ]);
    expect(found.map(({ box }) => rounded(box))).toEqual([[360, 140, 40, 60]]);
  });

  it('marks once what the whole image and two overlapping tiles show', () => {
    const found = mergePasses([
      pass([0, 0, 400, 400], [{ corners: [45, 20, 55, 30], score: 0.6 }]),
      // The left tile ends within the finding, the right one shows it whole.
      pass([0, 0, 200, 200], [{ corners: [89, 40, 100, 60], score: 0.5 }]),
      pass([150, 0, 200, 200], [{ corners: [15, 40, 35, 60], score: 0.8 }]),
    ]);
    expect(found.map(({ box, rawScore }) => [...rounded(box), Math.round(rawScore * 10)])).toEqual([
      [180, 80, 40, 40, 8],
    ]);
  });

  it('keeps the hundred best boxes, best first', () => {
    const seen = Array.from({ length: 300 }, (_, i): Seen => {
      const [x, y] = [(i % 20) * 5, Math.floor(i / 20) * 5];
      return { corners: [x, y, x + 4, y + 4], score: 0.1 + ((i * 7) % 300) / 1000 };
    });
    const scores = mergePasses([pass([0, 0, 100, 100], seen)]).map(({ rawScore }) => rawScore);
    expect(scores).toHaveLength(100);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(scores[0]).toBe(highestScore(pass([0, 0, 100, 100], seen)));
  });
});
