/** A grey image of floating values, row-major. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

function kernel(sigma: number): Float64Array {
  const radius = Math.max(1, Math.ceil(3 * sigma));
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / sum);
}

/** Gaussian blur with `sigma` in pixels; the image goes on beyond its edges with its edge values. */
export function gaussianBlur(plane: Plane, sigma: number): Plane {
  if (sigma < 0.15) return plane;
  const { width, height, values } = plane;
  const weights = kernel(sigma);
  const radius = (weights.length - 1) / 2;
  const across = new Float32Array(values.length);
  const line = new Float64Array(width + 2 * radius);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let i = 0; i < line.length; i++)
      line[i] = values[row + Math.max(0, Math.min(width - 1, i - radius))] as number;
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += (weights[k] as number) * (line[x + k] as number);
      across[row + x] = sum;
    }
  }
  const result = new Float32Array(values.length);
  for (let k = 0; k < weights.length; k++) {
    const weight = weights[k] as number;
    for (let y = 0; y < height; y++) {
      const from = Math.max(0, Math.min(height - 1, y + k - radius)) * width;
      const to = y * width;
      for (let x = 0; x < width; x++)
        result[to + x] = (result[to + x] as number) + weight * (across[from + x] as number);
    }
  }
  return { width, height, values: result };
}

/** Mean over blocks of `by` x `by` pixels. */
function shrink({ width, height, values }: Plane, by: number): Plane {
  const w = Math.ceil(width / by);
  const h = Math.ceil(height / by);
  const result = new Float32Array(w * h);
  for (let j = 0; j < h; j++) {
    for (let i = 0; i < w; i++) {
      let sum = 0;
      let count = 0;
      for (let y = j * by; y < Math.min(height, (j + 1) * by); y++) {
        for (let x = i * by; x < Math.min(width, (i + 1) * by); x++) {
          sum += values[y * width + x] as number;
          count++;
        }
      }
      result[j * w + i] = sum / count;
    }
  }
  return { width: w, height: h, values: result };
}

/** Bilinear enlargement of what `shrink` made small. */
function enlarge(small: Plane, by: number, width: number, height: number): Plane {
  const result = new Float32Array(width * height);
  const position = (at: number, size: number) => Math.max(0, Math.min(size - 1, (at + 0.5) / by - 0.5));
  for (let y = 0; y < height; y++) {
    const v = position(y, small.height);
    const j = Math.min(small.height - 2, v | 0);
    const below = Math.max(0, j) * small.width;
    const above = Math.min(small.height - 1, j + 1) * small.width;
    const fv = v - Math.max(0, j);
    for (let x = 0; x < width; x++) {
      const u = position(x, small.width);
      const i = u | 0;
      const next = Math.min(small.width - 1, i + 1);
      const fu = u - i;
      const a = small.values[below + i] as number;
      const b = small.values[above + i] as number;
      const top = a + ((small.values[below + next] as number) - a) * fu;
      const bottom = b + ((small.values[above + next] as number) - b) * fu;
      result[y * width + x] = top + (bottom - top) * fv;
    }
  }
  return { width, height, values: result };
}

/** Gaussian blur for wide kernels: done on a smaller copy, since nothing fine survives it. */
export function wideBlur(plane: Plane, sigma: number): Plane {
  const by = Math.max(1, Math.floor(sigma / 3));
  if (by === 1) return gaussianBlur(plane, sigma);
  return enlarge(gaussianBlur(shrink(plane, by), sigma / by), by, plane.width, plane.height);
}
