import { largest } from '../core/extremes.js';
import { type Reading, type StudySummary, verdictsByUrgency } from '../core/reading.js';

type StudyImage = StudySummary['images'][number];

function summarise(study: string, images: StudyImage[]): StudySummary {
  // A fracture seen in one view is a fracture of the study; a refused view says nothing about the others.
  const verdict =
    verdictsByUrgency.find((candidate) => images.some((image) => image.verdict === candidate)) ?? 'refused';
  const probabilities = images.flatMap(({ probability }) => (probability === null ? [] : [probability]));
  return {
    schema: 'lucency.study/1',
    study,
    verdict,
    probability: probabilities.length > 0 ? largest(probabilities) : null,
    images,
  };
}

/** Sums up readings by study (views of one patient) as they come; keeps no more of each than its answer. */
export class StudyCollector {
  readonly #studies = new Map<string, StudyImage[]>();

  /** Readings without a study are left out. */
  add(reading: Reading): void {
    if (reading.study === undefined) return;
    const images = this.#studies.get(reading.study) ?? [];
    images.push({
      input: reading.input,
      ...(reading.frame === undefined ? {} : { frame: reading.frame }),
      verdict: reading.verdict,
      probability: reading.probability,
      findings: reading.findings.filter((finding) => finding.certainty !== 'candidate').length,
    });
    this.#studies.set(reading.study, images);
  }

  /** Study answers, in the order in which the studies were first met. */
  summaries(): StudySummary[] {
    return [...this.#studies].map(([study, images]) => summarise(study, images));
  }
}

/** The views of each study summed up; the readings themselves stay as they are. */
export function summariseStudies(readings: Iterable<Reading>): StudySummary[] {
  const collector = new StudyCollector();
  for (const reading of readings) collector.add(reading);
  return collector.summaries();
}
