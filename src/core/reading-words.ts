import type { ErrorCode } from './error-catalogue.js';
import { readerKinds, type Sought } from './reader-kinds.js';
import type { Finding, FindingType, ModelUse, Reading, Verdict } from './reading.js';

/** What must stand wherever a result is shown. */
export const NOTICE = 'AI output, not for diagnosis; not a medical device.';

export const verdictWords: Readonly<Record<Verdict, string>> = {
  fracture: 'Fracture',
  infection: 'Infection',
  doubt: 'Doubtful',
  'no-fracture': 'No fracture found',
  'no-infection': 'No infection found',
  refused: 'Not read',
};

/** Verdicts after a count: "3 with a fracture, 1 not read". */
export const countWords: Readonly<Record<Verdict, string>> = {
  fracture: 'with a fracture',
  infection: 'with an infection',
  doubt: 'in doubt',
  'no-fracture': 'without a fracture found',
  'no-infection': 'without an infection found',
  refused: 'refused',
};

/** Code of the limitation of a doubt for which no box was found; the answer's own words say it. */
export const noPlace = 'LUC_RADIOGRAPH_NO_PLACE' satisfies ErrorCode;

const doubtWords: Readonly<Record<Sought, string>> = {
  fracture: 'Doubtful: possible fracture',
  infection: 'Doubtful: possible infection',
};

/** The verdict of a reading in words: what is in doubt depends on what was looked for. */
export function answerWords({
  verdict,
  kind,
  limitations = [],
}: Pick<Reading, 'verdict' | 'kind' | 'limitations'>): string {
  if (verdict !== 'doubt') return verdictWords[verdict];
  const { sought } = readerKinds[kind];
  const placed = limitations.every(({ code }) => code !== noPlace);
  return placed ? doubtWords[sought] : `Possible ${sought}, no place found`;
}

/**
 * The record of an answer in words: "of 35 such answers on images of a leg 28 had a fracture (95 % interval 62 to 90 of
 * 100)"; null where no card states it. The reading names the set.
 */
export function recordWords({ record }: Pick<Reading, 'record'>): string | null {
  if (!record) return null;
  const { region, n, fractured, interval } = record;
  const what = region === null ? 'such answers' : `such answers on images of a ${region}`;
  const bounds = interval?.map((bound) => Math.round(bound * 100)).join(' to ');
  return `of ${n} ${what} ${fractured} had a fracture${bounds === undefined ? '' : ` (95 % interval ${bounds} of 100)`}`;
}

/** A probability in whole percent; never rounded to a certainty ("< 1 %", "> 99 %"). */
export function percent(probability: number): string {
  if (probability < 0.01) return '< 1 %';
  if (probability > 0.99) return '> 99 %';
  return `${Math.round(probability * 100)} %`;
}

/** A class of a model as it is read: "impacted_compression" becomes "impacted compression". */
export function labelWords(label: string): string {
  return label.replaceAll('_', ' ');
}

/** The type of a finding as its conformal set: "oblique", "oblique or spiral"; null where none is named. */
export function typeWords(type: FindingType | undefined): string | null {
  return type === undefined || type.label === null ? null : type.set.map(labelWords).join(' or ');
}

/** The label beside a box: "1 oblique or spiral 88 %". */
export function findingLabel(finding: Finding): string {
  const kind = typeWords(finding.type);
  return `${finding.id} ${kind === null ? '' : `${kind} `}${percent(finding.score)}`;
}

/** The verdict in one line, with its probability, or with the reason of the refusal. */
export function verdictLine(reading: Reading): string {
  const words = answerWords(reading);
  if (reading.verdict === 'refused') return reading.refusal ? `${words}: ${reading.refusal.reason}` : words;
  return reading.probability === null ? words : `${words}, probability ${percent(reading.probability)}`;
}

/** A model with its version; one that was trained on simulated data only says so. */
export function modelWords({ id, version, trainedOnSimulatedDataOnly }: ModelUse): string {
  return `${id} ${version}${trainedOnSimulatedDataOnly ? ' (trained on simulated data only)' : ''}`;
}

/** The models of a reading in one sentence. */
export function modelsLine(reading: Reading): string {
  return `Models: ${reading.models.map(modelWords).join(', ')}.`;
}
