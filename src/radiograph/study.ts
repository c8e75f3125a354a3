import type { Reading, StudySummary, Verdict } from '../core/reading.js';

// A fracture seen in one view is a fracture of the study; a refused view says nothing about the others.
const urgency: readonly Verdict[] = ['fracture', 'doubt', 'no-fracture', 'refused'];

/** Sums up the readings of one study (views of one patient); the readings themselves stay as they are. */
function summarise(study: string, readings: readonly Reading[]): StudySummary {
  const verdict =
    urgency.find((candidate) => readings.some((reading) => reading.verdict === candidate)) ?? 'refused';
  const probabilities = readings.flatMap(({ probability }) => (probability === null ? [] : [probability]));
  return {
    schema: 'lucency.study/1',
    study,
    verdict,
    probability: probabilities.length > 0 ? Math.max(...probabilities) : null,
    images: readings.map((reading) => ({
      input: reading.input,
      ...(reading.frame === undefined ? {} : { frame: reading.frame }),
      verdict: reading.verdict,
      probability: reading.probability,
      findings: reading.findings.filter((finding) => finding.certainty !== 'candidate').length,
    })),
  };
}

/** Study answers, in the order in which the studies were first met; readings without a study are left out. */
export function summariseStudies(readings: Iterable<Reading>): StudySummary[] {
  const studies = new Map<string, Reading[]>();
  for (const reading of readings) {
    if (reading.study === undefined) continue;
    const views = studies.get(reading.study) ?? [];
    views.push(reading);
    studies.set(reading.study, views);
  }
  return [...studies].map(([study, views]) => summarise(study, views));
}
