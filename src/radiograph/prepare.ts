import type { Box } from '../core/box.js';
import type { Radiograph } from '../core/radiograph.js';
import { greyHistogram } from '../image/histogram.js';
import { cropSquare, letterboxes, stretchRange } from '../image/tensor.js';
import { refusalByAppearance } from './plausibility.js';
import type {
  CropOptions,
  GreyRange,
  PreparedCrops,
  PreparedFrame,
  PreparedTensor,
  PreparePlan,
} from './prepare-messages.js';
import { planTiles } from './tiles.js';

function cutOut(radiograph: Radiograph, [x, y, width, height]: Box): Radiograph {
  const pixels = new Uint16Array(width * height);
  for (let row = 0; row < height; row++) {
    const start = (y + row) * radiograph.width + x;
    pixels.set(radiograph.pixels.subarray(start, start + width), row * width);
  }
  return { ...radiograph, width, height, pixels, padding: null };
}

function toTensors(
  radiograph: Radiograph,
  sizes: readonly number[],
  range: GreyRange,
  area: Box,
): PreparedTensor[] {
  return letterboxes(radiograph, sizes, range).map(({ tensor, scale, left, top }, index) => {
    return { data: tensor, size: sizes[index] ?? 0, placement: { scale, left, top }, area };
  });
}

/** Decoded pixels to network inputs, or to the reason why no network should see them. */
export function prepareFrame(radiograph: Radiograph, plan: PreparePlan, decodeMs: number): PreparedFrame {
  const start = performance.now();
  const done = (): PreparedFrame['timingsMs'] => ({ decode: decodeMs, prepare: performance.now() - start });
  const histogram = greyHistogram(radiograph);
  const range = stretchRange(radiograph, histogram);
  const refused = refusalByAppearance(radiograph, histogram);
  if (refused) {
    const refusal = { code: refused.code, reason: `${refused.message} ${refused.advice}` };
    return { radiograph, range, refusal, whole: {}, tiles: [], timingsMs: done() };
  }
  const area: Box = [0, 0, radiograph.width, radiograph.height];
  const tensors = toTensors(radiograph, plan.sizes, range, area);
  const whole = Object.fromEntries(tensors.map((tensor) => [tensor.size, tensor]));
  const { detectorSize } = plan;
  const tiles =
    detectorSize === null
      ? []
      : planTiles(radiograph.width, radiograph.height, detectorSize).flatMap((tile) =>
          toTensors(cutOut(radiograph, tile), [detectorSize], range, tile),
        );
  return { radiograph, range, refusal: null, whole, tiles, timingsMs: done() };
}

/** Square crops around boxes, as one batch for the type network. */
export function prepareCrops(
  radiograph: Radiograph,
  range: GreyRange,
  boxes: readonly Box[],
  options: CropOptions,
): PreparedCrops {
  const data = new Float32Array(boxes.length * options.size * options.size);
  const areas = boxes.map((box, i) => {
    const { tensor, left, top, side } = cropSquare(radiograph, box, options, range);
    data.set(tensor, i * options.size * options.size);
    return { left, top, side };
  });
  return { data, areas };
}
