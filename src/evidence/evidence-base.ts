import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { LucencyError } from '../core/errors.js';
import { type Answer, answerSchema } from './answer.js';
import { type Study, studySchema } from './study.js';
import { type Wording, wordingSchema } from './wording.js';

/** Everything that the answers of one language are drawn from. */
export interface EvidenceBase {
  readonly language: string;
  readonly studies: ReadonlyMap<string, Study>;
  readonly answers: ReadonlyMap<string, Answer>;
  readonly wording: Wording;
}

/** The language in which answers are kept for now; a folder beside `answers/en` adds another. */
export const defaultLanguage = 'en';

/** The folder of the evidence room, where its data files lie beside the code. */
export function evidenceFolder(): string {
  return fileURLToPath(new URL('.', import.meta.url));
}

/** Reads and checks one JSON file. @throws LUC_EVIDENCE_FILE_INVALID naming the file and the first thing wrong. */
export function readDataFile<Schema extends z.ZodType>(file: string, schema: Schema): z.infer<Schema> {
  const name = path.basename(file);
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? 'it is not JSON' : 'it cannot be read';
    throw new LucencyError('LUC_EVIDENCE_FILE_INVALID', { file: name, reason }, { cause });
  }
  const result = schema.safeParse(parsed);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const reason = issue
    ? `${issue.path.join('.') || 'the whole file'}: ${issue.message}`
    : 'it breaks the schema';
  throw new LucencyError('LUC_EVIDENCE_FILE_INVALID', { file: name, reason });
}

function readFolder<Schema extends z.ZodType<{ id: string }>>(
  folder: string,
  schema: Schema,
): Map<string, z.infer<Schema>> {
  const entries = new Map<string, z.infer<Schema>>();
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith('.json')) continue;
    const entry = readDataFile(path.join(folder, name), schema);
    if (`${entry.id}.json` !== name) {
      throw new LucencyError('LUC_EVIDENCE_FILE_INVALID', { file: name, reason: `its id is ${entry.id}` });
    }
    entries.set(entry.id, entry);
  }
  return entries;
}

/** Languages that have a folder of answers. */
export function languagesIn(folder: string = evidenceFolder()): string[] {
  return readdirSync(path.join(folder, 'answers'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/**
 * Reads all studies, and the answers and words of one language; every file is checked against its schema.
 * @throws LUC_EVIDENCE_FILE_INVALID for a file that breaks its schema; LUC_ANSWERS_LANGUAGE_MISSING for a language
 * without answers.
 */
export function loadEvidence(
  language: string = defaultLanguage,
  folder: string = evidenceFolder(),
): EvidenceBase {
  const languages = languagesIn(folder);
  if (!languages.includes(language)) {
    throw new LucencyError('LUC_ANSWERS_LANGUAGE_MISSING', { language, languages: languages.join(', ') });
  }
  return {
    language,
    studies: readFolder(path.join(folder, 'studies'), studySchema),
    answers: readFolder(path.join(folder, 'answers', language), answerSchema),
    wording: readDataFile(path.join(folder, 'wording', `${language}.json`), wordingSchema),
  };
}
