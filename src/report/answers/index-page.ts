import type { ComposedAnswer } from '../../evidence/compose.js';
import { fill } from '../../evidence/numbers.js';
import { html, type SafeHtml } from '../run/safe-html.js';
import { confidenceMark } from './confidence-section.js';
import type { SiteContext } from './context.js';
import { renderPage } from './layout.js';
import { pages } from './links.js';
import { indexMetadata } from './metadata.js';

function searchForm({ text: { search } }: SiteContext): SafeHtml {
  return html`<form class="search" role="search" data-best="${search.best}" data-others="${search.others}" data-may-help="${search.mayHelp}">
<label for="question">${search.label}</label>
<div class="row"><input id="question" name="question" type="search" maxlength="5000" autocomplete="off" spellcheck="true" aria-describedby="search-hint" disabled>
<button type="submit" disabled>${search.button}</button></div>
<p class="hint" id="search-hint">${search.hint}. ${search.privacy}</p>
<noscript><p class="hint">${search.withoutScript}</p></noscript>
</form>
<div id="reply" class="reply" aria-live="polite"></div>`;
}

function topicSection(
  topic: { id: string; name: string; about: string },
  answers: readonly ComposedAnswer[],
  { text }: SiteContext,
): SafeHtml {
  return html`<section class="topic" aria-labelledby="${topic.id}">
<h2 id="${topic.id}">${topic.name}</h2>
<p class="quiet">${topic.about}</p>
<ul>
${answers.map(
  ({ id, question, confidence }) =>
    html`<li><a href="${pages.answer(id)}">${question}</a> ${confidenceMark(confidence.level, fill(text.answer.confidence, { level: confidence.name.toLowerCase() }))}</li>
`,
)}</ul>
</section>
`;
}

/** The first page: search, the first question, and all questions by topic. */
export function indexPage(answers: readonly ComposedAnswer[], context: SiteContext): string {
  const { text, base } = context;
  const first = answers.find(({ id }) => id === firstAnswer);
  const main = html`<div class="hero">
<h1>${text.tagline}</h1>
<p class="lead">${text.description}</p>
${searchForm(context)}
</div>
${
  first
    ? html`<aside class="start" aria-label="${text.index.first}"><p class="label">${text.index.first}</p>
<p><a href="${pages.answer(first.id)}">${first.question}</a></p></aside>`
    : null
}
<nav class="jump" aria-label="${text.index.topics}"><ul>
${base.wording.topics.map(({ id, name }) => html`<li><a href="#${id}">${name}</a></li>\n`)}</ul></nav>
<div class="topics">
${base.wording.topics.map((topic) =>
  topicSection(
    topic,
    answers.filter((answer) => answer.topic === topic.id),
    context,
  ),
)}</div>`;
  return renderPage(
    {
      root: '',
      title: text.tagline,
      description: text.description,
      current: 'home',
      metadata: indexMetadata(answers, context),
      main,
      withSearch: true,
    },
    context,
  );
}

/** The question that the site answers before all others. */
const firstAnswer = 'can-ai-classify-and-locate';
