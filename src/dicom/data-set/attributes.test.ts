import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { attributes } from './attributes.js';

interface Entry {
  readonly tag: string;
  readonly vr: string;
}
const { data } = createRequire(import.meta.url)('dcmjs') as {
  data: { DicomMetaDictionary: { nameMap: Record<string, Entry> } };
};
const { nameMap } = data.DicomMetaDictionary;

// Its dictionary leaves the choice between OB and OW open.
const otherwise: Readonly<Record<string, string>> = { PixelData: 'ox' };

describe('the table of attributes', () => {
  it("agrees with the data dictionary of dcmjs in every attribute's tag and value representation", () => {
    for (const [name, [tag, vr]] of Object.entries(attributes)) {
      const entry = nameMap[name];
      const hex = tag.toString(16).padStart(8, '0').toUpperCase();
      expect(entry?.tag, name).toBe(`(${hex.slice(0, 4)},${hex.slice(4)})`);
      expect(entry?.vr, name).toBe(otherwise[name] ?? vr);
    }
  });
});
