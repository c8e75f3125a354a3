import { gaussianBlur, type Plane, wideBlur } from './blur.js';

/** Twelve bits: 0 is black. */
export const maxGrey = 4095;

/** How a radiography system turns signal into grey. */
export interface Processing {
  readonly pixelMm: number;
  /** Share of the large-scale density differences that is taken out, so that skin and thick bone both show. */
  readonly compression: number;
  /** Edge enhancement: share of the fine detail that is added. */
  readonly enhancement: number;
  /** Pixels that count when the range is chosen (inside the field, no marker, no metal); null for all. */
  readonly measured: Float32Array | null;
  /** Pixels outside the field are shown black, as an electronic shutter does. */
  readonly shutter: Float32Array | null;
}

const compressionSigmaMm = 9;
const enhancementSigmaMm = 0.7;
/** No more than this optical depth is resolved: behind it is only electronic noise. */
const deepestDepth = 6.5;

/** Grey values, 0 to 4095, bright where little radiation came through, ready to be shown (P-values). */
export function render(signal: Plane, processing: Processing): Uint16Array {
  const { width, height } = signal;
  const depth: Plane = {
    width,
    height,
    values: signal.values.map((s) => -Math.log(Math.max(s, Math.exp(-deepestDepth)))),
  };
  const base = maskedBlur(depth, processing.measured, compressionSigmaMm / processing.pixelMm);
  const fine = gaussianBlur(depth, enhancementSigmaMm / processing.pixelMm).values;
  const flat = depth.values.map(
    (d, i) =>
      d - processing.compression * (base[i] as number) + processing.enhancement * (d - (fine[i] as number)),
  );
  const [black, white] = range(flat, depth.values, processing.measured);
  const grey = new Uint16Array(flat.length);
  for (let i = 0; i < grey.length; i++) {
    const t = ((flat[i] as number) - black) / (white - black);
    const shown = processing.shutter && (processing.shutter[i] as number) < 0.5 ? 0 : shoulder(t);
    grey[i] = Math.round(maxGrey * shown);
  }
  return grey;
}

/** The characteristic curve: a toe that keeps air dark, a straight part, a shoulder that keeps thick bone and metal. */
function shoulder(t: number): number {
  if (t <= 0) return 0.035 * Math.exp(t * 6);
  const straight = 0.035 + 0.83 * t ** 1.12;
  return straight <= 0.8 ? straight : 1 - 0.2 * Math.exp((0.8 - straight) / 0.2);
}

/** Less optical depth than this is air; a tenth of a limb's skin has more. */
const airDepth = 0.12;

/** The values shown as black and as white: air, and all but the brightest few of a thousand pixels. */
function range(
  flat: Float32Array,
  depth: Float32Array,
  measured: Float32Array | null,
): readonly [number, number] {
  const sampled: number[] = [];
  const air: number[] = [];
  for (let i = 0; i < flat.length; i += 7) {
    if (measured && (measured[i] as number) < 0.5) continue;
    sampled.push(flat[i] as number);
    if ((depth[i] as number) < airDepth) air.push(flat[i] as number);
  }
  const black = air.length > sampled.length / 50 ? quantile(air, 0.5) : quantile(sampled, 0.01);
  return [black, Math.max(black + 0.5, quantile(sampled, 0.994))];
}

function quantile(values: readonly number[], q: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
}

/** Wide blur over the measured pixels only, so that neither the collimator nor the marker casts a halo. */
function maskedBlur(depth: Plane, measured: Float32Array | null, sigma: number): Float32Array {
  if (!measured) return wideBlur(depth, sigma).values;
  const { width, height, values } = depth;
  const weighted = wideBlur(
    { width, height, values: values.map((v, i) => v * (measured[i] as number)) },
    sigma,
  ).values;
  const weight = wideBlur({ width, height, values: measured }, sigma).values;
  return weighted.map((w, i) => w / Math.max(1e-3, weight[i] as number));
}
