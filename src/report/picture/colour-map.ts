import { interpolateViridis } from 'd3-scale-chromatic';

/** Steps of the colour table. */
const STEPS = 256;

/** Opacity of the strongest places: the bone must stay visible below them. */
const STRONGEST_ALPHA = 0.6;

let table: Uint8Array | undefined;

/**
 * Viridis as `STEPS` RGBA quadruples, transparent at its dark end: perceptually uniform, readable in grey and by
 * colour-blind readers (van der Walt and Smith, 2015, CC0).
 */
function viridis(): Uint8Array {
  table ??= Uint8Array.from(
    Array.from({ length: STEPS }, (_, step) => {
      const share = step / (STEPS - 1);
      return [...rgbOf(interpolateViridis(share)), Math.round(255 * heatAlpha(share))];
    }).flat(),
  );
  return table;
}

function rgbOf(colour: string): [number, number, number] {
  const [r, g, b] = Array.from(colour.matchAll(/[0-9a-f]{2}/gi), ([hex]) => Number.parseInt(hex, 16));
  return [r ?? 0, g ?? 0, b ?? 0];
}

/** Opacity (0 to 1) at a share of the scale: nothing at all where the map says nothing. */
export function heatAlpha(share: number): number {
  return STRONGEST_ALPHA * Math.min(1, Math.max(0, share) * 1.25);
}

/** Colour of a share (0 to 1) of the scale as "#rrggbb". */
export function heatColour(share: number): string {
  const at = 4 * Math.round(Math.min(1, Math.max(0, share)) * (STEPS - 1));
  return `#${Buffer.from(viridis().subarray(at, at + 3)).toString('hex')}`;
}

/**
 * Values as RGBA pixels, 4 bytes each, not premultiplied.
 *
 * @param top the value that gets the last colour; above 0
 */
export function heatPixels(values: Float32Array, top: number): Uint8Array {
  const colours = viridis();
  const pixels = new Uint8Array(values.length * 4);
  const scale = (STEPS - 1) / top;
  for (let index = 0; index < values.length; index++) {
    const step = Math.min(STEPS - 1, Math.max(0, Math.round((values[index] ?? 0) * scale)));
    for (let channel = 0; channel < 4; channel++) {
      pixels[index * 4 + channel] = colours[step * 4 + channel] ?? 0;
    }
  }
  return pixels;
}
