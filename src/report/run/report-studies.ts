import type { StudySummary } from '../../core/reading.js';
import { percent } from '../../core/reading-words.js';
import { counted, rowStates, splitPath, stateBadge } from './report-words.js';
import { html, type SafeHtml } from './safe-html.js';

/** More rows than this would make a browser slow; the rest stands in `studies.json`. */
const STUDIES_SHOWN = 500;

/** The studies of more than one image, most urgent first; null summaries mean that the run was broken off before. */
export function studiesSection(studies: readonly StudySummary[] | null): SafeHtml | null {
  if (studies === null) {
    return html`<section aria-labelledby="studies"><h2 id="studies">Studies</h2><p>The run was broken off before the views of each study were summed up.</p></section>`;
  }
  const several = studies.filter((study) => study.images.length > 1).sort(byUrgency);
  if (several.length === 0) return null;
  return html`<section aria-labelledby="studies"><h2 id="studies">Studies with several images</h2>
<p>A fracture is often seen in one view only, so a study takes the answer of its most urgent image. An image that was not read says nothing of it.</p>
<details${several.length <= 50 ? html` open` : null}><summary>${counted(several.length, 'study', 'studies')}</summary>
<div class="scroll" tabindex="0" role="group" aria-label="Studies"><table><thead><tr><th scope="col">Study</th><th scope="col">Answer</th><th scope="col">Probability</th><th scope="col">Images</th></tr></thead>
<tbody>${several.slice(0, STUDIES_SHOWN).map(studyRow)}</tbody></table></div>${several.length > STUDIES_SHOWN ? html`<p>The ${STUDIES_SHOWN} most urgent are listed; all are in the file studies.json beside this page.</p>` : null}</details></section>`;
}

function studyRow(study: StudySummary): SafeHtml {
  const images = study.images.map(({ input, frame, probability }) => {
    const name = `${splitPath(input).name}${frame === undefined ? '' : `, frame ${frame}`}`;
    return html`<li><bdi>${name}</bdi>${probability === null ? ' not read' : ` ${percent(probability)}`}</li>`;
  });
  return html`<tr><th scope="row"><bdi>${study.study}</bdi></th><td>${stateBadge(study.verdict)}</td><td class="number">${study.probability === null ? '–' : percent(study.probability)}</td><td><ul class="plain">${images}</ul></td></tr>`;
}

function byUrgency(a: StudySummary, b: StudySummary): number {
  return (
    rowStates.indexOf(a.verdict) - rowStates.indexOf(b.verdict) ||
    (b.probability ?? -1) - (a.probability ?? -1)
  );
}
