/**
 * YBR_FULL to RGB (PS3.3 C.7.6.3.1.2; the inverse of Rec. 601 with full range), samples side by side.
 * @param bits per sample; chroma is centred on half the range
 */
export function rgbOfYbr(samples: Uint8Array | Uint16Array, bits: number): Uint8Array | Uint16Array {
  const white = 2 ** bits - 1;
  const centre = 2 ** (bits - 1);
  const rgb =
    samples instanceof Uint8Array ? new Uint8Array(samples.length) : new Uint16Array(samples.length);
  const clipped = (value: number): number => Math.min(Math.max(Math.round(value), 0), white);
  for (let at = 0; at + 2 < samples.length; at += 3) {
    const y = samples[at] as number;
    const blue = (samples[at + 1] as number) - centre;
    const red = (samples[at + 2] as number) - centre;
    rgb[at] = clipped(y + 1.402 * red);
    rgb[at + 1] = clipped(y - 0.344136 * blue - 0.714136 * red);
    rgb[at + 2] = clipped(y + 1.772 * blue);
  }
  return rgb;
}
