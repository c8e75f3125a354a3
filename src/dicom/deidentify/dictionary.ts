import dcmjs from 'dcmjs';

/** The port to the data dictionary of dcmjs (PS3.6): VRs and multiplicities. */

interface DictionaryEntry {
  readonly tag: string;
  readonly vr: string;
  /** Value multiplicity: `1`, `2-4`, `1-n`. */
  readonly vm: string;
}

/** Choices that the dictionary leaves open: the longer or wider one holds the bytes of both. */
const chosen: Readonly<Record<string, string>> = { ox: 'OW', xs: 'US', up: 'UL', lt: 'OW' };

interface Attribute {
  readonly vr: string;
  readonly mostValues: number;
}

let attributes: ReadonlyMap<number, Attribute> | null = null;

function load(): ReadonlyMap<number, Attribute> {
  const { nameMap } = dcmjs.data.DicomMetaDictionary as unknown as {
    nameMap: Readonly<Record<string, DictionaryEntry>>;
  };
  const entries = Object.values(nameMap).flatMap(({ tag, vr, vm }): [number, Attribute][] => {
    const value = Number.parseInt(tag.replace(/[(),]/g, ''), 16);
    const most = Number(vm.split('-').at(-1));
    const mostValues = Number.isFinite(most) ? most : Number.POSITIVE_INFINITY;
    return Number.isFinite(value) ? [[value, { vr: chosen[vr] ?? vr, mostValues }]] : [];
  });
  return new Map(entries);
}

function attributeOf(tag: number): Attribute | null {
  attributes ??= load();
  return attributes.get(tag) ?? null;
}

/** Value representation of a public attribute; null when the standard does not know it. */
export function standardVr(tag: number): string | null {
  const vr = attributeOf(tag)?.vr ?? null;
  return vr !== null && /^[A-Z]{2}$/.test(vr) ? vr : null;
}

/** Most values that an attribute may have. */
export function mostValues(tag: number): number {
  return attributeOf(tag)?.mostValues ?? 1;
}
