import type { Assessment, PatientClass, UrgencyTable } from '../words/urgency.js';

const MINUTE_MS = 60_000;

/** What the place of a study in the reading list hangs on. */
export interface WaitingStudy {
  readonly id: string;
  readonly arrivedAt: Date;
  readonly assessment: Assessment;
  readonly patientClass: PatientClass;
}

/**
 * When a person should have read the study. Waiting does not move it, so that nothing that arrives after this time comes before
 * the study in the list, and nothing waits for ever.
 */
export function dueAt(study: WaitingStudy, table: UrgencyTable): Date {
  const minutes = table[study.assessment][study.patientClass];
  return new Date(study.arrivedAt.getTime() + minutes * MINUTE_MS);
}

/** The studies in the order to read them: most overdue first, then the one that arrived first, then by id. */
export function byUrgency<Study extends WaitingStudy>(
  studies: readonly Study[],
  table: UrgencyTable,
): Study[] {
  const time = (study: Study) => dueAt(study, table).getTime();
  return [...studies].sort(
    (a, b) =>
      time(a) - time(b) ||
      a.arrivedAt.getTime() - b.arrivedAt.getTime() ||
      (a.id < b.id ? -1 : Number(a.id > b.id)),
  );
}

const assessmentWords: Readonly<Record<Assessment, string>> = {
  fracture: 'AI found a fracture',
  infection: 'AI found an infection',
  doubt: 'AI is in doubt',
  'no-fracture': 'AI found no fracture',
  'no-infection': 'AI found no infection',
  refused: 'AI refused to read it',
  failed: 'AI failed to read it',
  unread: 'not yet read by AI',
};

/** A time in words, whole minutes below two hours, whole hours and days above; rounded down. */
function duration(minutes: number): string {
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}

/** Why the study stands where it does, such as "AI found a fracture; emergency: within 15 min; 4 min overdue". */
export function urgencyReason(study: WaitingStudy, table: UrgencyTable, now: Date): string {
  const minutes = table[study.assessment][study.patientClass];
  const left = Math.trunc((dueAt(study, table).getTime() - now.getTime()) / MINUTE_MS);
  const state = left < 0 ? `${duration(-left)} overdue` : `${duration(left)} left`;
  return `${assessmentWords[study.assessment]}; ${study.patientClass}: within ${duration(minutes)}; ${state}`;
}
