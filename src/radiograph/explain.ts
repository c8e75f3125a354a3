import type { HeatMap } from '../core/heat-map.js';
import type { OutputTensor } from '../models/session-messages.js';
import type { DetectorPass } from './detect.js';
import type { Placement } from './prepare-messages.js';

/** Names of the outputs that every classifier exports for its explanation. */
export const gradCamOutputs = ['features', 'alpha'];

/**
 * Grad-CAM (Selvaraju 2017), exact: `relu(sum over channels of alpha * feature)`. `alpha` is the gradient of the
 * class logit with respect to the last feature map averaged over positions, computed inside the exported graph.
 * @param features `[batch, channels, height, width]`
 * @param alpha `[batch, classes, channels]`
 * @returns row-major `[height, width]`, not negative, in units of the logit
 */
export function gradCam(
  features: OutputTensor,
  alpha: OutputTensor,
  item: number,
  classIndex: number,
): { values: Float32Array; width: number; height: number } {
  const [, channels = 0, height = 0, width = 0] = features.dims;
  const [, classes = 0] = alpha.dims;
  const cells = width * height;
  const values = new Float32Array(cells);
  const alphaStart = (item * classes + classIndex) * channels;
  for (let channel = 0; channel < channels; channel++) {
    const weight = alpha.data[alphaStart + channel] ?? 0;
    const start = (item * channels + channel) * cells;
    for (let cell = 0; cell < cells; cell++) {
      values[cell] = (values[cell] ?? 0) + weight * (features.data[start + cell] ?? 0);
    }
  }
  for (let cell = 0; cell < cells; cell++) values[cell] = Math.max(0, values[cell] ?? 0);
  return { values, width, height };
}

/** Affine of a map that covers a whole letterboxed input of the given side. */
export function letterboxAffine(
  mapWidth: number,
  mapHeight: number,
  size: number,
  placement: Placement,
): HeatMap['affine'] {
  return {
    scaleX: size / mapWidth / placement.scale,
    scaleY: size / mapHeight / placement.scale,
    offsetX: -placement.left / placement.scale,
    offsetY: -placement.top / placement.scale,
  };
}

const strides = [8, 16, 32] as const;

/**
 * Heat map of the detector: the highest score of any scale at each place of the finest grid. Anchors come ordered by
 * stride 8, 16, 32 and row-major within each.
 */
export function detectorHeatMap(model: string, pass: DetectorPass): HeatMap {
  const { size, placement } = pass.tensor;
  const side = size / strides[0];
  const values = new Float32Array(side * side);
  const [, classes = 0, anchors = 0] = pass.scores.dims;
  for (let classIndex = 0; classIndex < classes; classIndex++) {
    let start = classIndex * anchors;
    for (const stride of strides) {
      const grid = size / stride;
      const factor = stride / strides[0];
      for (let row = 0; row < side; row++) {
        for (let column = 0; column < side; column++) {
          const anchor = start + Math.floor(row / factor) * grid + Math.floor(column / factor);
          const cell = row * side + column;
          values[cell] = Math.max(values[cell] ?? 0, pass.scores.data[anchor] ?? 0);
        }
      }
      start += grid * grid;
    }
  }
  return {
    model,
    findingId: null,
    method: 'detector-scores',
    width: side,
    height: side,
    values,
    affine: letterboxAffine(side, side, size, placement),
  };
}
