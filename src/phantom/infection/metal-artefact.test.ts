import { describe, expect, it } from 'vitest';
import { Random } from '../random.js';
import { type MetalSlice, metalStreaks } from './metal-artefact.js';

function slice(metalAt: readonly (readonly [number, number])[]): MetalSlice {
  const columns = 64;
  const rows = 64;
  const hu = Float32Array.from({ length: columns * rows }, (_, i) =>
    Math.hypot((i % columns) - 32, Math.floor(i / columns) - 32) < 28 ? 50 : -1000,
  );
  const metal = new Float32Array(columns * rows);
  for (const [x, y] of metalAt) {
    for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) metal[x + dx + columns * (y + dy)] = 1;
  }
  return { columns, rows, spacing: 2, hu, metal };
}

describe('metal artefacts', () => {
  it('are absent where there is no metal', () => {
    expect(metalStreaks(slice([]), 'steel', 1, 60, new Random(1))).toBeNull();
  });

  it('darken what lies between two pieces of metal, and steel does so more than titanium', () => {
    const two = slice([
      [20, 32],
      [44, 32],
    ]);
    const between = (kind: 'titanium' | 'steel') => {
      const streaks = metalStreaks(two, kind, 1, 90, new Random(1));
      if (!streaks) throw new Error('no streaks');
      let sum = 0;
      for (let x = 28; x <= 36; x++) sum += streaks[x + 64 * 32] as number;
      return sum / 9;
    };
    expect(between('titanium')).toBeLessThan(-5);
    expect(between('steel')).toBeLessThan(2 * between('titanium'));
  });
});
