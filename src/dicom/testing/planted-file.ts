import { imageElements, type TestElement, writeDicom } from '../../image/testing/dicom-writer.js';
import { profileRows } from '../deidentify/basic-profile.js';
import { standardVr } from '../deidentify/dictionary.js';
import { sampleElements } from './sample-result.js';

/** A file with a name planted in many places, each time another, so that what is left of it can be counted. */

interface Planting {
  readonly place: string;
  readonly word: string;
}

const width = 64;
const height = 48;
const textual = new Set('LO SH ST LT UT UC PN'.split(' '));
const plantings: Planting[] = [];

function word(place: string): string {
  const planted = `Kuno${String(plantings.length).padStart(4, '0')}`;
  plantings.push({ place, word: planted });
  return planted;
}

function text(tag: number, vr: string, place: string): TestElement {
  return [tag, vr, word(place)];
}

const tableTexts = profileRows
  .flatMap(({ tags }) => tags.split(' '))
  .map((tag) => Number.parseInt(tag, 16))
  .filter((tag) => textual.has(standardVr(tag) ?? '') && tag >>> 16 > 4);
const structural: ReadonlySet<number> = new Set([0x0008_0016, 0x0008_0018]);

/** In references within references, all of which stay. */
function fourDeep(element: TestElement): TestElement {
  const sequences = [0x0008_1199, 0x0008_114a, 0x0008_2112, 0x0008_1140];
  return sequences.reduce<TestElement>((inner, tag) => [tag, 'SQ', [[inner]]], element);
}

function planted(): TestElement[] {
  const code: TestElement[] = [
    [0x0008_0100, 'SH', 'T-12000'],
    [0x0008_0102, 'SH', 'SRT'],
    text(0x0008_0104, 'LO', 'meaning of a code'),
  ];
  const content: TestElement[] = [
    [0x0040_a040, 'CS', 'TEXT'],
    text(0x0040_a160, 'UT', 'text of a content sequence'),
  ];
  return [
    ...tableTexts.map((tag) => text(tag, standardVr(tag) ?? 'LO', 'text attributes of table E.1-1')),
    [0x0008_2218, 'SQ', [code]],
    [0x0040_a730, 'SQ', [content]],
    fourDeep(text(0x0008_1048, 'PN', 'table E.1-1, four sequences deep')),
    text(0x0008_fff1, 'LO', 'attributes that the standard does not know'),
    [0x0009_0010, 'LO', 'MAKER'],
    text(0x0009_1001, 'LO', 'private attributes'),
    text(0x0008_0070, 'LO', 'manufacturer'),
    text(0x0028_1055, 'LO', 'explanation of a window'),
    text(0x0042_0010, 'ST', 'title of a document'),
    text(0x6000_0022, 'LO', 'text of an overlay'),
    text(0x6000_4000, 'LT', 'text of an overlay'),
    text(0xfffc_fffc, 'OB', 'padding behind the pixel data'),
  ];
}

const elements = planted();

/** The file: a radiograph of 64 x 48 pixels. */
export function plantedFile(): Uint8Array {
  const pixels = Uint16Array.from({ length: width * height }, (_, at) => (at * 13) % 4096);
  const all = [...sampleElements(), ...imageElements({ width, height, bitsStored: 12, pixels }), ...elements];
  const byTag = new Map(all.filter(([tag]) => !structural.has(tag)).map((element) => [element[0], element]));
  for (const element of sampleElements()) if (structural.has(element[0])) byTag.set(element[0], element);
  return writeDicom([...byTag.values()]);
}

/** Of how many plantings of each place the words are left in a file. */
export function survivors(file: Uint8Array): Record<string, string> {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const counts: Record<string, [kept: number, all: number]> = {};
  for (const { place, word: planting } of plantings) {
    const [kept, all] = counts[place] ?? [0, 0];
    counts[place] = [kept + (bytes.includes(planting) ? 1 : 0), all + 1];
  }
  return Object.fromEntries(
    Object.entries(counts).map(([place, [kept, all]]) => [place, `${kept} of ${all}`]),
  );
}
