import type { NaturalDataSet } from './dicom-writer.js';

/** An item of a code sequence (PS3.3 8.8). */
export function codedConcept(value: string, scheme: string, meaning: string): NaturalDataSet {
  return { CodeValue: value, CodingSchemeDesignator: scheme, CodeMeaning: meaning };
}
