import { gradeAnswer, highestGrade } from '../../evidence/check/check-answers.js';
import type { ComposedAnswer } from '../../evidence/compose.js';
import { confidenceRule } from '../../evidence/confidence.js';
import { fill } from '../../evidence/numbers.js';
import { html, type SafeHtml } from '../run/safe-html.js';
import type { SiteContext } from './context.js';
import { renderPage } from './layout.js';
import { pages } from './links.js';
import { plainMetadata } from './metadata.js';
import { paragraphs, sayDate } from './words.js';

const parts = ['number', 'design', 'outside-test', 'agreement', 'bias'] as const;
const levels = ['high', 'moderate', 'low', 'very-low'] as const;

function gradeSection({ text: { method }, base }: SiteContext): SafeHtml {
  const { confidence } = base.wording;
  const { studies, agreement, levels: limits } = confidenceRule;
  const values = Object.fromEntries(
    Object.entries({ ...studies, ...agreement }).map(([name, value]) => [name, String(value)]),
  );
  const rows = parts.map((part) => {
    const [zero, one, two] = method.rule[part].map((words) => fill(words, values));
    return html`<tr><th scope="row">${confidence.parts[part].name}</th><td>${zero ?? ''}</td><td>${one ?? ''}</td><td>${two ?? ''}</td></tr>\n`;
  });
  const limitWords = Object.fromEntries(Object.entries(limits).map(([name, value]) => [name, String(value)]));
  return html`${paragraphs(method.grade, limitWords)}
<div class="scroll" tabindex="0" role="group" aria-label="${method.gradeTitle}"><table class="facts"><thead><tr><th scope="col">${method.part}</th><th scope="col">${method.zero}</th><th scope="col">${method.one}</th><th scope="col">${method.two}</th></tr></thead><tbody>
${rows}</tbody></table></div>
<p class="label">${method.gradeCaps}</p>
<ul>${Object.values(confidence.caps).map((cap) => html`<li>${cap}</li>\n`)}</ul>
<p class="label">${method.levels}</p>
<dl>${levels.map((level) => html`<dt>${confidence.levels[level].name}</dt><dd>${confidence.levels[level].means}</dd>\n`)}</dl>`;
}

function answersTable(answers: readonly ComposedAnswer[], context: SiteContext): SafeHtml {
  const { table, tableTitle } = context.text.method;
  const { locale } = context.base.wording.numbers;
  const rows = answers.map((answer) => {
    const stored = context.base.answers.get(answer.id);
    const level = stored ? gradeAnswer(stored, context).level : null;
    const grades = level ? `${level.fleschKincaid.toFixed(1)}, ${level.smog.toFixed(1)}` : '';
    return html`<tr><th scope="row"><a href="${pages.answer(answer.id)}">${answer.question}</a></th><td>${answer.confidence.name}</td><td>${grades}</td><td>${sayDate(answer.reviewed, locale)}</td><td>${sayDate(answer.reviewBy, locale)}</td></tr>\n`;
  });
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${tableTitle}"><table class="facts"><thead><tr><th scope="col">${table.question}</th><th scope="col">${table.level}</th><th scope="col">${table.grade}</th><th scope="col">${table.reviewed}</th><th scope="col">${table.due}</th></tr></thead><tbody>
${rows}</tbody></table></div>`;
}

/** How the answers are made: grading, chances, numbers, reading level, review, search, privacy. */
export function methodPage(answers: readonly ComposedAnswer[], context: SiteContext): string {
  const { method } = context.text;
  const section = (id: string, title: string, content: SafeHtml) =>
    html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${content}</section>
`;
  const main = html`<h1>${method.title}</h1>
${paragraphs(method.intro)}
${section('grade', method.gradeTitle, gradeSection(context))}
${section('chance', method.chanceTitle, paragraphs(method.chance))}
${section('numbers', method.numbersTitle, paragraphs(method.numbers))}
${section('reading', method.readingTitle, paragraphs(method.reading, { grade: String(highestGrade) }))}
${section('review', method.reviewTitle, paragraphs(method.review))}
${section('search', method.askTitle, paragraphs(method.ask))}
${section('privacy', method.privacyTitle, paragraphs(method.privacy))}
${section('answers', method.tableTitle, answersTable(answers, context))}`;
  const description = method.intro.join(' ');
  return renderPage(
    {
      root: '',
      wide: true,
      title: method.title,
      description,
      current: 'method',
      metadata: plainMetadata(method.title, description, context),
      main,
    },
    context,
  );
}
