import type { LucencyError } from '../../core/errors.js';
import type { VolumeReaderKind } from '../../core/reader-kinds.js';
import type { Limitation } from '../../core/reading.js';
import type { GridSize } from '../../core/volume.js';
import type { FoundInput } from '../input/input-item.js';
import type { FoundSeries } from './series.js';
import type { Stack } from './stack.js';

/** A series with its slices in order. */
export interface StackedSeries {
  readonly series: FoundSeries;
  readonly stack: Stack;
}

interface PlanOf {
  /** As the reading will name it: the folder of the series, or its first file where two studies share the folder. */
  readonly input: string;
  /** StudyInstanceUID; null for NIfTI and where it is not stated. */
  readonly study: string | null;
  /** Which reader it is for. */
  readonly kind: VolumeReaderKind;
}

/** A study that can be read; no voxel has been read yet. */
export interface ReadablePlan extends PlanOf {
  readonly state: 'readable';
  readonly source:
    | { readonly format: 'dicom'; readonly ct: StackedSeries; readonly pet: StackedSeries | null }
    | { readonly format: 'nifti'; readonly file: FoundInput };
  readonly limitations: readonly Limitation[];
}

/** A study that is no volume any reader is made for, with the reason. */
export interface RefusedPlan extends PlanOf {
  readonly state: 'refused';
  readonly error: LucencyError;
  readonly size: GridSize;
}

/** Something that belongs to a volume and cannot be read. */
export interface FailedPlan {
  readonly state: 'failed';
  readonly input: string;
  readonly error: LucencyError;
}

export type VolumePlan = ReadablePlan | RefusedPlan | FailedPlan;
