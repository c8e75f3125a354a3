import type { Affine } from './affine.js';

/** What the voxels measure: attenuation, body-weight SUV (g/ml), activity concentration, or nothing that is known. */
export type VoxelUnit = 'HU' | 'SUVbw' | 'Bq/ml' | 'unknown';

/** `[columns, rows, slices]` of a voxel grid. */
export type GridSize = readonly [number, number, number];

/** A regular grid of voxels in the patient. */
export interface VoxelGrid {
  readonly size: GridSize;
  /** Voxel index (centres) to DICOM patient coordinates, mm. Sheared when the gantry was tilted. */
  readonly affine: Affine;
}

/** The stored image that one slice came from. */
export interface SliceSource {
  readonly sopInstanceUid: string;
  /** Frame number, 1-based, in an enhanced multi-frame object; null for an object of one image. */
  readonly frame: number | null;
}

/** The DICOM attributes of a series that a result must repeat or refer to. Absent attributes are absent, never invented. */
export interface SeriesIdentity {
  sopClassUid?: string;
  seriesInstanceUid?: string;
  studyInstanceUid?: string;
  frameOfReferenceUid?: string;
  patientId?: string;
  accessionNumber?: string;
  bodyPartExamined?: string;
  seriesDescription?: string;
  manufacturer?: string;
}

/** One CT or PET series as a block of voxels in the patient. */
export interface Volume extends VoxelGrid {
  /** `CT` or `PT`, as DICOM names them; for NIfTI, which does not say, what it was taken for. */
  readonly modality: 'CT' | 'PT';
  readonly unit: VoxelUnit;
  /**
   * Values in `unit`: index `x + columns * (y + rows * z)`. HU are whole numbers in an Int16Array (values beyond its
   * range are clipped to it), all else is a Float32Array.
   */
  readonly voxels: Int16Array | Float32Array;
  /**
   * What voxels outside of the scanned field hold (-1024 HU; 0 for PET) where the series marks such voxels
   * (PixelPaddingValue); null where it marks none.
   */
  readonly paddingValue: number | null;
  /** Where each slice came from, first slice first; null for a slice that was missing and was filled in. Empty for NIfTI. */
  readonly slices: readonly (SliceSource | null)[];
  /** DICOM attributes of the series; null for NIfTI. */
  readonly dicom: SeriesIdentity | null;
}

/** Number of voxels of a grid. */
export function voxelCount([columns, rows, slices]: GridSize): number {
  return columns * rows * slices;
}

/** HU in memory that threads share: a volume is read in one and looked at in others without a copy. */
export function sharedInt16(length: number): Int16Array {
  return new Int16Array(new SharedArrayBuffer(length * Int16Array.BYTES_PER_ELEMENT));
}

/** As `sharedInt16`, of SUV. */
export function sharedFloat32(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}
