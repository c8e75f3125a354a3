import { describe, expect, it } from 'vitest';
import type { Box } from '../core/box.js';
import { suppress } from './non-maximum-suppression.js';

const proposal = (box: Box, rawScore: number, classIndex = 0) => ({ box, rawScore, classIndex });

describe('non-maximum suppression', () => {
  it('keeps the best of boxes that overlap beyond the limit', () => {
    const kept = suppress([proposal([0, 0, 10, 10], 0.5), proposal([1, 0, 10, 10], 0.9)], 0.5);
    expect(kept.map(({ rawScore }) => rawScore)).toEqual([0.9]);
  });

  it('keeps boxes of different classes at one place', () => {
    expect(suppress([proposal([0, 0, 10, 10], 0.5, 0), proposal([0, 0, 10, 10], 0.9, 1)], 0.5)).toHaveLength(
      2,
    );
  });

  it('keeps two boxes whose IoU equals the limit', () => {
    // 10x10 and 10x5 inside it: IoU exactly 0.5
    expect(suppress([proposal([0, 0, 10, 10], 0.9), proposal([0, 0, 10, 5], 0.5)], 0.5)).toHaveLength(2);
  });

  it('drops the cut piece of a finding at the seam of two tiles', () => {
    const pieces = [proposal([0, 0, 100, 100], 0.9), proposal([80, 0, 20, 100], 0.6)];
    expect(suppress(pieces, 0.5)).toHaveLength(2);
    expect(suppress(pieces, 0.5, 0.7)).toHaveLength(1);
  });
});
