import type { Card } from '../../models/card.js';
import { type AccuracyBlock, type AccuracyFigure, accuracyFor, capitalised } from './accuracy.js';
import { html, type SafeHtml } from './safe-html.js';

/** How often the models are right in one body region, as tables. */
export function accuracySection(region: string, cards: readonly Card[]): SafeHtml {
  const blocks = accuracyFor(region, cards);
  if (blocks.length === 0) {
    return html`<p class="warning">The cards of these models were not given, so nothing can be said of how often they are right.</p>`;
  }
  return html`${blocks.map((block) => accuracyBlock(block, region))}`;
}

function accuracyBlock(block: AccuracyBlock, region: string): SafeHtml {
  const heading = html`<h5>${block.question} <span class="quiet">${block.model}</span></h5>`;
  if (block.scope === 'none') {
    return html`${heading}<p class="warning">Not measured, neither for the region “${region}” nor overall. Treat the answer as untested.</p>`;
  }
  const warning =
    block.scope === 'all'
      ? html`<p class="warning">Not measured for the region “${region}” by itself. These figures are for all regions together.</p>`
      : null;
  return html`${heading}${warning}${figureTables(block.figures, block.task)}`;
}

/** Measured figures, each with its interval, grouped by what they were measured on. */
export function figureTables(figures: readonly AccuracyFigure[], task: Card['task']): SafeHtml {
  const groups = new Map<string, AccuracyFigure[]>();
  for (const figure of figures) {
    const measuredOn = measuredOnWords(figure, task);
    groups.set(measuredOn, [...(groups.get(measuredOn) ?? []), figure]);
  }
  return html`${[...groups].map(
    ([measuredOn, group]) => html`<table class="figures"><caption>Measured on ${measuredOn}</caption>
<thead><tr><th scope="col">Measure</th><th scope="col">Value (95 % interval)</th><th scope="col">In words</th></tr></thead>
<tbody>${group.map(figureRow)}</tbody></table>`,
  )}`;
}

function measuredOnWords({ result }: AccuracyFigure, task: Card['task']): string {
  const { set, subset, n, unit, positives } = result;
  const units =
    unit === 'box' ? (n === 1 ? 'box' : 'boxes') : `${unit.replace('-', ' ')}${n === 1 ? '' : 's'}`;
  const withFracture =
    positives === null || unit === 'fracture'
      ? ''
      : `, ${positives} ${task === 'region' ? 'positive' : 'with a fracture'}`;
  return `${set}, ${subset === 'all' ? 'all of it' : subset}: ${n} ${units}${withFracture}`;
}

function figureRow({ result, value, interval, meaning }: AccuracyFigure): SafeHtml {
  return html`<tr><th scope="row">${capitalised(result.metric)}</th><td>${value}${interval === null ? null : html` (${interval})`}</td><td>${meaning}</td></tr>`;
}
