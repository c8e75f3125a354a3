import type { Box } from '../core/box.js';

// Below this share of the original scale a fine fracture line is averaged away before the detector sees it.
const smallestWholeImageScale = 0.25;
// Neighbouring tiles share this part of their side, so that a fracture at a seam lies whole in one of them.
const overlap = 0.25;

/**
 * Tiles of a detector pass over an image much larger than the input: squares of twice the input's side, overlapping
 * by a quarter. Empty when the whole image keeps at least a quarter of its scale in the input.
 * @param input side of the detector's square input, pixels
 */
export function planTiles(width: number, height: number, input: number): Box[] {
  if (input / Math.max(width, height) >= smallestWholeImageScale) return [];
  const side = input * 2;
  const starts = (length: number): number[] => {
    if (length <= side) return [0];
    const count = Math.ceil((length - side) / (side * (1 - overlap))) + 1;
    return Array.from({ length: count }, (_, i) => Math.round((i * (length - side)) / (count - 1)));
  };
  return starts(height).flatMap((y) =>
    starts(width).map((x): Box => [x, y, Math.min(side, width - x), Math.min(side, height - y)]),
  );
}
