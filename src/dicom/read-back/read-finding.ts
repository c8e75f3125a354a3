import { type Affine, invert, transform, type Vector3 } from '../../core/affine.js';
import { largest, smallest } from '../../core/extremes.js';
import type { Certainty, Finding, FindingType } from '../../core/reading.js';
import type { VoxelGrid } from '../../core/volume.js';
import { answer, concept } from '../codes/concepts.js';
import { fractureTypeLabel, labelOfTypeProbability } from '../codes/fracture-types.js';
import { type ContentNode, descendants, type ImageReference, isCode } from './content-node.js';
import { regionBox, spaceExtent } from './region-box.js';

/** Measurements that say how sure a reader or a device is: Certainty of Finding, of Impression, Probability of cancer. */
const probabilityCodes = [
  concept.probability,
  { value: '111012', scheme: 'DCM' },
  { value: '111013', scheme: 'DCM' },
  { value: '111047', scheme: 'DCM' },
];

/** A share between 0 and 1 of a measurement in percent or without unit; null when it is neither. */
export function shareOf({ number }: ContentNode): number | null {
  if (!number) return null;
  const share = number.unit?.value === '%' ? Number((number.value / 100).toPrecision(14)) : number.value;
  return share >= 0 && share <= 1 ? share : null;
}

/** The probability that a group of measurements states; null when it states none. */
export function statedProbability(group: ContentNode): number | null {
  for (const child of group.children) {
    if (!probabilityCodes.some((code) => isCode(child.name, code))) continue;
    const share = shareOf(child);
    if (share !== null) return share;
  }
  return null;
}

function statedCertainty(group: ContentNode): Certainty {
  const stated = group.children.find(({ name }) => isCode(name, concept.certainty))?.code ?? null;
  if (isCode(stated, answer.possible)) return 'doubtful';
  return isCode(stated, answer.belowThreshold) ? 'candidate' : 'definite';
}

/** Types as labels of Lucency where the codes are known, else in the words of the report. */
function statedType(group: ContentNode): FindingType | null {
  const set = group.children.flatMap(({ name, code }) =>
    code && isCode(name, concept.associatedMorphology)
      ? [fractureTypeLabel(code.value, code.scheme) ?? code.meaning]
      : [],
  );
  const probabilities: Record<string, number> = {};
  for (const child of group.children) {
    const label = child.name ? labelOfTypeProbability(child.name) : null;
    const share = shareOf(child);
    if (label !== null && share !== null) probabilities[label] = share;
  }
  const ranked = Object.entries(probabilities).sort(([, a], [, b]) => b - a);
  const label = ranked[0]?.[0] ?? set[0];
  if (label === undefined) return null;
  return { label, probabilities: ranked.length > 0 ? probabilities : { [label]: 1 }, set };
}

/** A finding of a report, and the image that it lies on; null for regions of a volume. */
export interface ReadFinding {
  readonly finding: Omit<Finding, 'id'>;
  readonly image: ImageReference | null;
  readonly isVolume: boolean;
}

/** Voxel box around points in the patient; contours lie on the centres of slices, so half a slice is added at each end. */
function voxelBox(affine: Affine, data: readonly number[]): NonNullable<Finding['box3d']> {
  const inverse = invert(affine);
  const voxels = Array.from({ length: Math.floor(data.length / 3) }, (_, at) => {
    const point: Vector3 = [data[3 * at] ?? 0, data[3 * at + 1] ?? 0, data[3 * at + 2] ?? 0];
    return transform(inverse, point);
  });
  const side = (axis: 0 | 1 | 2): [number, number] => {
    const values = voxels.map((voxel) => voxel[axis]);
    return [smallest(values), largest(values)];
  };
  const [left, right] = side(0);
  const [top, bottom] = side(1);
  const [first, last] = side(2).map(Math.round) as [number, number];
  return [tidy(left + 0.5), tidy(top + 0.5), first, tidy(right - left), tidy(bottom - top), last - first + 1];
}

// Coordinates are floats of 32 bits in the file.
function tidy(value: number): number {
  return Number(value.toFixed(3));
}

/** The region of a measurement group as a finding; null for a group without one. */
export function readFinding(group: ContentNode, grid: VoxelGrid | null): ReadFinding | null {
  const regions = [...descendants(group)].filter(({ graphic }) => graphic !== null);
  const flat = regions.find(({ valueType }) => valueType === 'SCOORD');
  const type = statedType(group);
  const words = group.children.find(({ name }) => isCode(name, concept.comment))?.text;
  const common = {
    // A reader who gives no number means that there is one.
    score: statedProbability(group) ?? 1,
    certainty: statedCertainty(group),
    ...(type ? { type } : {}),
    ...(words ? { description: words } : {}),
  };
  if (flat?.graphic) {
    const box = regionBox(flat.graphic.type, flat.graphic.data);
    if (!box) return null;
    const image = [...descendants(flat), ...descendants(group)].find((node) => node.image)?.image ?? null;
    return { finding: { ...common, box }, image, isVolume: false };
  }
  const data = regions
    .filter(({ valueType }) => valueType === 'SCOORD3D')
    .flatMap(({ graphic }) => graphic?.data ?? []);
  const space = spaceExtent(data);
  if (!space) return null;
  const { low, high } = space;
  const centerMm: [number, number, number] = [
    (low[0] + high[0]) / 2,
    (low[1] + high[1]) / 2,
    (low[2] + high[2]) / 2,
  ];
  const box3d = grid ? { box3d: voxelBox(grid.affine, data) } : {};
  return { finding: { ...common, centerMm, ...box3d }, image: null, isVolume: true };
}
