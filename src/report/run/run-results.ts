import path from 'node:path';
import { z } from 'zod';
import { LucencyError } from '../../core/errors.js';
import { type Reading, readingSchema, verdictSchema } from '../../core/reading.js';
import { type JsonLine, readJsonLines } from '../../files/json-lines.js';
import { runFiles } from './run-record.js';

/** The readings in a run's folder, in the order in which they were written. @throws LUC_OUTPUT_DAMAGED */
export async function* readReadings(folder: string): AsyncGenerator<Reading> {
  const file = path.join(folder, runFiles.readings);
  for await (const line of readJsonLines(file)) yield parseLine(file, line, readingSchema);
}

const resultSchema = z.object({
  input: z.string(),
  frame: z.number().int().positive().optional(),
  verdict: verdictSchema,
});

/** What was read before, without the details. @throws LUC_OUTPUT_DAMAGED */
export async function* readResults(folder: string): AsyncGenerator<z.infer<typeof resultSchema>> {
  const file = path.join(folder, runFiles.readings);
  for await (const line of readJsonLines(file)) yield parseLine(file, line, resultSchema);
}

/** One line of a run's file as what it should hold. @throws LUC_OUTPUT_DAMAGED */
export function parseLine<T>(
  file: string,
  { text, line }: Pick<JsonLine, 'text' | 'line'>,
  schema: z.ZodType<T>,
): T {
  let reason = 'it is not JSON';
  try {
    const result = schema.safeParse(JSON.parse(text));
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    reason = issue ? `${issue.path.join('.')}: ${issue.message}` : 'it does not follow the schema';
  } catch {
    // Not JSON: reported below.
  }
  throw new LucencyError('LUC_OUTPUT_DAMAGED', { path: file, line, reason });
}
