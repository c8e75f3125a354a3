import { type Code, own, ownScheme, snomed } from './code.js';

/** Types of a fracture by the label of the type network; SNOMED CT where its concept is certain. */
const fractureTypes: Readonly<Record<string, Code>> = {
  transverse: own('transverse', 'Transverse fracture'),
  oblique: own('oblique', 'Oblique fracture'),
  spiral: snomed('73737008', 'Fracture, spiral'),
  comminuted: snomed('13321001', 'Fracture, comminuted'),
  impacted_compression: own('impacted_compression', 'Impacted or compression fracture'),
  buckle_greenstick: own('buckle_greenstick', 'Buckle or greenstick fracture'),
  fresh: own('fresh', 'Fresh fracture'),
  old: own('old', 'Old fracture'),
  displaced: own('displaced', 'Displaced fracture'),
  nondisplaced: own('nondisplaced', 'Fracture that is not displaced'),
};

const longestCodeValue = 16;

/** Code of a label; labels that are not in the table become codes of Lucency's own scheme. */
export function fractureTypeCode(label: string): Code {
  const words = label.replaceAll('_', ' ');
  return fractureTypes[label] ?? own(label.slice(0, longestCodeValue), words);
}

/** Label of a code: the reverse of `fractureTypeCode`; null for codes of other makers. */
export function fractureTypeLabel(value: string, scheme: string): string | null {
  const known = Object.entries(fractureTypes).find(
    ([, code]) => code.value === value && code.scheme === scheme,
  );
  return known?.[0] ?? null;
}

const probabilityPrefix = 'p:';

/** Name of the measurement that holds the probability of one type. */
export function typeProbabilityName(label: string): Code {
  const { meaning } = fractureTypeCode(label);
  return own(
    `${probabilityPrefix}${label}`.slice(0, longestCodeValue),
    `Probability: ${meaning.toLowerCase()}`,
  );
}

/** Label whose probability a measurement of this name holds: the reverse of `typeProbabilityName`; null for all others. */
export function labelOfTypeProbability(name: { value: string; scheme: string }): string | null {
  if (name.scheme !== ownScheme || !name.value.startsWith(probabilityPrefix)) return null;
  const known = Object.keys(fractureTypes).find((label) => typeProbabilityName(label).value === name.value);
  return known ?? name.value.slice(probabilityPrefix.length);
}
