import type { Finding, Reading } from '../../core/reading.js';
import { findingLabel, percent } from '../picture/words.js';
import { boxesSvg } from './report-boxes.js';
import { type RowState, splitPath, stateBadge } from './report-words.js';
import type { Failure } from './run-record.js';
import { html, type SafeHtml } from './safe-html.js';

/** Columns of the table of the report. */
export const columns = ['Image', 'Answer', 'Probability', 'Findings', 'Region'] as const;

const FINDINGS_SHOWN = 3;

export interface ReadingRow {
  readonly reading: Reading;
  /** Data URI of the thumbnail; null when the run kept no pictures. */
  readonly thumbnail: string | null;
  readonly detail: SafeHtml;
}

/** One row of the table; what opens below it waits, inert, in a template. */
export function readingRow({ reading, thumbnail, detail }: ReadingRow): SafeHtml {
  const findings = reading.findings.filter((finding) => finding.certainty !== 'candidate');
  const region = reading.image.region?.label ?? 'unknown';
  const text = [
    reading.input,
    reading.study ?? '',
    region,
    ...findings.map(findingLabel),
    reading.refusal?.reason ?? '',
  ];
  return html`${rowStart(reading.verdict, region, text.join(' '))}
<td class="image"><div class="image-cell">${thumbnail ? thumbnailPicture(reading, thumbnail) : html`<span class="thumb empty" aria-hidden="true"></span>`}${nameCell(reading, true)}</div><template>${detail}</template></td>
<td data-label="Answer"><div>${stateBadge(reading.verdict)}</div></td>
<td data-label="Probability" class="number"><div>${reading.probability === null ? '–' : percent(reading.probability)}</div></td>
<td data-label="Findings"><div>${reading.verdict === 'refused' ? (reading.refusal?.reason ?? '') : findingList(findings)}</div></td>
<td data-label="Region"><div>${region}</div></td></tr>
`;
}

/** A row for an input that could not be read. */
export function failureRow(failure: Failure): SafeHtml {
  const { input, code, message, advice } = failure;
  return html`${rowStart('failed', 'unknown', `${input} ${code} ${message}`)}
<td class="image"><div class="image-cell"><span class="thumb empty" aria-hidden="true"></span>${nameCell(failure, false)}</div></td>
<td data-label="Answer"><div>${stateBadge('failed')}</div></td>
<td data-label="Probability" class="number"><div>–</div></td>
<td data-label="Findings"><div><code>${code}</code> ${message} ${advice}</div></td>
<td data-label="Region"><div>unknown</div></td></tr>
`;
}

function rowStart(state: RowState, region: string, text: string): SafeHtml {
  return html`<tr class="row" data-state="${state}" data-region="${region}" data-text="${text.toLowerCase()}">`;
}

function nameCell({ input, frame }: { input: string; frame?: number | undefined }, opens: boolean): SafeHtml {
  const { folder, name } = splitPath(input);
  const label = html`<bdi>${name}</bdi>${frame === undefined ? '' : `, frame ${frame}`}`;
  return html`<span class="name">${opens ? html`<button type="button" class="open" aria-expanded="false">${label}</button>` : html`<span class="unread">${label}</span>`}<span class="folder quiet"><bdi>${folder}</bdi></span></span>`;
}

function thumbnailPicture(reading: Reading, thumbnail: string): SafeHtml {
  const { width, height } = reading.image;
  const factor = 72 / Math.max(width, height);
  const w = Math.max(1, Math.round(width * factor));
  const h = Math.max(1, Math.round(height * factor));
  return html`<span class="thumb"><img src="${thumbnail}" width="${w}" height="${h}" alt="" decoding="async">${boxesSvg(reading, { width: w, height: h, tags: false })}</span>`;
}

function findingList(findings: readonly Finding[]): SafeHtml | string {
  if (findings.length === 0) return 'none';
  const rest = findings.length - FINDINGS_SHOWN;
  return html`<ul class="plain">${findings
    .slice(0, FINDINGS_SHOWN)
    .map(
      (finding) => html`<li>${findingLabel(finding)}, ${finding.certainty}</li>`,
    )}${rest > 0 ? html`<li>and ${rest} more</li>` : null}</ul>`;
}
