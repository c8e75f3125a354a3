import type { ComposedAnswer } from '../../evidence/compose.js';
import { plainText } from '../../evidence/sentence.js';
import { identifierAddress, type Study } from '../../evidence/study.js';
import type { SiteContext } from './context.js';

/** The short answer and the sentences of research as plain text: what a search engine may show. */
function answerText(answer: ComposedAnswer): string {
  return [...answer.short, ...answer.findings].map(plainText).join(' ');
}

function questionOf(answer: ComposedAnswer): object {
  return {
    '@type': 'Question',
    name: answer.question,
    acceptedAnswer: { '@type': 'Answer', text: answerText(answer) },
  };
}

function citationOf(study: Study): object {
  const [identifier] = study.identifiers;
  return {
    '@type': study.kind === 'study' || study.kind === 'benchmark' ? 'ScholarlyArticle' : 'CreativeWork',
    name: study.title ?? study.name,
    ...(study.year ? { datePublished: String(study.year) } : {}),
    ...(study.venue ? { isPartOf: study.venue } : {}),
    ...(identifier ? { url: identifierAddress(identifier) } : {}),
  };
}

function webPage(context: SiteContext, name: string, description: string, type: string): object {
  return {
    '@type': type,
    name,
    description,
    inLanguage: context.base.language,
    isAccessibleForFree: true,
    isPartOf: { '@type': 'WebSite', name: context.text.siteName, description: context.text.tagline },
  };
}

const medical = {
  about: { '@type': 'MedicalCondition', name: 'Bone fracture' },
  audience: { '@type': 'PeopleAudience', audienceType: 'Patient' },
} as const;

/** schema.org metadata of one answer: a MedicalWebPage and its question, as an FAQPage. */
export function answerMetadata(answer: ComposedAnswer, context: SiteContext): object {
  const page = webPage(context, answer.question, answer.short.map(plainText).join(' '), 'MedicalWebPage');
  const cited = answer.sources.flatMap((id) => {
    const study = context.base.studies.get(id);
    return study && study.kind !== 'site' ? [citationOf(study)] : [];
  });
  return {
    '@context': 'https://schema.org',
    '@graph': [
      { ...page, ...medical, lastReviewed: answer.reviewed, citation: cited },
      { '@type': 'FAQPage', inLanguage: context.base.language, mainEntity: [questionOf(answer)] },
    ],
  };
}

/** Metadata of the index: a MedicalWebPage and all questions with their answers. */
export function indexMetadata(answers: readonly ComposedAnswer[], context: SiteContext): object {
  const lastReviewed = answers
    .map(({ reviewed }) => reviewed)
    .sort()
    .at(-1);
  return {
    '@context': 'https://schema.org',
    '@graph': [
      {
        ...webPage(context, context.text.tagline, context.text.description, 'MedicalWebPage'),
        ...medical,
        ...(lastReviewed ? { lastReviewed } : {}),
      },
      { '@type': 'FAQPage', inLanguage: context.base.language, mainEntity: answers.map(questionOf) },
    ],
  };
}

/** Metadata of the pages that are not answers. */
export function plainMetadata(title: string, description: string, context: SiteContext): object {
  return { '@context': 'https://schema.org', ...webPage(context, title, description, 'WebPage') };
}
