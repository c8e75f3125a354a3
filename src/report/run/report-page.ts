import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { columns, type TableRow } from './report-row.js';
import { counted, type RowState, rowStates, stateBadge, utcMinute } from './report-words.js';
import type { RunRecord } from './run-record.js';
import { html, SafeHtml } from './safe-html.js';

/** Style and script of the page, kept as files of their own so that tools can check them. */
export interface PageAssets {
  readonly style: string;
  readonly script: string;
}

export async function readPageAssets(): Promise<PageAssets> {
  const [style, script] = await Promise.all(
    ['page.css', 'page.js'].map((name) => readFile(new URL(name, import.meta.url), 'utf8')),
  );
  return { style: style ?? '', script: script ?? '' };
}

export interface PageSummary {
  readonly record: RunRecord;
  /** Rows of each state. */
  readonly counts: Readonly<Record<RowState, number>>;
  readonly regions: readonly string[];
}

/** Everything before the rows of the table. */
export function pageStart(summary: PageSummary, assets: PageAssets): SafeHtml {
  const { record } = summary;
  const title = `Lucency report, ${utcMinute(record.startedAt)}`;
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(assets)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new SafeHtml(assets.style)}</style>
</head>
<body>
<a class="skip" href="#images">Skip to the images</a>
<header><h1>Lucency report</h1>
<p class="quiet">${runLine(record)}</p>
<p class="notice"><strong>AI output: decision support and research tool, not a medical device.</strong> Not for diagnosis without a clinician who looks at the image. <a href="#limits">Limits</a></p></header>
<main>
<section aria-labelledby="images"><h2 id="images" tabindex="-1">Images, most urgent first</h2>
<noscript><p class="warning">Scripts are off: only the first images are listed and they cannot be opened here. Every picture lies in the folder “pictures” beside this page.</p></noscript>
${filterForm(summary)}
<p class="shown" role="status"></p>
<table class="images" role="table" aria-labelledby="images"><thead role="rowgroup"><tr role="row">${columns.map((name, index) => html`<th scope="col" role="columnheader"${index === 0 ? html` class="image-column"` : null}>${name}</th>`)}</tr></thead>
<tbody role="rowgroup">
`;
}

/** Closes the table after the rows that are shown at once. */
export function tableEnd(): SafeHtml {
  return html`</tbody></table>
<nav class="pages" aria-label="Pages of the table" hidden><button type="button" class="previous">Previous</button> <span class="page"></span> <button type="button" class="next">Next</button></nav>
</section>
`;
}

/** Rows as data of the page's script; `withHtml` for those that do not stand in the table yet. */
export function rowData(rows: readonly TableRow[], withHtml: boolean): SafeHtml {
  const data = rows.map(({ state, region, text, html: row }) => ({
    state,
    region,
    text,
    ...(withHtml ? { html: row.text } : {}),
  }));
  // "</script>", "<script" and "<!--" inside the data would end or change the element.
  const json = JSON.stringify(data)
    .replaceAll('</', '<\\/')
    .replace(/<(?=!--|script)/gi, '\\u003c');
  return html`<script type="application/json" class="rows">${new SafeHtml(json)}</script>\n`;
}

export function pageEnd(assets: PageAssets): SafeHtml {
  return html`</main>
<footer><p class="quiet">Made by Lucency. This page is complete in itself: it asks nothing of any server.</p></footer>
<script>${new SafeHtml(assets.script)}</script>
</body></html>
`;
}

function contentPolicy({ style, script }: PageAssets): string {
  const sum = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return [
    "default-src 'none'",
    "img-src data: file: 'self'",
    `style-src ${sum(style)}`,
    `script-src ${sum(script)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function runLine({ version, startedAt, finishedAt, resumedAt }: RunRecord): string {
  const end = finishedAt === null ? 'not finished' : `finished ${utcMinute(finishedAt)}`;
  const resumed = resumedAt.length > 0 ? `, resumed ${counted(resumedAt.length, 'time', 'times')}` : '';
  return `Lucency ${version}. Started ${utcMinute(startedAt)}${resumed}, ${end}.`;
}

function filterForm({ counts, regions }: PageSummary): SafeHtml {
  const states = rowStates.filter((state) => counts[state] > 0);
  return html`<form class="filter" role="search" aria-label="Filter the images">
<label class="find">Find <input type="search" class="text" placeholder="File name, study, type" autocomplete="off" spellcheck="false"></label>
<label>Region <select class="region"><option value="">all</option>${regions.map((region) => html`<option>${region}</option>`)}</select></label>
<fieldset><legend>Answer</legend>${states.map((state) => html`<label class="check"><input type="checkbox" class="state" value="${state}" checked> ${stateBadge(state)} <b>${counts[state].toLocaleString('en')}</b></label>`)}</fieldset>
</form>`;
}
