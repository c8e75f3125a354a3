import { orderDescending } from '../order.js';
import { add } from '../typed-array.js';
import { type BoxSet, binItems } from './box-set.js';
import { overlap } from './overlap.js';

/** The ten thresholds of intersection over union, .50 to .95, with numpy's rounding. */
export const iouThresholds = Array.from({ length: 10 }, (_, index) =>
  index === 9 ? 0.95 : index * ((0.95 - 0.5) / 9) + 0.5,
);
/** Bit `t` of a mask speaks of threshold `t`; all ten set: */
export const allThresholds = 1023;

/** COCO's ranges of lesion area in square pixels, both ends inside. */
export const areaRanges = {
  all: [0, 1e10],
  small: [0, 1024],
  medium: [1024, 9216],
  large: [9216, 1e10],
} as const;
export type AreaRange = keyof typeof areaRanges;
export const areaRangeNames = ['all', 'small', 'medium', 'large'] as const satisfies readonly AreaRange[];

/** At most this many detections of an image, the highest scored, are looked at. */
export const detectionsPerImage = 100;

/** Matches of one category in one range of areas: what average precision is counted from. */
export interface CocoMatches {
  /** Lesions that count, by image. */
  readonly lesionsPerImage: Int32Array;
  /** Bit t: the detection matches a lesion that counts at threshold t. */
  readonly matched: Uint16Array;
  /** Bit t: the detection is neither right nor wrong at threshold t. */
  readonly ignored: Uint16Array;
}

/** Matches of one category: detections image after image, in each by falling score. */
export interface CategoryMatches {
  readonly imageOf: Int32Array;
  /** Rank of the detection in its image, 0 first. */
  readonly rankOf: Uint8Array;
  readonly scores: Float64Array;
  readonly ranges: Readonly<Record<AreaRange, CocoMatches>>;
}

/** One image in one area range: its true boxes in matching order (those that count first), and some detections. */
interface Contest {
  readonly crowd: Uint8Array;
  readonly ignored: Uint8Array;
  /** Overlap of detection row r with true box g: `overlaps[r * crowd.length + g]`. */
  readonly overlaps: Float64Array;
  readonly rowCount: number;
}

/**
 * Greedy matching at one threshold, as pycocotools does it: detections by falling score each take the free lesion that
 * they overlap most (the last of equals), a lesion that counts before an ignored one; a crowd can be taken again and
 * again. Calls `found` with the row of the detection and whether its lesion is an ignored one.
 */
function matchAt(
  { crowd, ignored, overlaps, rowCount }: Contest,
  threshold: number,
  found: (row: number, byIgnored: boolean) => void,
): void {
  const columns = crowd.length;
  const taken = new Uint8Array(columns);
  for (let row = 0; row < rowCount; row++) {
    let best = Math.min(threshold, 1 - 1e-10);
    let match = -1;
    for (let column = 0; column < columns; column++) {
      if (taken[column] === 1 && crowd[column] !== 1) continue;
      if (match >= 0 && ignored[match] === 0 && ignored[column] === 1) break;
      const value = overlaps[row * columns + column] ?? 0;
      if (value < best) continue;
      best = value;
      match = column;
    }
    if (match < 0) continue;
    taken[match] = 1;
    found(row, ignored[match] === 1);
  }
}

function isOutside(area: number, range: AreaRange): boolean {
  return area < areaRanges[range][0] || area > areaRanges[range][1];
}

/** Overlaps of some detections (rows) with true boxes (columns). */
function overlapsOf(set: BoxSet, rows: Int32Array, columns: Int32Array): Float64Array {
  const values = new Float64Array(rows.length * columns.length);
  rows.forEach((detection, row) => {
    columns.forEach((truth, column) => {
      values[row * columns.length + column] = overlap(set, detection, truth);
    });
  });
  return values;
}

/** The detections of one category that are looked at: image after image, in each by falling score. */
interface Kept {
  readonly items: Int32Array;
  readonly starts: Int32Array;
}

function keepBest({ detections, imageCount }: BoxSet, category: number): Kept {
  const byScore = orderDescending(detections.scores).filter((item) => detections.category[item] === category);
  const bins = binItems((item) => detections.image[item] ?? 0, imageCount, byScore);
  const starts = new Int32Array(imageCount + 1);
  const kept = new Int32Array(byScore.length);
  let count = 0;
  for (let image = 0; image < imageCount; image++) {
    const start = bins.starts[image] ?? 0;
    const end = Math.min(bins.starts[image + 1] ?? 0, start + detectionsPerImage);
    for (let at = start; at < end; at++) kept[count++] = bins.items[at] ?? 0;
    starts[image + 1] = count;
  }
  return { items: kept.slice(0, count), starts };
}

/** Writes the matches of one image in one range into `matches`; `first` is where its detections start. */
function matchImage(
  set: BoxSet,
  truth: Int32Array,
  kept: Int32Array,
  first: number,
  range: AreaRange,
  matches: CocoMatches,
): void {
  const isIgnored = (item: number) =>
    set.truth.crowd[item] === 1 || isOutside(set.truth.areas[item] ?? 0, range);
  const columns = Int32Array.from([...truth.filter((item) => !isIgnored(item)), ...truth.filter(isIgnored)]);
  const everything = overlapsOf(set, kept, columns);
  const lowest = iouThresholds[0] ?? 0;
  const rows = [...kept.keys()].filter((row) => {
    for (let at = row * columns.length; at < (row + 1) * columns.length; at++)
      if ((everything[at] ?? 0) >= lowest) return true;
    return false;
  });
  if (rows.length === 0) return;
  const contest: Contest = {
    crowd: Uint8Array.from(columns, (item) => set.truth.crowd[item] ?? 0),
    ignored: Uint8Array.from(columns, (item) => (isIgnored(item) ? 1 : 0)),
    overlaps: Float64Array.from(
      rows.flatMap((row) => [...everything.slice(row * columns.length, (row + 1) * columns.length)]),
    ),
    rowCount: rows.length,
  };
  iouThresholds.forEach((threshold, bit) => {
    matchAt(contest, threshold, (row, byIgnored) => {
      const mask = byIgnored ? matches.ignored : matches.matched;
      const at = first + (rows[row] ?? 0);
      mask[at] = (mask[at] ?? 0) | (1 << bit);
    });
  });
}

/** Detections that match nothing and whose own area is out of the range are no false positives in it. */
function ignoreOutside(set: BoxSet, kept: Int32Array, range: AreaRange, matches: CocoMatches): void {
  const { boxes } = set.detections;
  kept.forEach((item, at) => {
    if (!isOutside((boxes[4 * item + 2] ?? 0) * (boxes[4 * item + 3] ?? 0), range)) return;
    matches.ignored[at] = (matches.ignored[at] ?? 0) | (allThresholds & ~(matches.matched[at] ?? 0));
  });
}

/** Matches the boxes of all images in one category, in every range of areas. The set must be of images (2 dimensions). */
export function matchCategory(set: BoxSet, category: number): CategoryMatches {
  const { truth, imageCount } = set;
  const lesions = Int32Array.from(truth.category.keys()).filter((item) => truth.category[item] === category);
  const lesionBins = binItems((item) => truth.image[item] ?? 0, imageCount, lesions);
  const { items, starts } = keepBest(set, category);
  const imageOf = new Int32Array(items.length);
  const rankOf = new Uint8Array(items.length);
  for (let image = 0; image < imageCount; image++) {
    const first = starts[image] ?? 0;
    for (let at = first; at < (starts[image + 1] ?? 0); at++) {
      imageOf[at] = image;
      rankOf[at] = at - first;
    }
  }
  const matchRange = (range: AreaRange): CocoMatches => {
    const matches: CocoMatches = {
      lesionsPerImage: new Int32Array(imageCount),
      matched: new Uint16Array(items.length),
      ignored: new Uint16Array(items.length),
    };
    for (const item of lesions) {
      const counts = truth.crowd[item] !== 1 && !isOutside(truth.areas[item] ?? 0, range);
      if (counts) add(matches.lesionsPerImage, truth.image[item] ?? 0, 1);
    }
    for (let image = 0; image < imageCount; image++) {
      const own = lesionBins.items.subarray(lesionBins.starts[image] ?? 0, lesionBins.starts[image + 1] ?? 0);
      const first = starts[image] ?? 0;
      const kept = items.subarray(first, starts[image + 1] ?? 0);
      if (own.length > 0 && kept.length > 0) matchImage(set, own, kept, first, range, matches);
    }
    ignoreOutside(set, items, range, matches);
    return matches;
  };
  return {
    imageOf,
    rankOf,
    scores: Float64Array.from(items, (item) => set.detections.scores[item] ?? 0),
    ranges: {
      all: matchRange('all'),
      small: matchRange('small'),
      medium: matchRange('medium'),
      large: matchRange('large'),
    },
  };
}
