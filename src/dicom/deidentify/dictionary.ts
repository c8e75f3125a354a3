import dcmjs from 'dcmjs';

/** The port to the data dictionary of dcmjs (PS3.6): VRs of files that do not state them. */

interface DictionaryEntry {
  readonly tag: string;
  readonly vr: string;
}

/** Choices that the dictionary leaves open: the longer or wider one holds the bytes of both. */
const chosen: Readonly<Record<string, string>> = { ox: 'OW', xs: 'US', up: 'UL', lt: 'OW' };

let vrs: ReadonlyMap<number, string> | null = null;

function load(): ReadonlyMap<number, string> {
  const { nameMap } = dcmjs.data.DicomMetaDictionary as unknown as {
    nameMap: Readonly<Record<string, DictionaryEntry>>;
  };
  const entries = Object.values(nameMap).flatMap(({ tag, vr }): [number, string][] => {
    const value = Number.parseInt(tag.replace(/[(),]/g, ''), 16);
    return Number.isFinite(value) ? [[value, chosen[vr] ?? vr]] : [];
  });
  return new Map(entries);
}

/** Value representation of a public attribute; null when the standard does not know it. */
export function standardVr(tag: number): string | null {
  vrs ??= load();
  const vr = vrs.get(tag) ?? null;
  return vr !== null && /^[A-Z]{2}$/.test(vr) ? vr : null;
}
