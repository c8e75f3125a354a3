import { z } from 'zod';

/** What `lucency report --json` prints: which items of the checklists the data fill. */
export const reportStateSchema = z.object({
  schema: z.literal('lucency.report/1'),
  set: z.string(),
  items: z.array(
    z.object({
      /** Number in CLAIM 2024; "+1", "+2" for what STARD and STARD-AI ask beyond it. */
      number: z.string(),
      topic: z.string(),
      stard: z.string().nullable(),
      status: z.enum(['filled', 'partly', 'open']),
    }),
  ),
  files: z.array(z.string()),
});
export type ReportState = z.infer<typeof reportStateSchema>;
