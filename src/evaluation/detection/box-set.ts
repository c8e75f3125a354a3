import { LucencyError } from '../../core/errors.js';

/** A true lesion. `box` is [x, y, width, height], or [x, y, z, width, height, depth] in a volume. */
export interface TruthBox {
  /** Index of the image. */
  readonly image: number;
  /** Index of the category; 0 where there is one only. */
  readonly category?: number | undefined;
  readonly box: readonly number[];
  /** Area (volume) that decides small, medium or large; that of the box by default. COCO gives that of the outline. */
  readonly area?: number | undefined;
  /** A region of many lesions not told apart: what is detected in it is neither right nor wrong. @default false */
  readonly crowd?: boolean | undefined;
}

export interface DetectedBox {
  readonly image: number;
  readonly category?: number | undefined;
  readonly box: readonly number[];
  readonly score: number;
}

/** The boxes of one side (truth or detections), as columns. */
export interface BoxColumns {
  readonly count: number;
  readonly image: Int32Array;
  readonly category: Int32Array;
  /** Row per box: the corner nearest the origin, then the sizes. */
  readonly boxes: Float64Array;
}

/** True and detected boxes of a set of images; images without any box count as well. */
export interface BoxSet {
  readonly imageCount: number;
  readonly categoryCount: number;
  /** 2 for images, 3 for volumes. */
  readonly dimensions: 2 | 3;
  readonly truth: BoxColumns & { readonly areas: Float64Array; readonly crowd: Uint8Array };
  readonly detections: BoxColumns & { readonly scores: Float64Array };
}

interface AnyBox {
  readonly image: number;
  readonly category?: number | undefined;
  readonly box: readonly number[];
}

function toColumns(
  items: readonly AnyBox[],
  imageCount: number,
  dimensions: 2 | 3,
  kind: string,
): BoxColumns {
  const boxes = new Float64Array(items.length * 2 * dimensions);
  items.forEach(({ box, image }, index) => {
    const wrong =
      box.length !== 2 * dimensions
        ? `${box.length} numbers instead of ${2 * dimensions}`
        : box.some((value) => !Number.isFinite(value))
          ? 'a number that is not finite'
          : box.slice(dimensions).some((size) => size < 0)
            ? 'a negative size'
            : image >= 0 && image < imageCount
              ? null
              : `image ${image} of ${imageCount}`;
    if (wrong !== null)
      throw new LucencyError('LUC_EVALUATION_BOX', { kind, number: index + 1, reason: wrong });
    boxes.set(box, index * 2 * dimensions);
  });
  return {
    count: items.length,
    image: Int32Array.from(items, (item) => item.image),
    category: Int32Array.from(items, (item) => item.category ?? 0),
    boxes,
  };
}

function boxSize(box: readonly number[], dimensions: 2 | 3): number {
  return box.slice(dimensions).reduce((product, size) => product * size, 1);
}

/**
 * Puts boxes into columns.
 *
 * @param imageCount images of the set, those without boxes included; the indices of the boxes are below it
 * @throws LUC_EVALUATION_BOX for a box or score that is not finite, has a negative size or names no image of the set
 */
export function makeBoxSet(
  imageCount: number,
  truth: readonly TruthBox[],
  detections: readonly DetectedBox[],
  dimensions: 2 | 3 = 2,
): BoxSet {
  const badScore = detections.findIndex(({ score }) => !Number.isFinite(score));
  if (badScore >= 0) {
    const reason = `the score ${detections[badScore]?.score}`;
    throw new LucencyError('LUC_EVALUATION_BOX', { kind: 'detected', number: badScore + 1, reason });
  }
  const truthColumns = toColumns(truth, imageCount, dimensions, 'true');
  const detectionColumns = toColumns(detections, imageCount, dimensions, 'detected');
  const highest = (categories: Int32Array) =>
    categories.reduce((max, category) => Math.max(max, category), 0);
  return {
    imageCount,
    categoryCount: 1 + Math.max(highest(truthColumns.category), highest(detectionColumns.category)),
    dimensions,
    truth: {
      ...truthColumns,
      areas: Float64Array.from(truth, ({ area, box }) => area ?? boxSize(box, dimensions)),
      crowd: Uint8Array.from(truth, ({ crowd }) => (crowd ? 1 : 0)),
    },
    detections: { ...detectionColumns, scores: Float64Array.from(detections, ({ score }) => score) },
  };
}

/** Items sorted into `binCount` bins, in their order inside each: bin b holds `items[starts[b] .. starts[b + 1]]`. */
export interface Bins {
  readonly starts: Int32Array;
  readonly items: Int32Array;
}

/** Sorts items into bins, keeping the order of `sequence` inside each bin (a counting sort). */
export function binItems(
  binOf: (item: number) => number,
  binCount: number,
  sequence: ArrayLike<number>,
): Bins {
  const starts = new Int32Array(binCount + 1);
  for (let at = 0; at < sequence.length; at++) {
    const bin = binOf(sequence[at] ?? 0);
    starts[bin + 1] = (starts[bin + 1] ?? 0) + 1;
  }
  for (let bin = 0; bin < binCount; bin++) starts[bin + 1] = (starts[bin + 1] ?? 0) + (starts[bin] ?? 0);
  const next = starts.slice();
  const items = new Int32Array(sequence.length);
  for (let at = 0; at < sequence.length; at++) {
    const item = sequence[at] ?? 0;
    const bin = binOf(item);
    items[next[bin] ?? 0] = item;
    next[bin] = (next[bin] ?? 0) + 1;
  }
  return { starts, items };
}
