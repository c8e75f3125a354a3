import type { ComposedAnswer } from '../../evidence/compose.js';
import { fill } from '../../evidence/numbers.js';
import { plainText } from '../../evidence/sentence.js';
import { html, type SafeHtml } from '../run/safe-html.js';
import { chanceSection } from './chance-section.js';
import { confidenceMark, confidenceSection } from './confidence-section.js';
import type { SiteContext } from './context.js';
import { doctorSection } from './doctor-section.js';
import { renderPage } from './layout.js';
import { pages } from './links.js';
import { answerMetadata } from './metadata.js';
import { citedSentence, sentenceWords } from './sentences.js';
import { sourceItem } from './source-item.js';
import { sayDate } from './words.js';

const root = '../';

function section(id: string, title: string, content: SafeHtml): SafeHtml {
  return html`<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
${content}
</section>
`;
}

function claims(
  answer: ComposedAnswer,
  numbers: ReadonlyMap<string, number>,
  context: SiteContext,
): SafeHtml {
  const { text } = context;
  return html`${answer.corrections.map(
    ({ claim, verdict, verdictName, sentences }) => html`<div class="claim ${verdict}">
<p class="said"><span class="label">${text.answer.claim}</span> ${sentenceWords(claim, root)}</p>
<p><strong class="verdict">${verdictName}.</strong> ${sentences.map(
      (sentence, index) =>
        html`${index > 0 ? ' ' : ''}${index === sentences.length - 1 ? citedSentence(sentence, numbers, root, context) : sentenceWords(sentence, root)}`,
    )}</p>
</div>
`,
  )}`;
}

function header(answer: ComposedAnswer, { text, base }: SiteContext): SafeHtml {
  const topic = base.wording.topics.find(({ id }) => id === answer.topic);
  const { locale } = base.wording.numbers;
  const level = fill(text.answer.confidence, { level: answer.confidence.name.toLowerCase() });
  return html`<p class="crumb"><a href="${root}${pages.home}">${text.answer.back}</a> <span aria-hidden="true">/</span> <a href="${root}${pages.home}#${answer.topic}">${topic?.name ?? answer.topic}</a></p>
<h1>${answer.question}</h1>
<div class="short">
<p class="label">${text.answer.short}</p>
<p>${sentenceWords(answer.short[0], root)} ${sentenceWords(answer.short[1], root)}</p>
</div>
<p class="facts-line"><a href="#sure">${confidenceMark(answer.confidence.level, level)}</a>
<span>${fill(text.answer.reviewed, { date: sayDate(answer.reviewed, locale) })}; ${fill(text.answer.reviewBy, { date: sayDate(answer.reviewBy, locale) })}</span></p>
`;
}

/** The page of one question. */
export function answerPage(answer: ComposedAnswer, context: SiteContext): string {
  const { text, base } = context;
  const numbers = new Map(answer.sources.map((id, index) => [id, index + 1]));
  const findings = html`<ul class="findings">
${answer.findings.map((sentence) => html`<li>${citedSentence(sentence, numbers, root, context)}</li>\n`)}</ul>`;
  const chances =
    answer.chances.length > 0
      ? chanceSection(answer.chances, root, context)
      : html`<p>${answer.noChance}</p>`;
  const related = answer.related.flatMap((id) => {
    const other = base.answers.get(id);
    return other ? [html`<li><a href="${id}.html">${other.question}</a></li>\n`] : [];
  });
  const main = html`<article class="answer">
${header(answer, context)}
${section('says', text.answer.says, findings)}
${answer.corrections.length > 0 ? section('claims', text.answer.claims, claims(answer, numbers, context)) : null}
${section('chances', text.answer.chances, chances)}
${section('unknown', text.answer.unknown, html`<ul>${answer.unknown.map((sentence) => html`<li>${sentenceWords(sentence, root)}</li>\n`)}</ul>`)}
${section('ask', text.answer.ask, doctorSection(answer.doctor, root, context))}
${section('sure', text.answer.sure, confidenceSection(answer.confidence, root, context))}
${section(
  'sources',
  text.answer.sources,
  html`<ol class="sources">
${answer.sources.map((id, index) => sourceItem(id, index + 1, root, context))}</ol>`,
)}
<p class="disclaimer">${answer.disclaimer}</p>
${section(
  'related',
  text.answer.related,
  html`<ul class="related">
${related}</ul>`,
)}
</article>`;
  return renderPage(
    {
      root,
      title: answer.question,
      description: answer.short.map(plainText).join(' '),
      current: 'answer',
      metadata: answerMetadata(answer, context),
      main,
    },
    context,
  );
}
