import { type Code, codeItem, dcm, own, snomed } from '../codes/code.js';
import type { DataSetValues } from '../data-set/encode.js';
import type { ResultContext } from '../results/result-context.js';

/** One frame of a segmentation: the plane it lies on and its fractions, 0 to 255. */
export interface SegmentFrame {
  readonly fractions: Uint8Array;
  /** The image that it was made of. */
  readonly source: DataSetValues;
  /** Position of its first pixel in the patient, mm; null for projections, which have none. */
  readonly positionMm: readonly [number, number, number] | null;
}

/** One segment: what it shows, and its frames. */
export interface Segment {
  readonly label: string;
  readonly description: string;
  readonly category: Code;
  readonly type: Code;
  readonly algorithm: string;
  readonly algorithmVersion: string;
  readonly tracking: { readonly id: string; readonly uid: string } | null;
  readonly colour: readonly [number, number, number];
  readonly frames: readonly SegmentFrame[];
}

export const segmentKinds = {
  fracture: {
    category: snomed('49755003', 'Morphologically Abnormal Structure'),
    type: snomed('72704001', 'Fracture'),
  },
  infection: {
    category: snomed('49755003', 'Morphologically Abnormal Structure'),
    type: snomed('40733004', 'Infectious disease'),
  },
  heatMap: {
    category: snomed('309825002', 'Spatial and Relational Concept'),
    type: own('heat-map', 'Map of what raised the score of a network'),
  },
} as const;

const longestLabel = 64;

/** An item of the Segment Sequence (PS3.3 C.8.20.4). */
export function segmentItem(segment: Segment, number: number): DataSetValues {
  return {
    SegmentNumber: number,
    SegmentLabel: segment.label.slice(0, longestLabel),
    SegmentDescription: segment.description,
    SegmentAlgorithmType: 'AUTOMATIC',
    SegmentAlgorithmName: segment.algorithm.slice(0, longestLabel),
    SegmentationAlgorithmIdentificationSequence: [
      {
        AlgorithmFamilyCodeSequence: [codeItem(dcm('123110', 'Artificial Intelligence'))],
        AlgorithmName: segment.algorithm.slice(0, longestLabel),
        AlgorithmVersion: segment.algorithmVersion,
      },
    ],
    SegmentedPropertyCategoryCodeSequence: [codeItem(segment.category)],
    SegmentedPropertyTypeCodeSequence: [codeItem(segment.type)],
    RecommendedDisplayCIELabValue: segment.colour,
    ...(segment.tracking ? { TrackingID: segment.tracking.id, TrackingUID: segment.tracking.uid } : {}),
  };
}

/** The version of a model of the reading; that of Lucency for what no model is named for. */
export function modelVersion({ reading, version }: ResultContext, id: string): string {
  return reading.models.find((model) => model.id === id)?.version ?? version;
}
