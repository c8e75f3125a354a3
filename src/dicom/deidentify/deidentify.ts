import { createHmac } from 'node:crypto';
import { LucencyError } from '../../core/errors.js';
import type { DataSet } from '../../image/dicom/data-set.js';
import { type DicomFile, openDicomFile } from '../../image/dicom/dicom-file.js';
import { codeItem, dcm } from '../codes/code.js';
import { tagOf } from '../data-set/attributes.js';
import { derivedUid } from '../data-set/derived-uid.js';
import { type CopiedElement, elementsOf } from '../data-set/encode.js';
import { writeFile } from '../data-set/write-file.js';
import { littleEndianValue } from '../source/copy-element.js';
import { standardVr } from './dictionary.js';
import { dummyValue } from './dummy-value.js';
import { encapsulatedEnd } from './encapsulated-end.js';
import { actionOn, type RetainOption, retainOptions } from './profile.js';

export interface DeidentifyOptions {
  /** Secret from which pseudonyms and UIDs are made: the same key gives the same ones, and no one else can make them. */
  readonly key: string;
  readonly retain?: readonly RetainOption[];
  /** Also take images that say, or may be feared, to show identifying text. @default false */
  readonly allowBurnedIn?: boolean;
  /** For error messages. @default 'image' */
  readonly name?: string;
}

export interface Deidentified {
  readonly sopInstanceUid: string;
  readonly bytes: Uint8Array;
}

const maxInflatedBytes = 2 ** 30;
const pixelData = 0x7fe0_0010;
const explicitLittleEndian = '1.2.840.10008.1.2.1';
const secondaryCapture = '1.2.840.10008.5.1.4.1.1.7';
/** Modalities whose images commonly show names in their pixels. */
const textInPixels = new Set(['US', 'IVUS', 'SC', 'OT', 'XC', 'ES', 'ECG', 'DOC', 'GM']);

/** @throws LUC_DEIDENTIFY_BURNED_IN when the pixels say, or may be feared, to show who the patient is */
function refuseBurnedIn(dataSet: DataSet): void {
  const stated = dataSet.text(tagOf('BurnedInAnnotation'));
  const modality = dataSet.text(tagOf('Modality')) ?? '';
  const isCapture = (dataSet.text(tagOf('SOPClassUID')) ?? '').startsWith(secondaryCapture);
  if (stated === 'NO' || !dataSet.pixelData) return;
  if (stated === 'YES' || isCapture || textInPixels.has(modality)) {
    const state = stated === 'YES' ? 'YES' : 'not stated, for an image of this kind';
    throw new LucencyError('LUC_DEIDENTIFY_BURNED_IN', { path: dataSet.name, state });
  }
}

class Deidentifier {
  readonly #key: string;
  readonly #retain: readonly RetainOption[];

  constructor({ key, retain = [] }: DeidentifyOptions) {
    this.#key = key;
    this.#retain = retain;
  }

  #secret(...words: readonly string[]): string {
    return createHmac('sha256', this.#key).update(JSON.stringify(words)).digest('hex');
  }

  uid(original: string): string {
    if (this.#retain.includes('uids')) return original;
    // UIDs of the standard itself name no instance.
    return original.startsWith('1.2.840.10008.') ? original : derivedUid(this.#secret('uid', original));
  }

  /** Name of the patient in the copies: it says nothing, and is the same for the same PatientID. */
  pseudonym(dataSet: DataSet): string {
    const id = dataSet.text(tagOf('PatientID')) ?? dataSet.text(tagOf('PatientName')) ?? '';
    return `ANON-${this.#secret('patient', id).slice(0, 12).toUpperCase()}`;
  }

  elements(dataSet: DataSet): CopiedElement[] {
    return dataSet.tags().flatMap((tag) => (tag === pixelData ? [] : (this.#element(dataSet, tag) ?? [])));
  }

  #element(dataSet: DataSet, tag: number): CopiedElement | null {
    const stated = dataSet.vr(tag);
    const vr = stated === null || stated === 'UN' ? standardVr(tag) : stated;
    const action = actionOn(tag, this.#retain);
    // An attribute that the standard does not know may hold anything.
    if (action === 'X' || vr === null) return null;
    if (action === 'Z') return { tag, vr, value: vr === 'SQ' ? [] : new Uint8Array(0) };
    if (vr === 'SQ') return { tag, vr, value: dataSet.items(tag).map((item) => this.elements(item)) };
    if (vr === 'UI' && (action === 'U' || action === 'D')) {
      const uids = dataSet.texts(tag).map((uid) => (uid === '' ? '' : this.uid(uid)));
      return { tag, vr, value: Buffer.from(uids.join('\\'), 'latin1') };
    }
    if (action !== null) return { tag, vr, value: dummyValue(vr) };
    const bytes = dataSet.bytes(tag) ?? new Uint8Array(0);
    return { tag, vr, value: dataSet.littleEndian ? bytes : littleEndianValue(bytes, vr) };
  }

  /** What the profile asks the copy to say of itself (PS3.15 E.1.1). */
  statement(dataSet: DataSet): CopiedElement[] {
    const options = this.#retain.map((name) => retainOptions[name]);
    const pseudonym = this.pseudonym(dataSet);
    return elementsOf({
      PatientName: pseudonym,
      PatientID: pseudonym,
      PatientIdentityRemoved: 'YES',
      DeidentificationMethod: 'Lucency, DICOM PS3.15 Basic Profile',
      DeidentificationMethodCodeSequence: [
        codeItem(dcm('113100', 'Basic Application Confidentiality Profile')),
        ...options.map(({ code, meaning }) => codeItem(dcm(code, meaning))),
      ],
      LongitudinalTemporalInformationModified: this.#retain.includes('times') ? 'UNMODIFIED' : 'REMOVED',
    });
  }
}

/** Pixel Data as it stands; only the byte order of big endian words changes. */
function pixels({ dataSet, transferSyntax }: DicomFile): {
  elements: CopiedElement[];
  tail: Uint8Array | null;
} {
  const location = dataSet.pixelData;
  if (!location) return { elements: [], tail: null };
  if (location.length === null) {
    const end = encapsulatedEnd(dataSet, location.start);
    return { elements: [], tail: dataSet.source.subarray(location.at, end) };
  }
  const bytes = dataSet.source.subarray(location.start, location.start + location.length);
  const vr = dataSet.vr(pixelData) ?? 'OW';
  const value = dataSet.littleEndian ? bytes : littleEndianValue(bytes, vr);
  return { elements: [{ tag: pixelData, vr: transferSyntax?.encapsulated ? 'OB' : vr, value }], tail: null };
}

/**
 * A de-identified copy of a DICOM file by the Basic Application Level Confidentiality Profile (PS3.15 annex E) with its
 * retain options. Pixels stay as they are, so images that show text are refused. Native pixel data come out as explicit VR
 * little endian, compressed ones in their own transfer syntax.
 *
 * @throws LUC_DEIDENTIFY_BURNED_IN, LUC_DICOM_*
 */
export function deidentify(bytes: Uint8Array, options: DeidentifyOptions): Deidentified {
  const name = options.name ?? 'image';
  const file = openDicomFile(bytes, { name, maxInflatedBytes });
  const { dataSet } = file;
  if (!options.allowBurnedIn) refuseBurnedIn(dataSet);
  const deidentifier = new Deidentifier(options);
  const statement = deidentifier.statement(dataSet);
  const stated = new Set(statement.map(({ tag }) => tag));
  const kept = deidentifier.elements(dataSet).filter(({ tag }) => !stated.has(tag));
  const { elements, tail } = pixels(file);
  const sopClassUid = dataSet.text(tagOf('SOPClassUID')) ?? '';
  const sopInstanceUid = deidentifier.uid(dataSet.text(tagOf('SOPInstanceUID')) ?? '');
  const written = writeFile(sopClassUid, sopInstanceUid, [...kept, ...statement, ...elements], {
    transferSyntaxUid: tail ? file.transferSyntaxUid : explicitLittleEndian,
    tail,
  });
  return { sopInstanceUid, bytes: written };
}
