import type { SliceSource, VoxelGrid } from '../../core/volume.js';

/** The series behind a reading of a volume: where its voxels lie in the patient, and which image each slice came from. */
export interface VolumeSource {
  readonly grid: VoxelGrid;
  /** First slice first; null for a slice that was missing and was filled in. */
  readonly slices: readonly (SliceSource | null)[];
  readonly frameOfReferenceUid: string;
}
