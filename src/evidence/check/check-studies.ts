import { type ResolvedFact, resolveFact } from '../facts.js';
import type { EvidenceStatistics } from '../statistics-port.js';
import type { Fact, Study, Unit } from '../study.js';
import type { Problem } from './problem.js';

const ranges: Record<Unit, readonly [number, number]> = {
  proportion: [0, 1],
  difference: [-1, 1],
  auc: [0, 1],
  score: [0, 1],
  count: [0, 1e9],
  year: [1990, 2100],
  seconds: [0, 1e6],
  suv: [0, 1e3],
  rate: [0, 1e3],
};

function rangeProblems({ unit, value, interval }: ResolvedFact): string[] {
  const [low, high] = ranges[unit];
  const problems: string[] = [];
  if (!(value >= low && value <= high))
    problems.push(`${value} is no ${unit}: it must lie from ${low} to ${high}`);
  if ((unit === 'count' || unit === 'year') && !Number.isInteger(value))
    problems.push(`${value} is not whole`);
  if (interval) {
    const [from, to] = interval;
    if (!(from >= low && to <= high)) problems.push(`the interval ${from} to ${to} leaves ${low} to ${high}`);
    if (!(from <= value && value <= to)) problems.push(`${value} lies outside its interval ${from} to ${to}`);
  }
  return problems;
}

function decimalsOf(value: number): number {
  return String(value).split('.')[1]?.length ?? 0;
}

/** True when `computed`, rounded as the source rounded, is what the source printed. */
function printsAs(computed: number, printed: number): boolean {
  return Number(computed.toFixed(decimalsOf(printed))) === printed;
}

function statedProblems(fact: Fact, resolved: ResolvedFact): string[] {
  if (!fact.stated) return [];
  const problems: string[] = [];
  if (!printsAs(resolved.value, fact.stated.value)) {
    problems.push(`the counts give ${resolved.value}, the source prints ${fact.stated.value}`);
  }
  fact.stated.interval?.forEach((bound, index) => {
    const computed = resolved.interval?.[index];
    if (computed === undefined || !printsAs(computed, bound)) {
      problems.push(`the counts give a bound of ${computed}, the source prints ${bound}`);
    }
  });
  return problems;
}

function formulaProblems(study: Study, fact: Fact): string[] {
  return (fact.formula?.of ?? []).flatMap((id) => {
    const input = study.facts[id];
    if (!input) return [`it is worked out from ${id}, which the entry does not hold`];
    return input.formula ? [`it is worked out from ${id}, which is worked out itself`] : [];
  });
}

function factProblems(study: Study, id: string, fact: Fact, statistics: EvidenceStatistics): string[] {
  if (fact.count && fact.count[0] > fact.count[1])
    return [`${fact.count[0]} of ${fact.count[1]} is no share`];
  const formula = formulaProblems(study, fact);
  if (formula.length > 0) return formula;
  const resolved = resolveFact(new Map([[study.id, study]]), `${study.id}/${id}`, statistics);
  return [...rangeProblems(resolved), ...statedProblems(fact, resolved)];
}

/**
 * Checks every number of every entry: its range, its interval, and, for numbers computed here, that they print as the
 * source printed them.
 * @param today ISO date
 */
export function checkStudies(
  studies: ReadonlyMap<string, Study>,
  statistics: EvidenceStatistics,
  today: string,
): Problem[] {
  return [...studies.values()].flatMap((study) => {
    const facts = Object.entries(study.facts).flatMap(([id, fact]) =>
      factProblems(study, id, fact, statistics).map((what) => ({ where: study.id, what: `${id}: ${what}` })),
    );
    const dates =
      study.checked > today
        ? [{ where: study.id, what: `it was checked on ${study.checked}, after today` }]
        : [];
    const looked =
      study.checkedAt.length === 0 &&
      [...Object.values(study.facts), ...Object.values(study.statements), { via: study.identityVia }].some(
        ({ via }) => via === 'lookup',
      )
        ? [{ where: study.id, what: 'something was looked up, but no address says where' }]
        : [];
    return [...facts, ...dates, ...looked];
  });
}
