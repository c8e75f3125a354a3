/** The field that the collimator leaves open, pixels; the edges may tilt a little. */
export interface Collimation {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly tiltDegrees: number;
  /** Width of the soft edge, pixels. */
  readonly penumbra: number;
}

/** 1 inside the field, 0 outside, a smooth step at its edges. Row-major. */
export function fieldMask(width: number, height: number, c: Collimation): Float32Array {
  const mask = new Float32Array(width * height);
  const cos = Math.cos((c.tiltDegrees * Math.PI) / 180);
  const sin = Math.sin((c.tiltDegrees * Math.PI) / 180);
  const mx = width / 2;
  const my = height / 2;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const u = mx + (x + 0.5 - mx) * cos + (y + 0.5 - my) * sin;
      const v = my + (y + 0.5 - my) * cos - (x + 0.5 - mx) * sin;
      const inside = Math.min(u - c.left, c.right - u, v - c.top, c.bottom - v);
      const t = Math.max(0, Math.min(1, 0.5 + inside / c.penumbra));
      mask[i] = t * t * (3 - 2 * t);
    }
  }
  return mask;
}
