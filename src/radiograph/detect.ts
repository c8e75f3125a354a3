import { type Box, clipBox } from '../core/box.js';
import type { OutputTensor } from '../models/session-messages.js';
import { type Proposal, suppress } from './non-maximum-suppression.js';
import type { PreparedTensor } from './prepare-messages.js';

// Proposals below this score are noise even for evaluation; COCO tools use the same floor.
const scoreFloor = 0.001;
// IoU above which two boxes are one finding; chosen with the training program, which measures with the same value.
const iouLimit = 0.5;
const tileContainedLimit = 0.7;
const mostProposals = 100;

/** Name of the detector's outputs, as exported by the training program. */
export const detectorOutputs = ['boxes', 'scores'];

/**
 * Decoded detector outputs to boxes in image pixels, without suppression.
 * @param boxes `[1, 4, anchors]`, corner coordinates x1 y1 x2 y2 in input pixels
 * @param scores `[1, classes, anchors]`, 0 to 1
 */
function proposalsOf(boxes: OutputTensor, scores: OutputTensor, tensor: PreparedTensor): Proposal[] {
  const anchors = scores.dims[2] ?? 0;
  const classes = scores.dims[1] ?? 0;
  const { scale, left, top } = tensor.placement;
  const [areaX, areaY, areaWidth, areaHeight] = tensor.area;
  const corner = (row: number, anchor: number): number => boxes.data[row * anchors + anchor] ?? 0;
  const found: Proposal[] = [];
  for (let classIndex = 0; classIndex < classes; classIndex++) {
    for (let anchor = 0; anchor < anchors; anchor++) {
      const rawScore = scores.data[classIndex * anchors + anchor] ?? 0;
      if (rawScore < scoreFloor) continue;
      const x = (corner(0, anchor) - left) / scale;
      const y = (corner(1, anchor) - top) / scale;
      const inTile: Box = [
        x,
        y,
        (corner(2, anchor) - left) / scale - x,
        (corner(3, anchor) - top) / scale - y,
      ];
      const [clippedX, clippedY, width, height] = clipBox(inTile, areaWidth, areaHeight);
      if (width <= 0 || height <= 0) continue;
      found.push({ box: [clippedX + areaX, clippedY + areaY, width, height], rawScore, classIndex });
    }
  }
  return found;
}

/** Output of the detector over one tensor, with that tensor's place in the image. */
export interface DetectorPass {
  readonly tensor: PreparedTensor;
  readonly boxes: OutputTensor;
  readonly scores: OutputTensor;
}

/**
 * Merges the detector's passes (whole image first, then tiles) into at most 100 boxes without doubles,
 * best first, in pixels of the image.
 */
export function mergePasses(passes: readonly DetectorPass[]): Proposal[] {
  const perPass = passes.map(({ tensor, boxes, scores }) =>
    suppress(proposalsOf(boxes, scores, tensor), iouLimit),
  );
  const merged = passes.length > 1 ? suppress(perPass.flat(), iouLimit, tileContainedLimit) : perPass.flat();
  return merged.slice(0, mostProposals);
}

/** Highest raw score of a pass: the detector's answer for the whole image. */
export function highestScore(pass: DetectorPass): number {
  return pass.scores.data.reduce((highest, score) => Math.max(highest, score), 0);
}
