import type { ComposedDoctor } from '../../evidence/compose-doctor.js';
import { html, type SafeHtml } from '../run/safe-html.js';
import type { SiteContext } from './context.js';
import { pages, type Root } from './links.js';

/** What to ask the doctor, and what the AI behind the site was measured to do for this body part. */
export function doctorSection(doctor: ComposedDoctor, root: Root, { text }: SiteContext): SafeHtml {
  const results = doctor.own.map(({ sentence }) => html`<li>${sentence}</li>\n`);
  // Results of one source share their test set, which then stands once below them.
  const sets = new Map(doctor.own.map(({ set, source }) => [`${source} ${set}`, { set, source }]));
  const links = [...sets.values()].map(
    ({ set, source }) =>
      html`<p class="set">${text.answer.ownSet}<a href="${root}${pages.models}#${source}">${set}</a>.</p>
`,
  );
  return html`<p>${text.answer.askIntro}</p>
<ol class="questions">
${doctor.questions.map((question) => html`<li>${question}</li>\n`)}</ol>
<aside class="own" aria-label="${text.answer.own}">
<h3>${text.answer.own}</h3>
${results.length > 0 ? html`<ul>${results}</ul>` : null}
${links}
${doctor.notes.map((note) => html`<p>${note}</p>\n`)}<p><a href="${root}${pages.models}">${text.answer.ownMore}</a></p>
</aside>`;
}
