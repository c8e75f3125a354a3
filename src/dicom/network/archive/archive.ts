/** What is asked of an archive; what is absent is not asked for. `*` and `?` stand for any characters where texts allow. */
export interface StudyQuery {
  readonly studyInstanceUid?: string;
  readonly patientId?: string;
  readonly accessionNumber?: string;
  /** `YYYYMMDD`, or a range `YYYYMMDD-YYYYMMDD`, either end of which may be left out. */
  readonly studyDate?: string;
  readonly modality?: string;
}

/** A study that an archive holds; empty where it says nothing. */
export interface FoundStudy {
  readonly studyInstanceUid: string;
  readonly patientId: string;
  readonly patientName: string;
  readonly studyDate: string;
  readonly accessionNumber: string;
  readonly modalities: readonly string[];
  readonly description: string;
  /** Null when the archive does not say. */
  readonly instances: number | null;
}

export interface FetchedStudy {
  /** Instances that the archive has given, those included that were here already. */
  readonly completed: number;
  readonly failed: number;
}

/** Where studies are fetched from. */
export interface Archive {
  /** For people. */
  readonly name: string;
  /** @throws LUC_DICOM_NET_* */
  find(query: StudyQuery): AsyncIterable<FoundStudy>;
  /**
   * Brings all instances of a study into the store.
   * @param onProgress told how many are here so far
   * @throws LUC_DICOM_NET_*
   */
  fetch(studyInstanceUid: string, onProgress: (completed: number) => void): Promise<FetchedStudy>;
}
