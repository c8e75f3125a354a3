/** A seeded stream of numbers for tests: same seed, same numbers, on every platform (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** A smooth picture with some noise, `bits` deep: compresses as radiographs do, and uses the whole range. */
export function smoothImage(width: number, height: number, bits: number, seed = 1): Uint16Array {
  const random = seededRandom(seed);
  const white = 2 ** bits - 1;
  return Uint16Array.from({ length: width * height }, (_, index) => {
    const x = (index % width) / width;
    const y = Math.floor(index / width) / height;
    const wave = 0.5 + 0.45 * Math.sin(5 * x + 3 * y) * Math.cos(4 * y - x);
    return Math.min(white, Math.max(0, Math.round(white * (wave + 0.05 * (random() - 0.5)))));
  });
}
