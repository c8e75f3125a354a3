import type { BoxColumns, BoxSet } from '../detection/box-set.js';

function selectColumns(
  columns: BoxColumns,
  items: Int32Array,
  numberOf: Int32Array,
  stride: number,
): BoxColumns {
  const boxes = new Float64Array(items.length * stride);
  items.forEach((item, at) => {
    boxes.set(columns.boxes.subarray(item * stride, (item + 1) * stride), at * stride);
  });
  return {
    count: items.length,
    image: items.map((item) => numberOf[columns.image[item] ?? 0] ?? 0),
    category: items.map((item) => columns.category[item] ?? 0),
    boxes,
  };
}

/** The boxes of some images, which are numbered anew in the order given. */
export function selectImages(set: BoxSet, images: readonly number[]): BoxSet {
  const numberOf = new Int32Array(set.imageCount).fill(-1);
  images.forEach((image, at) => {
    numberOf[image] = at;
  });
  const chosen = ({ image, count }: BoxColumns) =>
    Int32Array.from({ length: count }, (_, item) => item).filter(
      (item) => (numberOf[image[item] ?? 0] ?? -1) >= 0,
    );
  const truth = chosen(set.truth);
  const detections = chosen(set.detections);
  const stride = 2 * set.dimensions;
  return {
    ...set,
    imageCount: images.length,
    truth: {
      ...selectColumns(set.truth, truth, numberOf, stride),
      areas: Float64Array.from(truth, (item) => set.truth.areas[item] ?? 0),
      crowd: Uint8Array.from(truth, (item) => set.truth.crowd[item] ?? 0),
    },
    detections: {
      ...selectColumns(set.detections, detections, numberOf, stride),
      scores: Float64Array.from(detections, (item) => set.detections.scores[item] ?? 0),
    },
  };
}
