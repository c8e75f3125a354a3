import type { DataSetValues } from '../data-set/encode.js';

/** A coded concept (PS3.3 8.8): value, scheme, meaning. */
export interface Code {
  readonly value: string;
  readonly scheme: string;
  readonly meaning: string;
}

/** Scheme of the few concepts for which DICOM, SNOMED CT and UMLS have none that is known to fit. */
export const ownScheme = '99LUCENCY';

export function dcm(value: string, meaning: string): Code {
  return { value, scheme: 'DCM', meaning };
}

export function snomed(value: string, meaning: string): Code {
  return { value, scheme: 'SCT', meaning };
}

export function own(value: string, meaning: string): Code {
  return { value, scheme: ownScheme, meaning };
}

/** The Code Sequence Macro (PS3.3 table 8.8-1). */
export function codeItem({ value, scheme, meaning }: Code): DataSetValues {
  return { CodeValue: value, CodingSchemeDesignator: scheme, CodeMeaning: meaning };
}
