/** What a simulated series says of itself beside its voxels. */
export interface SeriesOptions {
  /** Ties the series of one simulated patient: CT and PET of one case share it, and with it study and frame of reference. */
  readonly study: string;
  readonly seed: number;
  /** Of the patient's name and the description, such as `thorax` or `leg`. */
  readonly subject: string;
  /** BodyPartExamined (PS3.16 annex L), such as `CHEST` or `LEG`. */
  readonly bodyPart: string;
  /** Side; needed for a paired body part, absent for any other (PS3.3 C.7.3.1.1.2). */
  readonly laterality?: 'L' | 'R';
  /** SeriesNumber; series of one study differ in it. @default 1 */
  readonly seriesNumber?: number;
  /** mm that one slice was simulated to blur; by default the distance between slices. */
  readonly sliceThicknessMm?: number;
  readonly manufacturer?: string;
}

/** One file of a series. */
export interface SeriesFile {
  /** `IM0001.dcm` ..., in the order of the slices. */
  readonly fileName: string;
  readonly bytes: Uint8Array;
}
