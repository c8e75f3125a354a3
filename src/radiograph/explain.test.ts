import { describe, expect, it } from 'vitest';
import { detectorHeatMap, gradCam, letterboxAffine } from './explain.js';

describe('Grad-CAM from exported tensors', () => {
  it('is the rectified sum of the features weighted by the gradient of the class', () => {
    const features = { data: Float32Array.from([1, 2, 3, 4, 10, 20, 30, 40]), dims: [1, 2, 2, 2] };
    const alpha = { data: Float32Array.from([1, -0.1, -1, 0.2]), dims: [1, 2, 2] };
    expect([...gradCam(features, alpha, 0, 0).values]).toEqual([0, 0, 0, 0]);
    const second = gradCam(features, alpha, 0, 1);
    expect(second).toMatchObject({ width: 2, height: 2 });
    for (const [cell, expected] of [1, 2, 3, 4].entries())
      expect(second.values[cell]).toBeCloseTo(expected, 5);
  });

  it('takes the item of a batch that it is asked for', () => {
    const features = { data: Float32Array.from([1, 5]), dims: [2, 1, 1, 1] };
    const alpha = { data: Float32Array.from([1, 1]), dims: [2, 1, 1] };
    expect(gradCam(features, alpha, 1, 0).values[0]).toBe(5);
  });

  it('lies over the image as the letterbox did', () => {
    // 200 x 100 image in a 100 px input: scale 0.5, 25 px bars above and below.
    const affine = letterboxAffine(10, 10, 100, { scale: 0.5, left: 0, top: 25 });
    expect(affine.scaleX * 10 + affine.offsetX).toBe(200);
    expect(affine.scaleY * 2.5 + affine.offsetY).toBe(0);
    expect(affine.scaleY * 7.5 + affine.offsetY).toBe(100);
  });
});

describe('detector heat map', () => {
  it('shows the best score of any stride at its place', () => {
    const size = 32;
    const scores = new Float32Array(16 + 4 + 1);
    scores[5] = 0.3; // stride 8: row 1, column 1
    scores[16 + 3] = 0.7; // stride 16: lower right quarter
    const tensor = {
      data: new Float32Array(0),
      size,
      placement: { scale: 1, left: 0, top: 0 },
      area: [0, 0, 32, 32] as [number, number, number, number],
    };
    const boxes = { data: new Float32Array(0), dims: [1, 4, 21] };
    const map = detectorHeatMap('d', { tensor, boxes, scores: { data: scores, dims: [1, 1, 21] } });
    expect(map.values[5]).toBeCloseTo(0.3);
    expect([10, 11, 14, 15].map((cell) => map.values[cell])).toEqual([0.7, 0.7, 0.7, 0.7].map(Math.fround));
    expect(map.values[0]).toBe(0);
  });
});
