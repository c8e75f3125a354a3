import type { ComposedConfidence } from '../../evidence/compose-confidence.js';
import { fill } from '../../evidence/numbers.js';
import { html, type SafeHtml } from '../run/safe-html.js';
import type { SiteContext } from './context.js';
import { pages, type Root } from './links.js';

/** A mark with the level of confidence; the number of bars and the words say the same. */
export function confidenceMark(level: ComposedConfidence['level'], words: string): SafeHtml {
  const bars = { high: 4, moderate: 3, low: 2, 'very-low': 1 }[level];
  const marks = [1, 2, 3, 4].map((bar) => html`<i class="${bar <= bars ? 'on' : 'off'}"></i>`);
  return html`<span class="level ${level}"><span class="bars" aria-hidden="true">${marks}</span>${words}</span>`;
}

function dots(points: number): SafeHtml {
  return html`<span class="dots" aria-hidden="true">${[1, 2].map((dot) => html`<i class="${dot <= points ? 'on' : 'off'}"></i>`)}</span>`;
}

/** Why the answer has its level: the five parts with their points and reasons. */
export function confidenceSection(
  confidence: ComposedConfidence,
  root: Root,
  context: SiteContext,
): SafeHtml {
  const { answer } = context.text;
  const level = fill(answer.confidence, { level: confidence.name.toLowerCase() });
  const rows = confidence.parts.map(
    ({ name, points, reason }) => html`<tr><th scope="row">${name}</th>
<td class="points">${dots(points)}<span class="of">${fill(answer.points, { points: String(points), most: '2' })}</span></td>
<td>${reason}</td></tr>
`,
  );
  const links = confidence.supports.map((id, index) => {
    const name = context.base.studies.get(id)?.name ?? id;
    return html`${index > 0 ? ', ' : ''}<a href="${root}${pages.sources}#${id}">${name}</a>`;
  });
  const graded =
    links.length > 0 ? html`<p>${answer.graded}${links}.</p>` : html`<p>${answer.gradedOnNothing}</p>`;
  return html`<p>${confidenceMark(confidence.level, `${level}.`)} ${confidence.means} <span class="quiet">(${fill(answer.points, { points: String(confidence.points), most: '10' })})</span></p>
<table class="parts"><thead><tr><th scope="col">${answer.part}</th><th scope="col">${answer.pointsTitle}</th><th scope="col">${answer.result}</th></tr></thead><tbody>
${rows}</tbody></table>
${confidence.notes.map((note) => html`<p>${note}</p>\n`)}${graded}
<p><a href="${root}${pages.method}#grade">${answer.howGraded}</a></p>`;
}
