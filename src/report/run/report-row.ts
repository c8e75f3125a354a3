import type { Finding, Reading } from '../../core/reading.js';
import { findingLabel, percent } from '../../core/reading-words.js';
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

/** One row of the table, and what the filter of the page asks of it. */
export interface TableRow {
  readonly state: RowState;
  readonly region: string;
  /** Everything that can be searched for, in lower case. */
  readonly text: string;
  readonly html: SafeHtml;
}

/** The region that images and failures without one are listed under. */
export const UNKNOWN_REGION = 'unknown';

/** A row for an image that was read; what opens below it waits, inert, in a template. */
export function readingRow({ reading, thumbnail, detail }: ReadingRow): TableRow {
  const findings = reading.findings.filter((finding) => finding.certainty !== 'candidate');
  const region = reading.image.region?.label ?? UNKNOWN_REGION;
  const text = [
    reading.input,
    reading.study ?? '',
    region,
    ...findings.map(findingLabel),
    ...findings.map(({ description = '' }) => description),
    reading.refusal?.reason ?? '',
  ];
  const cells = html`<td class="image" role="cell"><div class="image-cell">${thumbnail ? thumbnailPicture(reading, thumbnail) : html`<span class="thumb empty" aria-hidden="true"></span>`}${nameCell(reading, true)}</div><template>${detail}</template></td>
<td role="cell" data-label="Answer"><div>${stateBadge(reading.verdict)}</div></td>
<td role="cell" data-label="Probability" class="number"><div>${reading.probability === null ? '–' : percent(reading.probability)}</div></td>
<td role="cell" data-label="Findings"><div>${reading.verdict === 'refused' ? (reading.refusal?.reason ?? '') : findingList(findings)}</div></td>
<td role="cell" data-label="Region"><div>${region}</div></td>`;
  return tableRow(reading.verdict, region, text, cells);
}

/** A row for an input that could not be read. */
export function failureRow(failure: Failure): TableRow {
  const { input, code, message, advice } = failure;
  const cells = html`<td class="image" role="cell"><div class="image-cell"><span class="thumb empty" aria-hidden="true"></span>${nameCell(failure, false)}</div></td>
<td role="cell" data-label="Answer"><div>${stateBadge('failed')}</div></td>
<td role="cell" data-label="Probability" class="number"><div>–</div></td>
<td role="cell" data-label="Findings"><div><code>${code}</code> ${message} ${advice}</div></td>
<td role="cell" data-label="Region"><div>${UNKNOWN_REGION}</div></td>`;
  return tableRow('failed', UNKNOWN_REGION, [input, code, message], cells);
}

function tableRow(state: RowState, region: string, words: readonly string[], cells: SafeHtml): TableRow {
  // The roles keep it a table for assistive technology where small screens show rows as cards.
  const row = html`<tr class="row" role="row" data-state="${state}">${cells}</tr>\n`;
  return { state, region, text: words.join(' ').toLowerCase(), html: row };
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
      (finding) =>
        html`<li>${findingLabel(finding)}, ${finding.certainty}${finding.description ? `: ${finding.description}` : ''}</li>`,
    )}${rest > 0 ? html`<li>and ${rest} more</li>` : null}</ul>`;
}
