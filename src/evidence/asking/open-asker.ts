import path from 'node:path';
import { type Answer, citedIn } from '../answer.js';
import {
  defaultLanguage,
  type EvidenceBase,
  evidenceFolder,
  loadEvidence,
  readDataFile,
} from '../evidence-base.js';
import { parseTemplate } from '../template.js';
import { type AskableAnswer, type Asker, buildAsker } from './asker.js';
import { openMiniSearch } from './minisearch-search.js';
import { type AskingWords, askingWordsSchema } from './words.js';

function withoutFacts(text: string): string {
  return parseTemplate(text)
    .map((part) => (part.kind === 'text' ? part.text : ' '))
    .join('');
}

function askable(answer: Answer, base: EvidenceBase): AskableAnswer {
  const evidence = citedIn(answer).flatMap((id) => {
    const study = base.studies.get(id);
    return study ? [study.name, study.title ?? '', ...study.bodyParts] : [];
  });
  const sentences = [...answer.short, ...answer.findings.map(({ text }) => text), ...answer.unknown];
  return {
    id: answer.id,
    question: answer.question,
    alsoAsked: answer.alsoAsked,
    keywords: answer.keywords,
    related: answer.related,
    text: [...sentences.map(withoutFacts), ...evidence].join(' '),
  };
}

/** The answers of a base as the search reads them: questions, sentences, and the studies that they cite. */
export function askableAnswers(base: EvidenceBase): AskableAnswer[] {
  return [...base.answers.values()].map((answer) => askable(answer, base));
}

/** The words with which questions of a language are understood. @throws LUC_EVIDENCE_FILE_INVALID */
export function loadAskingWords(language: string): AskingWords {
  return readDataFile(path.join(evidenceFolder(), 'wording', `asking-${language}.json`), askingWordsSchema);
}

/**
 * Opens the asker of a language: full-text search over questions and evidence, forgiving in spelling, with fixed
 * replies for emergencies, requests for a diagnosis and questions outside the topic.
 * @throws LUC_EVIDENCE_FILE_INVALID, LUC_ANSWERS_LANGUAGE_MISSING
 */
export function openAsker(base: EvidenceBase = loadEvidence(defaultLanguage)): Asker {
  return buildAsker(askableAnswers(base), loadAskingWords(base.language), openMiniSearch);
}
