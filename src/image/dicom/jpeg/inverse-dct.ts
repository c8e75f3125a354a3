/** Coefficients come in zigzag order (T.81 figure A.6); this gives their place in a row-major block. */
export const zigzag: Uint8Array = (() => {
  const order = new Uint8Array(64);
  let index = 0;
  for (let diagonal = 0; diagonal < 15; diagonal += 1) {
    const low = Math.max(0, diagonal - 7);
    const high = Math.min(7, diagonal);
    for (let step = low; step <= high; step += 1) {
      const row = diagonal % 2 === 0 ? diagonal - step : step;
      order[index] = row * 8 + (diagonal - row);
      index += 1;
    }
  }
  return order;
})();

/** `basis[x * 8 + u]` = C(u) / 2 * cos((2x + 1) u pi / 16), x < 4: the other half follows from symmetry (T.81 A.3.3). */
const basis: Float64Array = Float64Array.from({ length: 32 }, (_, index) => {
  const x = index >> 3;
  const u = index & 7;
  return (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * u * Math.PI) / 16);
});

const rows = new Float64Array(64);
const pixels = new Float64Array(64);

/** One-dimensional inverse DCT of 8 values, `step` apart; even and odd frequencies give the mirrored half. */
function transform(source: Float64Array, from: number, target: Float64Array, to: number, step: number): void {
  for (let x = 0; x < 4; x += 1) {
    let even = 0;
    let odd = 0;
    for (let u = 0; u < 8; u += 2) {
      even += (source[from + u * step] as number) * (basis[x * 8 + u] as number);
      odd += (source[from + (u + 1) * step] as number) * (basis[x * 8 + u + 1] as number);
    }
    target[to + x * step] = even + odd;
    target[to + (7 - x) * step] = even - odd;
  }
}

/**
 * Inverse DCT of a block of dequantised coefficients (row-major) in double precision; writes level-shifted samples
 * clipped to 0..`white` into a plane. Exact to rounding, which T.81 asks of no decoder.
 */
export function inverseDct(
  block: Float64Array,
  onlyDc: boolean,
  precision: number,
  plane: Uint16Array,
  start: number,
  stride: number,
): void {
  const white = (1 << precision) - 1;
  const shift = 1 << (precision - 1);
  if (onlyDc) {
    const value = Math.min(Math.max(Math.round((block[0] as number) / 8) + shift, 0), white);
    for (let y = 0; y < 8; y += 1) plane.fill(value, start + y * stride, start + y * stride + 8);
    return;
  }
  for (let row = 0; row < 8; row += 1) transform(block, row * 8, rows, row * 8, 1);
  for (let column = 0; column < 8; column += 1) transform(rows, column, pixels, column, 8);
  for (let y = 0; y < 8; y += 1) {
    for (let x = 0; x < 8; x += 1) {
      const value = Math.round(pixels[y * 8 + x] as number) + shift;
      plane[start + y * stride + x] = value < 0 ? 0 : Math.min(value, white);
    }
  }
}
