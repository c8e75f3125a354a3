import type { Vector3 } from '../../core/affine.js';
import { LucencyError } from '../../core/errors.js';
import { nativeBitsPerFrame } from '../dicom/codecs/native.js';
import type { DataSet } from '../dicom/data-set.js';
import { functionalGroups } from '../dicom/functional-groups.js';
import { describePixels, type PixelDescription } from '../dicom/pixel-description.js';
import { tag } from '../dicom/tags.js';
import type { FoundInput } from '../input/input-item.js';

/** Where one slice lies and where its pixels are to be had; small, for folders hold tens of thousands. */
export interface FrameHeader {
  readonly source: FoundInput;
  readonly sopInstanceUid: string;
  /** Frame, 1-based; null for an object of one image. */
  readonly frame: number | null;
  readonly columns: number;
  readonly rows: number;
  /** Directions of a row (x) and of a column (y) in the patient, unit vectors. */
  readonly directions: readonly [Vector3, Vector3];
  /** Centre of the first pixel in patient coordinates, mm. */
  readonly position: Vector3;
  /** `[row spacing, column spacing]`, mm. */
  readonly spacing: readonly [number, number];
  readonly thicknessMm: number | null;
  readonly instanceNumber: number;
  readonly acquisitionNumber: number;
}

function attributeFault(dataSet: DataSet, attribute: string, values: readonly number[]): LucencyError {
  const value = values.length === 0 ? 'missing' : values.join('\\');
  return new LucencyError('LUC_VOLUME_ATTRIBUTE', { path: dataSet.name, attribute, value });
}

function vector(values: readonly number[], at = 0): Vector3 | null {
  const [x, y, z] = values.slice(at, at + 3);
  if (x === undefined || y === undefined || z === undefined) return null;
  return Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(z) ? [x, y, z] : null;
}

/** Unit vectors at right angles, as far as decimal strings can say so. */
function directionsOf(dataSet: DataSet, values: readonly number[]): readonly [Vector3, Vector3] {
  const row = vector(values);
  const column = vector(values, 3);
  const fault = attributeFault(dataSet, 'ImageOrientationPatient', values);
  if (!row || !column) throw fault;
  const size = (v: Vector3): number => Math.hypot(...v);
  const dot = row[0] * column[0] + row[1] * column[1] + row[2] * column[2];
  if (Math.abs(size(row) - 1) > 0.01 || Math.abs(size(column) - 1) > 0.01 || Math.abs(dot) > 0.01)
    throw fault;
  const unit = (v: Vector3): Vector3 => [v[0] / size(v), v[1] / size(v), v[2] / size(v)];
  return [unit(row), unit(column)];
}

/** Most frames of one object: enhanced CT of a whole body has some thousands. */
const mostFrames = 20_000;

/** Frames that are stated and cannot be there must not cost the memory of their headers. */
function checkFrames(dataSet: DataSet, description: PixelDescription, fileBytes: number): void {
  const { frames } = description;
  const path = dataSet.name;
  if (frames > mostFrames) throw new LucencyError('LUC_IMAGE_TOO_MANY_FRAMES', { path, limit: mostFrames });
  const stated = dataSet.pixelData?.length ?? null;
  // Of compressed frames each has at least an item of its own.
  const needed = stated === null ? frames * 8 : Math.ceil((frames * nativeBitsPerFrame(description)) / 8);
  const there = stated ?? fileBytes;
  if (needed <= there) return;
  const reason = `its ${frames} frame(s) need ${needed} bytes, but its pixel data have ${there}`;
  throw new LucencyError('LUC_DICOM_TRUNCATED', { path, reason });
}

/**
 * The slices of one CT or PET object: one for a classic image, one per frame for an enhanced one (PS3.3 C.7.6.2,
 * C.7.6.16).
 * @throws LUC_VOLUME_ATTRIBUTE, LUC_DICOM_PIXEL_ATTRIBUTE, LUC_DICOM_TRUNCATED, LUC_IMAGE_TOO_MANY_FRAMES
 */
export function frameHeaders(dataSet: DataSet, source: FoundInput): FrameHeader[] {
  const description = describePixels(dataSet);
  checkFrames(dataSet, description, source.size);
  const { width, height, frames } = description;
  const groups = functionalGroups(dataSet);
  const sopInstanceUid = dataSet.text(tag.SopInstanceUid) ?? '';
  const instanceNumber = dataSet.number(tag.InstanceNumber, 'IS') ?? 0;
  const acquisitionNumber = dataSet.number(tag.AcquisitionNumber, 'IS') ?? 0;
  const enhanced = dataSet.has(tag.PerFrameFunctionalGroups);
  return Array.from({ length: frames }, (_, index) => {
    const frame = index + 1;
    const positions = groups(tag.PlanePositionSequence, frame).numbers(tag.ImagePositionPatient, 'DS');
    const orientation = groups(tag.PlaneOrientationSequence, frame).numbers(
      tag.ImageOrientationPatient,
      'DS',
    );
    const measures = groups(tag.PixelMeasuresSequence, frame);
    const position = vector(positions);
    if (!position) throw attributeFault(dataSet, 'ImagePositionPatient', positions);
    const spacings = measures.numbers(tag.PixelSpacing, 'DS');
    const [row, column] = spacings;
    if (!(row !== undefined && column !== undefined && row > 0 && column > 0)) {
      throw attributeFault(dataSet, 'PixelSpacing', spacings);
    }
    return {
      source,
      sopInstanceUid,
      frame: enhanced || frames > 1 ? frame : null,
      columns: width,
      rows: height,
      directions: directionsOf(dataSet, orientation),
      position,
      spacing: [row, column] as const,
      thicknessMm: measures.number(tag.SliceThickness, 'DS'),
      instanceNumber: enhanced || frames > 1 ? frame : instanceNumber,
      acquisitionNumber,
    };
  });
}
