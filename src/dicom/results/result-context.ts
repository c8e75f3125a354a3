import type { Reading } from '../../core/reading.js';
import { readingDigest } from '../../models/reading-digest.js';
import { type AttributeName, tagOf } from '../data-set/attributes.js';
import { derivedUid } from '../data-set/derived-uid.js';
import type { DataSetValues } from '../data-set/encode.js';
import type { SourceImage } from '../source/source-image.js';
import type { VolumeSource } from './volume-source.js';

/** The kinds of object that a reading becomes, as DICOM names their modality. */
export type ResultKind = 'SR' | 'PR' | 'SC' | 'SEG';

/** What every object of one reading has in common. */
export interface ResultContext {
  readonly reading: Reading;
  readonly source: SourceImage;
  /** The series, for a reading of a volume; `source` is then its first image. */
  readonly volume: VolumeSource | null;
  /** Version of Lucency, which stands in every object. */
  readonly version: string;
  /** `YYYYMMDD` and `HHMMSS` of the making of the objects, in the time zone that the source states, else the machine's. */
  readonly date: string;
  readonly time: string;
  /** A UID that depends on the reading and these words alone, never on the time. */
  uid(...words: readonly (string | number)[]): string;
}

/** Minutes east of UTC of `+0130`; null when it is no offset. */
function offsetMinutes(text: string | null): number | null {
  const parts = text === null ? null : /^([+-])(\d\d)(\d\d)$/.exec(text);
  if (!parts) return null;
  const minutes = Number(parts[2]) * 60 + Number(parts[3]);
  return parts[1] === '-' ? -minutes : minutes;
}

function timestamp(at: Date, source: SourceImage): { date: string; time: string } {
  const offset =
    offsetMinutes(source.dataSet.text(tagOf('TimezoneOffsetFromUTC'))) ?? -at.getTimezoneOffset();
  const shifted = new Date(at.getTime() + offset * 60_000).toISOString();
  return { date: shifted.slice(0, 10).replaceAll('-', ''), time: shifted.slice(11, 19).replaceAll(':', '') };
}

export function resultContext(
  reading: Reading,
  source: SourceImage,
  volume: VolumeSource | null,
  { version, createdAt }: { readonly version: string; readonly createdAt: Date },
): ResultContext {
  const digest = readingDigest(reading);
  return {
    reading,
    source,
    volume,
    version,
    ...timestamp(createdAt, source),
    uid: (...words) => derivedUid('lucency-result', version, source.sopInstanceUid, digest, ...words),
  };
}

/** The person who has verified a reading; null while nobody has. */
export function verifierOf({ reading }: Pick<ResultContext, 'reading'>): string | null {
  const { verification, author } = reading;
  return verification === 'verified' && author?.kind === 'person' ? author.name : null;
}

function verificationWords(context: ResultContext): string {
  return verifierOf(context) === null ? 'not verified' : 'verified';
}

const seriesNumbers: Readonly<Record<ResultKind, number>> = { SR: 9901, PR: 9902, SC: 9903, SEG: 9904 };
const seriesDescriptions: Readonly<Record<ResultKind, string>> = {
  SR: 'AI findings (Lucency)',
  PR: 'AI marks (Lucency), not for diagnosis',
  SC: 'AI annotated copy (Lucency), not for diagnosis',
  SEG: 'AI maps (Lucency), not for diagnosis',
};

/** SOP Common, General Series and (Enhanced) General Equipment of an object of this kind. */
export function commonValues(
  context: ResultContext,
  kind: ResultKind,
  sopClassUid: string,
  sopInstanceUid: string,
): DataSetValues {
  const { date, time, version, uid } = context;
  return {
    InstanceCreationDate: date,
    InstanceCreationTime: time,
    SOPClassUID: sopClassUid,
    SOPInstanceUID: sopInstanceUid,
    Modality: kind === 'SC' ? 'OT' : kind,
    SeriesInstanceUID: uid('series', kind),
    SeriesNumber: seriesNumbers[kind],
    SeriesDate: date,
    SeriesTime: time,
    SeriesDescription:
      kind === 'SR' ? `${seriesDescriptions.SR}, ${verificationWords(context)}` : seriesDescriptions[kind],
    InstanceNumber: 1,
    Manufacturer: 'Lucency',
    ManufacturerModelName: 'Lucency',
    // Software has no serial number; the attribute must not be empty (PS3.3 C.7.5.2).
    DeviceSerialNumber: version,
    DeviceUID: derivedUid('lucency-device', version),
    SoftwareVersions: version,
    CodingSchemeIdentificationSequence: [
      {
        CodingSchemeDesignator: '99LUCENCY',
        CodingSchemeName: 'Lucency local codes, see docs/dicom.md',
        CodingSchemeResponsibleOrganization: 'Lucency',
      },
    ],
  };
}

/** First value of a text attribute of the source. */
export function sourceText({ source }: ResultContext, name: AttributeName): string | null {
  return source.dataSet.text(tagOf(name));
}

/** Reference to the source image (PS3.3 table 10-11), with the frame that was read. */
export function sourceReference({ reading, source }: ResultContext): DataSetValues {
  return {
    ReferencedSOPClassUID: source.sopClassUid,
    ReferencedSOPInstanceUID: source.sopInstanceUid,
    ReferencedFrameNumber: reading.frame,
  };
}

/** Side of the series (PS3.3 C.7.3.1): only left and right may stand there; empty when it is not known. */
export function seriesLaterality(context: ResultContext): string {
  const stated = sourceText(context, 'Laterality') ?? sourceText(context, 'ImageLaterality');
  return stated === 'L' || stated === 'R' ? stated : '';
}
