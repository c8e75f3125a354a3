import type { Random } from '../random.js';

const side = 256;
const layers = 6;

function blurred(source: Float32Array, sigma: number): Float32Array {
  const reach = Math.ceil(3 * sigma);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-0.5 * ((i - reach) / sigma) ** 2),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const pass = (input: Float32Array, stride: number): Float32Array => {
    const output = new Float32Array(input.length);
    for (let i = 0; i < side * side; i++) {
      const line = stride === 1 ? i - (i % side) : i % side;
      const at = stride === 1 ? i % side : Math.floor(i / side);
      let value = 0;
      for (let k = -reach; k <= reach; k++) {
        value += (weights[k + reach] as number) * (input[line + ((at + k + side) % side) * stride] as number);
      }
      output[i] = value / sum;
    }
    return output;
  };
  return pass(pass(source, 1), side);
}

/**
 * Noise as reconstruction leaves it: the ramp filter takes the slow part away and the kernel the fast part. Unit
 * standard deviation. Tiles repeat every 256 pixels; each slice takes another piece of another tile.
 */
export class NoiseTexture {
  readonly #tiles: readonly Float32Array[];

  /** @param blurPixels blur of the kernel, pixels */
  constructor(random: Random, blurPixels: number) {
    this.#tiles = Array.from({ length: layers }, () => {
      const white = Float32Array.from({ length: side * side }, () => random.normal());
      const fine = blurred(white, Math.max(0.35, blurPixels));
      const slow = blurred(white, Math.max(0.35, blurPixels) * 3.2);
      const tile = fine.map((value, i) => value - 0.85 * (slow[i] as number));
      const deviation = Math.sqrt(tile.reduce((sum, value) => sum + value * value, 0) / tile.length);
      return tile.map((value) => value / deviation);
    });
  }

  /** Adds noise of `hu` standard deviation to a plane. */
  addTo(plane: Float32Array, columns: number, hu: number, random: Random): void {
    const tile = this.#tiles[random.bits() % layers] as Float32Array;
    const shiftX = random.bits() % side;
    const shiftY = random.bits() % side;
    const flip = random.chance(0.5) ? -hu : hu;
    const rows = plane.length / columns;
    for (let row = 0; row < rows; row++) {
      const line = ((row + shiftY) & (side - 1)) * side;
      const start = row * columns;
      for (let column = 0; column < columns; column++) {
        plane[start + column] =
          (plane[start + column] as number) +
          flip * (tile[line + ((column + shiftX) & (side - 1))] as number);
      }
    }
  }
}
