/** Where a pixel spacing came from: measured in the patient's plane, or at the detector (magnified). */
export type SpacingSource = 'PixelSpacing' | 'ImagerPixelSpacing';

/** The DICOM attributes that a result must repeat or refer to. Absent attributes are absent, never invented. */
export interface DicomIdentity {
  sopClassUid?: string;
  sopInstanceUid?: string;
  seriesInstanceUid?: string;
  studyInstanceUid?: string;
  modality?: string;
  bodyPartExamined?: string;
  viewPosition?: string;
  laterality?: string;
  patientId?: string;
  accessionNumber?: string;
}

/** One frame of a projection image, ready to be read. */
export interface Radiograph {
  /** Columns of the image as it is shown (after EXIF orientation, for pictures). */
  readonly width: number;
  /** Rows of the image as it is shown. */
  readonly height: number;
  /**
   * Row-major grey values, `width * height` long, after modality LUT, VOI LUT or window and MONOCHROME1
   * inversion, scaled so that 0 is black and 65535 white. All 10 to 16 stored bits survive in it.
   */
  readonly pixels: Uint16Array;
  /** 1 where a pixel is padding (PixelPaddingValue or range) and must stay out of every statistic; null if none. */
  readonly padding: Uint8Array | null;
  /** Bits of the stored values that carry information: 8 to 16. */
  readonly bitsStored: number;
  /** `[row spacing, column spacing]` in mm, DICOM's order; null where the file states none. */
  readonly pixelSpacingMm: readonly [number, number] | null;
  readonly spacingSource: SpacingSource | null;
  /** Set when the source was colour: mean chroma 0 (grey) to 1; photographs are refused by it. Null for grey sources. */
  readonly colourfulness: number | null;
  /** Format found in the bytes. */
  readonly format: 'dicom' | 'png' | 'jpeg' | 'tiff';
  /** Frame number, 1-based as in DICOM; 1 for single-frame images. */
  readonly frame: number;
  /** Number of frames (or TIFF pages) in the source. */
  readonly frames: number;
  /** DICOM attributes of the source; null for pictures. */
  readonly dicom: DicomIdentity | null;
  /** The elements of a DICOM file before its Pixel Data, as the file holds them; what results copy. Absent for pictures. */
  readonly dicomHeader?: Uint8Array;
}
