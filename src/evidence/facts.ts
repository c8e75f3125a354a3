import { LucencyError } from '../core/errors.js';
import { prevalenceFromF1 } from './natural-frequency.js';
import type { EvidenceStatistics } from './statistics-port.js';
import type { How, Study, Unit } from './study.js';

/** A number with everything that is known of it, ready to be shown and traced. */
export interface ResolvedFact {
  readonly study: string;
  readonly fact: string;
  readonly label: string;
  readonly unit: Unit;
  readonly value: number;
  readonly interval: readonly [number, number] | null;
  readonly how: How;
  /** True when value and interval were computed here from counts, cells or other facts. */
  readonly computed: boolean;
}

const formulas: Record<'difference' | 'prevalence-from-f1', (inputs: readonly number[]) => number> = {
  difference: ([first = Number.NaN, second = Number.NaN]) => first - second,
  'prevalence-from-f1': ([sensitivity = Number.NaN, specificity = Number.NaN, f1 = Number.NaN]) =>
    prevalenceFromF1(sensitivity, specificity, f1),
};

/** Points at one fact: `study-id/fact-id`. */
export type FactReference = string;

/** Splits `study-id/fact-id`. */
export function splitReference(reference: FactReference): { study: string; fact: string } {
  const slash = reference.indexOf('/');
  return slash < 0
    ? { study: reference, fact: '' }
    : { study: reference.slice(0, slash), fact: reference.slice(slash + 1) };
}

/**
 * Looks a fact up and computes what its entry leaves to be computed.
 * @throws LUC_EVIDENCE_UNKNOWN_FACT when no such study or fact is held.
 */
export function resolveFact(
  studies: ReadonlyMap<string, Study>,
  reference: FactReference,
  statistics: EvidenceStatistics,
): ResolvedFact {
  const { study: studyId, fact: factId } = splitReference(reference);
  const study = studies.get(studyId);
  const fact = study?.facts[factId];
  if (!study || !fact) throw new LucencyError('LUC_EVIDENCE_UNKNOWN_FACT', { reference });
  const shared = { study: studyId, fact: factId, label: fact.label, unit: fact.unit, how: fact.how };
  if (fact.count) {
    const estimate = statistics.proportion(...fact.count);
    return { ...shared, value: estimate.value, interval: estimate.interval, computed: true };
  }
  if (fact.formula) {
    const inputs = fact.formula.of.map((id) => resolveFact(studies, `${studyId}/${id}`, statistics).value);
    return { ...shared, value: formulas[fact.formula.name](inputs), interval: null, computed: true };
  }
  if (fact.pooled && study.included) {
    const estimate = statistics.pool(study.included)[fact.pooled];
    return { ...shared, value: estimate.value, interval: estimate.interval, computed: true };
  }
  return { ...shared, value: fact.value ?? Number.NaN, interval: fact.interval ?? null, computed: false };
}
