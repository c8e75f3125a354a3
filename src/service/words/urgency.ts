import { z } from 'zod';
import { smallest } from '../../core/extremes.js';
import { type Verdict, verdictSchema } from '../../core/reading.js';

/** Where the patient is, as the order or the sender says. */
export const patientClasses = ['emergency', 'inpatient', 'outpatient'] as const;
export type PatientClass = (typeof patientClasses)[number];

/** What is known of a study by AI: a verdict, or why there is none: `unread` not yet, `failed` given up. */
export const assessmentSchema = z.enum([...verdictSchema.options, 'failed', 'unread']);
export type Assessment = z.infer<typeof assessmentSchema>;

/** Assessments that say nothing of the images: a person is the first who looks. */
export const notReadByAi = ['refused', 'failed', 'unread'] as const satisfies readonly Assessment[];

const negative = ['no-fracture', 'no-infection'] as const satisfies readonly Verdict[];

/** Two weeks. */
const LONGEST_TARGET_MINUTES = 20_160;
const target = z.number().int().min(1).max(LONGEST_TARGET_MINUTES);
const row = z.strictObject({ emergency: target, inpatient: target, outpatient: target });

/**
 * Minutes from arrival until a person should have read a study, by assessment and class of patient. What AI did not read never
 * waits longer than what it called negative: its silence is no finding.
 */
export const urgencyTableSchema = z
  .strictObject(
    Object.fromEntries(assessmentSchema.options.map((assessment) => [assessment, row])) as Record<
      Assessment,
      typeof row
    >,
  )
  .superRefine((table, context) => {
    for (const silent of notReadByAi) {
      for (const patientClass of patientClasses) {
        const allowed = smallest(negative.map((verdict) => table[verdict][patientClass]));
        if (table[silent][patientClass] <= allowed) continue;
        context.addIssue({
          code: 'custom',
          path: [silent, patientClass],
          message: `may be ${allowed} minutes at most, as for studies in which AI found nothing`,
        });
      }
    }
  });
export type UrgencyTable = z.infer<typeof urgencyTableSchema>;

/** What holds until a lead sets other targets. */
export const defaultUrgencyTable: UrgencyTable = {
  fracture: { emergency: 15, inpatient: 60, outpatient: 240 },
  infection: { emergency: 30, inpatient: 120, outpatient: 480 },
  doubt: { emergency: 30, inpatient: 120, outpatient: 480 },
  'no-fracture': { emergency: 60, inpatient: 240, outpatient: 1440 },
  'no-infection': { emergency: 120, inpatient: 480, outpatient: 1440 },
  refused: { emergency: 30, inpatient: 120, outpatient: 480 },
  failed: { emergency: 30, inpatient: 120, outpatient: 480 },
  unread: { emergency: 30, inpatient: 120, outpatient: 480 },
};
