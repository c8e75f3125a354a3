/** Grey made of colour, and how colourful the source was (0 grey, 1 fully saturated everywhere). */
export interface GreyOfColour {
  readonly grey: Uint16Array;
  readonly colourfulness: number;
}

// Rec. 601 luma in 16-bit fixed point, the constants that Pillow's convert('L') uses, so that training sees the same.
const redShare = 19595;
const greenShare = 38470;
const blueShare = 7471;

/** Rec. 601 luma of one pixel, rounded; equal channels give exactly their value. */
export function luma(red: number, green: number, blue: number): number {
  return Math.floor((redShare * red + greenShare * green + blueShare * blue + 0x8000) / 0x10000);
}

/**
 * Colour to grey on 0..65535. Luma is taken on the samples' own scale and then stretched, so that 8-bit colour gives
 * the 8-bit grey that other programs compute, times 257.
 *
 * @param samples interleaved, `channels` per pixel, the first three red, green, blue; 0..`white`
 * @param white sample value of white
 */
export function greyOfColour(
  samples: Uint8Array | Uint16Array,
  channels: number,
  white: number,
  pixelCount: number,
): GreyOfColour {
  const grey = new Uint16Array(pixelCount);
  const stretch = 65535 / white;
  let chroma = 0;
  for (let pixel = 0, at = 0; pixel < pixelCount; pixel += 1, at += channels) {
    const red = samples[at] as number;
    const green = samples[at + 1] as number;
    const blue = samples[at + 2] as number;
    grey[pixel] = Math.round(luma(red, green, blue) * stretch);
    chroma += Math.max(red, green, blue) - Math.min(red, green, blue);
  }
  return { grey, colourfulness: pixelCount > 0 ? chroma / (pixelCount * white) : 0 };
}
