import type { BoxSet } from './box-set.js';

/**
 * Intersection over union of a detected and a true box, 0 to 1; for a crowd the intersection over the area of the
 * detection, as pycocotools has it. Boxes that only touch do not overlap.
 */
export function overlap(set: BoxSet, detection: number, truth: number): number {
  const { dimensions } = set;
  const a = set.detections.boxes;
  const b = set.truth.boxes;
  const ofA = detection * 2 * dimensions;
  const ofB = truth * 2 * dimensions;
  let shared = 1;
  let sizeA = 1;
  let sizeB = 1;
  for (let axis = 0; axis < dimensions; axis++) {
    const startA = a[ofA + axis] ?? 0;
    const startB = b[ofB + axis] ?? 0;
    const lengthA = a[ofA + dimensions + axis] ?? 0;
    const lengthB = b[ofB + dimensions + axis] ?? 0;
    const length = Math.min(startA + lengthA, startB + lengthB) - Math.max(startA, startB);
    if (length <= 0) return 0;
    shared *= length;
    sizeA *= lengthA;
    sizeB *= lengthB;
  }
  return shared / (set.truth.crowd[truth] === 1 ? sizeA : sizeA + sizeB - shared);
}
