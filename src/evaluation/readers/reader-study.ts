/** One mark of a free-response reading; `lesion` is the lesion that it hits, null for a mark on no lesion. */
export interface Mark {
  readonly score: number;
  readonly lesion: string | null;
}

/** What one reader said of one case in one modality. */
export interface CaseReading {
  /** Confidence that the case is diseased; null where only a call was given; -Infinity for a case without marks. */
  readonly score: number | null;
  /** 1 diseased, 0 normal: the reader's decision; null where none was recorded. */
  readonly call: 0 | 1 | null;
  /** Reading time in seconds. */
  readonly seconds: number | null;
  /** Null in studies that are not free-response. */
  readonly marks: readonly Mark[] | null;
}

export interface StudyCase {
  readonly id: string;
  readonly truth: 0 | 1;
  /** Number of lesions, marked or not; null in studies that are not free-response. */
  readonly lesions: number | null;
}

/** The readings of one reader in one modality, in the order of the cases. */
export interface ReaderReadings {
  readonly reader: string;
  readonly modality: string;
  readonly readings: readonly CaseReading[];
}

/** A study in which all `readers` read all `cases` in all `modalities`, and programs may have read the cases alone. */
export interface ReaderStudy {
  readonly path: string;
  readonly cases: readonly StudyCase[];
  readonly readers: readonly string[];
  readonly modalities: readonly string[];
  /** `crossed[modality][reader]`. */
  readonly crossed: readonly (readonly ReaderReadings[])[];
  /** A modality with a single "reader" that reads in no other: AI alone. */
  readonly standalone: readonly ReaderReadings[];
}
