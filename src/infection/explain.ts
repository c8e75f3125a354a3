import { affineOf, stepsOf, type Vector3 } from '../core/affine.js';
import type { VoxelGrid } from '../core/volume.js';
import type { VolumeHeatMap } from '../core/volume-reading.js';
import type { OutputTensor } from '../models/session-messages.js';

/** Names of the outputs that the network exports for its explanation. */
export const gradCamOutputs = ['features', 'alpha'];

/**
 * 3D Grad-CAM (Selvaraju 2017), exact: `relu(sum over channels of alpha * feature)`. `alpha`, the gradient of the logit
 * by the last feature map averaged over positions, is computed inside the exported graph.
 * @param features `[1, channels, z, y, x]`
 * @param alpha `[1, 1, channels]`
 * @param grid what the network saw; every step of the map spans as many of its cells as the strides multiply to
 */
export function gradCam3d(
  model: string,
  findingId: number | null,
  features: OutputTensor,
  alpha: OutputTensor,
  grid: VoxelGrid,
): VolumeHeatMap {
  const [, channels = 0, depth = 0, height = 0, width = 0] = features.dims;
  const cells = width * height * depth;
  const values = new Float32Array(cells);
  for (let channel = 0; channel < channels; channel++) {
    const weight = alpha.data[channel] ?? 0;
    for (let cell = 0; cell < cells; cell++) {
      values[cell] = (values[cell] as number) + weight * (features.data[channel * cells + cell] ?? 0);
    }
  }
  for (let cell = 0; cell < cells; cell++) values[cell] = Math.max(0, values[cell] as number);
  const [x, y, z] = stepsOf(grid.affine);
  const stride = grid.size[0] / width;
  const times = (step: Vector3): Vector3 => [step[0] * stride, step[1] * stride, step[2] * stride];
  // Convolutions of three with a margin of one: the first cell of the map looks from the first cell of the grid.
  const origin: Vector3 = [grid.affine[3], grid.affine[7], grid.affine[11]];
  return {
    model,
    findingId,
    method: 'grad-cam',
    size: [width, height, depth],
    values,
    affine: affineOf(times(x), times(y), times(z), origin),
  };
}
