import type { Affine, Vector3 } from './affine.js';
import type { VolumeReaderKind } from './reader-kinds.js';
import type { Limitation, Reading } from './reading.js';
import type { GridSize, Volume } from './volume.js';

/** One study as a reader of volumes gets it: read, put together, checked for what belongs to its modality. */
export interface VolumeStudy {
  /** As the Reading contract names it: the folder, archive or file that the series was found in. */
  readonly input: string;
  /** StudyInstanceUID; null for NIfTI. */
  readonly study: string | null;
  readonly ct: Volume;
  /** SUVbw on its own grid, of the same patient and frame of reference as the CT; null for a CT alone. */
  readonly pet: Volume | null;
  /** What reading the series already found: slices filled in, tilted gantry. Readers add theirs and pass all on. */
  readonly limitations: readonly Limitation[];
  /** `performance.now()` when reading of the study began. */
  readonly started: number;
  /** Milliseconds of the steps so far, such as `decode`. */
  readonly timingsMs: Readonly<Record<string, number>>;
}

/** A floating map in space, such as a 3D Grad-CAM: low resolution, tied to the patient by its affine. */
export interface VolumeHeatMap {
  /** Model id that it explains. */
  readonly model: string;
  /** Finding that it belongs to; null for a map of the whole volume. */
  readonly findingId: number | null;
  readonly method: 'grad-cam';
  readonly size: GridSize;
  /** x fastest, then y, then z; non-negative, in the method's own units (not stretched to 0..1). */
  readonly values: Float32Array;
  /** Cell index (centres) to patient coordinates (LPS), mm. */
  readonly affine: Affine;
}

/** Centre line of one rib, from the spine outwards, for pictures and for placing findings. */
export interface RibLine {
  readonly side: 'left' | 'right';
  /** 1 to 12; null where it could not be told. */
  readonly number: number | null;
  /** Points in patient coordinates (LPS), mm, evenly spaced. */
  readonly pointsMm: readonly Vector3[];
}

/** What a sink needs of one read study. The volumes are as they were read, on the grids that `box3d` refers to. */
export interface VolumeReadingResult {
  readonly reading: Reading;
  readonly ct: Volume;
  readonly pet: Volume | null;
  /** Only when asked for. */
  readonly heatMaps: readonly VolumeHeatMap[];
  /** Rib reader only; empty otherwise. */
  readonly ribs: readonly RibLine[];
}

/** What changes the answer of a reader of volumes. */
export interface VolumeReadSettings {
  /** Also list what the networks proposed below the doubtful threshold. */
  readonly allCandidates: boolean;
  /** Also compute heat maps. */
  readonly explain: boolean;
}

export interface VolumeReaderOptions extends Partial<VolumeReadSettings> {
  /** Folder of models; default: `models/` of this package. */
  readonly models?: string;
  /** Cores that one network run may use; default: all. */
  readonly threads?: number;
}

/** Settings that are absent are as the reader was opened. */
export interface VolumeReadOptions extends Partial<VolumeReadSettings> {
  /** Stops the reading at once; `read` then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Share of the study that is done, 0 to 1, with a word for the step. */
  readonly onProgress?: ((done: number, step: string) => void) | undefined;
  /** Longest that the study may take from now on. @default 1800 */
  readonly timeLimitSeconds?: number;
}

/**
 * A reader of volumes: rib fractures on CT (`src/ribs/open-reader.ts`: `openRibReader(options)`), infection on PET/CT
 * (`src/infection/open-reader.ts`: `openInfectionReader(options)`). Opened once,
 * so that its networks are loaded once; studies come one by one. A study outside of what its models were validated for
 * is answered with verdict `refused`, not with an error.
 */
export interface VolumeReader {
  readonly kind: VolumeReaderKind;
  /** The models whose cards hold the accuracy of the reading. */
  readonly modelIds: readonly string[];
  /**
   * Reads a study in a thread of its own; the event loop stays free. Voxels in shared memory are not copied.
   * @throws LUC_MODEL_* when a model cannot be run; LUC_VOLUME_TIMEOUT, LUC_VOLUME_THREAD_LOST
   */
  read(study: VolumeStudy, options?: VolumeReadOptions): Promise<VolumeReadingResult>;
  /** Ends worker threads. */
  close(): Promise<void>;
}
