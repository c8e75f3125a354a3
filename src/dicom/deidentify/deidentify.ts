import { createHmac } from 'node:crypto';
import { LucencyError } from '../../core/errors.js';
import type { DataSet } from '../../image/dicom/data-set.js';
import { openDicomFile } from '../../image/dicom/dicom-file.js';
import { codeItem, dcm } from '../codes/code.js';
import { tagOf } from '../data-set/attributes.js';
import { derivedUid } from '../data-set/derived-uid.js';
import { type CopiedElement, elementsOf } from '../data-set/encode.js';
import { writeFile } from '../data-set/write-file.js';
import { littleEndianValue } from '../source/copy-element.js';
import { refuseBurnedIn } from './burned-in.js';
import { isCodeItem, standardCode } from './code-items.js';
import { cutTable, isTableData } from './cut-table.js';
import { mostValues, standardVr } from './dictionary.js';
import { dummyValue } from './dummy-value.js';
import { cleanPixels } from './frames/clean-pixels.js';
import { identifyingWords, namesSomeone } from './identifying-words.js';
import { isFormal, isPlainValue } from './plain-value.js';
import { actionOn, type RetainOption, retainOptions } from './profile.js';
import { isRegisteredUid } from './registered-uids.js';

export interface DeidentifyOptions {
  /** Secret from which pseudonyms and UIDs are made: the same key gives the same ones, and no one else can make them. */
  readonly key: string;
  readonly retain?: readonly RetainOption[];
  /** A person has looked at the pixels: also take images that say, or may be feared, to show text. @default false */
  readonly pixelsChecked?: boolean;
  /** For error messages. @default 'image' */
  readonly name?: string;
}

export interface Deidentified {
  readonly sopInstanceUid: string;
  readonly bytes: Uint8Array;
}

const maxInflatedBytes = 2 ** 30;
const pixelData = 0x7fe0_0010;
const contentSequence = 0x0040_a730;
const encapsulatedDocument = 0x0042_0011;
const explicitLittleEndian = '1.2.840.10008.1.2.1';

/** Sequences that images must have and may have empty (type 2); without items all others are faults, and are left out. */
const mayBeEmpty: ReadonlySet<number> = new Set([0x0040_0513, 0x0040_0555, 0x0040_0562, 0x0040_0610]);

/** @throws LUC_DEIDENTIFY_DOCUMENT for reports and documents, LUC_DEIDENTIFY_CLASS for objects of no standard class */
function refuseUnknown(dataSet: DataSet): void {
  const uid = dataSet.text(tagOf('SOPClassUID')) ?? 'not stated';
  if (!isRegisteredUid(uid)) throw new LucencyError('LUC_DEIDENTIFY_CLASS', { path: dataSet.name, uid });
  const document = dataSet.has(encapsulatedDocument) || dataSet.has(contentSequence);
  if (document && !dataSet.pixelData)
    throw new LucencyError('LUC_DEIDENTIFY_DOCUMENT', { path: dataSet.name });
}

class Deidentifier {
  readonly #key: string;
  readonly #retain: readonly RetainOption[];
  readonly #words: ReadonlySet<string>;

  constructor({ key, retain = [] }: DeidentifyOptions, words: ReadonlySet<string>) {
    this.#key = key;
    this.#retain = retain;
    this.#words = words;
  }

  #secret(...words: readonly string[]): string {
    return createHmac('sha256', this.#key).update(JSON.stringify(words)).digest('hex');
  }

  /** UIDs that the standard registers name no instance, and stay; so do others where that is wished for and they are UIDs. */
  uid(original: string): string {
    if (original === '' || isRegisteredUid(original)) return original;
    const keeps = this.#retain.includes('uids') && isPlainValue('UI', [original], new Uint8Array(0));
    return keeps ? original : derivedUid(this.#secret('uid', original));
  }

  /** Name of the patient in the copies: it says nothing, and is the same for the same PatientID. */
  pseudonym(dataSet: DataSet): string {
    const id = dataSet.text(tagOf('PatientID')) ?? dataSet.text(tagOf('PatientName')) ?? '';
    return `ANON-${this.#secret('patient', id).slice(0, 12).toUpperCase()}`;
  }

  /** What stays of a data set. @param retained it is an item of a sequence that an option keeps */
  elements(dataSet: DataSet, retained = false): CopiedElement[] {
    return dataSet
      .tags()
      .flatMap((tag) => (tag === pixelData ? [] : (this.#element(dataSet, tag, retained) ?? [])));
  }

  /** What stays of an item; null for a code that is none of a standard scheme. */
  #item(item: DataSet, retained: boolean): CopiedElement[] | null {
    if (retained || !isCodeItem(item)) return this.elements(item, retained);
    const code = standardCode(item);
    return code && [...code, ...this.elements(item).filter(({ tag }) => tag >>> 16 !== 0x0008)];
  }

  #element(dataSet: DataSet, tag: number, within: boolean): CopiedElement | null {
    const vr = vrOf(dataSet, tag);
    const action = actionOn(tag, this.#retain);
    // An attribute that the standard does not know may hold anything.
    if (action === 'X' || vr === null) return null;
    if (vr === 'SQ') return this.#sequence(dataSet, tag, action === 'retained', action);
    if (action === 'Z') return { tag, vr, value: new Uint8Array(0) };
    if (vr === 'UI') {
      const uids = dataSet.texts(tag).map((uid) => this.uid(uid));
      return { tag, vr, value: Buffer.from(uids.join('\\'), 'latin1') };
    }
    const bytes = dataSet.bytes(tag) ?? new Uint8Array(0);
    const value = dataSet.littleEndian ? bytes : littleEndianValue(bytes, vr);
    const keeps = action === 'retained' || (within && !isFormal(vr));
    if (keeps)
      return isFormal(vr) && !isPlainValue(vr, dataSet.texts(tag), bytes) ? null : { tag, vr, value };
    if (action === 'K' && isTableData(tag)) return { tag, vr, value: cutTable(dataSet, tag, value) };
    if (action === 'K')
      return isPlainValue(vr, dataSet.texts(tag), bytes, mostValues(tag)) ? { tag, vr, value } : null;
    const harmless = action === 'T' && !namesSomeone(dataSet.wholeText(tag) ?? '', this.#words);
    return { tag, vr, value: harmless ? value : dummyValue(vr) };
  }

  /** Sequences of references and those that stay are gone through item by item; of all others no item is left. */
  #sequence(dataSet: DataSet, tag: number, retained: boolean, action: string): CopiedElement | null {
    const opened = retained || action === 'K' || action === 'R';
    if (!opened && !mayBeEmpty.has(tag)) return null;
    const items = opened ? dataSet.items(tag).map((item) => this.#item(item, retained)) : [];
    return { tag, vr: 'SQ', value: items.filter((item) => item !== null) };
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

/** Representations of one width between which files choose. */
const alternatives: Readonly<Record<string, readonly string[]>> = {
  US: ['SS', 'OW'],
  OW: ['OB', 'US', 'SS'],
  UL: ['SL'],
};

/**
 * The value representation that the standard gives an attribute; null when it knows none, or when the file states another
 * one, which would give the bytes another meaning.
 */
function vrOf(dataSet: DataSet, tag: number): string | null {
  const stated = dataSet.vr(tag);
  const standard = standardVr(tag);
  if (standard === null || stated === null || stated === 'UN' || stated === standard) return standard;
  return alternatives[standard]?.includes(stated) ? stated : null;
}

/**
 * A de-identified copy of a DICOM file by the Basic Application Level Confidentiality Profile (PS3.15 annex E) with its
 * retain options, made of what is known to be harmless: an attribute that no rule keeps is removed, at every depth; of
 * sequences that the profile replaces no item stays; pixel data are cut to what they must be. Values of pixels do not
 * change, so images that may show text are refused. Native pixel data come out as explicit VR little endian, compressed
 * ones in their own transfer syntax, without comments.
 *
 * @throws LUC_DEIDENTIFY_BURNED_IN, LUC_DEIDENTIFY_DOCUMENT, LUC_DEIDENTIFY_CLASS, LUC_DICOM_*
 */
export async function deidentify(bytes: Uint8Array, options: DeidentifyOptions): Promise<Deidentified> {
  const name = options.name ?? 'image';
  const file = openDicomFile(bytes, { name, maxInflatedBytes });
  const { dataSet } = file;
  refuseUnknown(dataSet);
  if (!options.pixelsChecked) refuseBurnedIn(dataSet);
  const deidentifier = new Deidentifier(options, identifyingWords(dataSet));
  const statement = deidentifier.statement(dataSet);
  const { elements, tail } = await cleanPixels(file);
  const replaced = new Set([...statement, ...elements].map(({ tag }) => tag));
  const kept = deidentifier.elements(dataSet).filter(({ tag }) => !replaced.has(tag));
  const sopClassUid = dataSet.text(tagOf('SOPClassUID')) ?? '';
  const sopInstanceUid = deidentifier.uid(dataSet.text(tagOf('SOPInstanceUID')) ?? name);
  const written = writeFile(sopClassUid, sopInstanceUid, [...kept, ...statement, ...elements], {
    transferSyntaxUid: tail ? file.transferSyntaxUid : explicitLittleEndian,
    tail,
  });
  return { sopInstanceUid, bytes: written };
}
