import type { Card } from '../../models/card.js';
import { capitalised, figureOf } from './accuracy.js';
import { html, type SafeHtml } from './safe-html.js';

type Result = Card['results'][number];

/** What the card of a reader of volumes measured: of all cases first, of parts of them on request. */
export function volumeFigures(results: readonly Result[]): SafeHtml {
  const ofAll = results.filter(({ subset }) => subset === 'all');
  const subsets = [...new Set(results.map(({ subset }) => subset))].filter((subset) => subset !== 'all');
  return html`${figureTable('all cases', ofAll)}${
    subsets.length > 0
      ? html`<details><summary>Parts of the set</summary>${subsets.map((subset) =>
          figureTable(
            subset,
            results.filter((result) => result.subset === subset),
          ),
        )}</details>`
      : null
  }`;
}

function figureTable(subset: string, results: readonly Result[]): SafeHtml | null {
  if (results.length === 0) return null;
  const sets = [...new Set(results.map(({ set }) => set))];
  return html`<table class="figures"><caption>${capitalised(subset)}. Measured on ${sets.join('; ')}</caption>
<thead><tr><th scope="col">Measure</th><th scope="col">Value (95 % interval)</th><th scope="col">Cases</th><th scope="col">Remark</th></tr></thead>
<tbody>${results.map(figureRow)}</tbody></table>`;
}

function figureRow(result: Result): SafeHtml {
  const { value, interval } = figureOf(result);
  const remark = [
    result.simulated ? 'Simulated: says nothing of patients.' : '',
    result.note ? `${capitalised(result.note)}.`.replace(/([.!?])\.$/, '$1') : '',
  ];
  return html`<tr><th scope="row">${capitalised(result.metric)}</th><td>${value}${interval === null ? null : html` (${interval})`}</td><td>${result.n}</td><td>${remark.filter((words) => words !== '').join(' ')}</td></tr>`;
}
