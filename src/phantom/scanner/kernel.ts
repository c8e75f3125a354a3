/** Blurs a plane in place with a Gaussian; values beyond the border are those of the border. */
function blur(plane: Float32Array, columns: number, sigma: number, scratch: Float32Array): void {
  const reach = Math.max(1, Math.ceil(2.6 * sigma));
  const weights = Float32Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-0.5 * ((i - reach) / sigma) ** 2),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const rows = plane.length / columns;
  for (let i = 0; i < weights.length; i++) weights[i] = (weights[i] as number) / sum;
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    for (let column = 0; column < columns; column++) {
      let value = 0;
      if (column >= reach && column < columns - reach) {
        for (let k = -reach; k <= reach; k++) {
          value += (weights[k + reach] as number) * (plane[start + column + k] as number);
        }
      } else {
        for (let k = -reach; k <= reach; k++) {
          const at = Math.max(0, Math.min(columns - 1, column + k));
          value += (weights[k + reach] as number) * (plane[start + at] as number);
        }
      }
      scratch[start + column] = value;
    }
  }
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    plane.fill(0, start, start + columns);
    for (let k = -reach; k <= reach; k++) {
      const from = Math.max(0, Math.min(rows - 1, row + k)) * columns;
      const weight = weights[k + reach] as number;
      for (let column = 0; column < columns; column++) {
        plane[start + column] =
          (plane[start + column] as number) + weight * (scratch[from + column] as number);
      }
    }
  }
}

/** A reconstruction kernel: blur, and for sharp kernels edges that overshoot. */
export class Kernel {
  readonly #sigma: number;
  readonly #edge: number;
  readonly #wide: number;
  readonly #scratch: Float32Array;
  readonly #copy: Float32Array;
  readonly #columns: number;

  /** @param blurPixels standard deviation of the blur; `edge` 0 or more */
  constructor(blurPixels: number, edge: number, columns: number, rows: number) {
    this.#sigma = Math.max(0.3, blurPixels);
    this.#edge = edge;
    this.#wide = this.#sigma * 1.6;
    this.#columns = columns;
    this.#scratch = new Float32Array(columns * rows);
    this.#copy = new Float32Array(edge > 0 ? columns * rows : 0);
  }

  apply(plane: Float32Array): void {
    blur(plane, this.#columns, this.#sigma, this.#scratch);
    if (this.#edge <= 0) return;
    this.#copy.set(plane);
    blur(this.#copy, this.#columns, this.#wide, this.#scratch);
    for (let i = 0; i < plane.length; i++) {
      const value = plane[i] as number;
      plane[i] = value + this.#edge * (value - (this.#copy[i] as number));
    }
  }
}
