/** A stream of random numbers that a seed fixes on every machine. */
export interface Random {
  /** Next 32 random bits, 0 to 2^32 - 1. */
  bits(): number;
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Uniform whole number in 0..bound - 1; bound at most 2^32. */
  below(bound: number): number;
}

const twoTo32 = 4294967296;

/** Spreads a small seed over the state of the generator (splitmix, 32 bits: Steele, Lea and Flood, OOPSLA 2014). */
function splitMix(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}

/**
 * xoshiro128** (Blackman and Vigna, ACM Trans Math Softw 2021;47:36), seeded by a whole number. Not for secrets: for
 * bootstrap, permutation and simulation, which must be repeatable.
 */
export function createRandom(seed: number): Random {
  const next = splitMix(seed);
  let s0 = next() | 0;
  let s1 = next() | 0;
  let s2 = next() | 0;
  let s3 = next() | 0;
  const bits = () => {
    const times5 = Math.imul(s1, 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9) >>> 0;
    const shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = (s3 << 11) | (s3 >>> 21);
    return result;
  };
  return {
    bits,
    uniform: () => ((bits() >>> 5) * 67108864 + (bits() >>> 6)) / 9007199254740992,
    // Unfair by at most bound / 2^32, far below what a million replicates can show.
    below: (bound) => Math.floor((bits() / twoTo32) * bound),
  };
}
