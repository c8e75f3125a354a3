import { isVolumeKind } from '../../core/reader-kinds.js';
import type { ModelUse } from '../../core/reading.js';
import type { Card } from '../../models/card.js';
import { figureOf } from './accuracy.js';
import { figureTables } from './report-accuracy.js';
import { html, type SafeHtml } from './safe-html.js';
import { volumeFigures } from './volume-accuracy.js';

/** The models of a run with the facts of their cards. */
export function modelsSection(models: readonly ModelUse[], cards: readonly Card[]): SafeHtml {
  return html`<section aria-labelledby="models"><h2 id="models">Models</h2>
${models.map((model) =>
  modelEntry(
    model,
    cards.find((card) => card.id === model.id),
  ),
)}</section>`;
}

function modelEntry(model: ModelUse, card: Card | undefined): SafeHtml {
  const simulated = card?.simulatedOnly || model.trainedOnSimulatedDataOnly;
  const badge = simulated ? html` <span class="badge simulated">trained on simulated data only</span>` : null;
  if (!card) {
    return html`<details class="model"><summary>${model.id} ${model.version}${badge}</summary><p class="warning">Its card was not given.</p><p>Sum: <code>${model.sha256}</code></p></details>`;
  }
  const facts: [string, string][] = [
    ['Use', card.intendedUse],
    [
      'Architecture',
      `${card.architecture}${card.parameters > 0 ? `, ${card.parameters.toLocaleString('en')} parameters` : ''}`,
    ],
    ['Training', `${card.training.protocol} (labels: ${card.training.labelledBy})`],
    ['Licence', card.licence],
    ['Sum (SHA-256)', model.sha256],
  ];
  return html`<details class="model"><summary>${card.title} <span class="quiet">${card.id} ${model.version}</span>${badge}</summary>
<dl>${facts.map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>`)}</dl>
<h3>Data that it was trained on</h3><ul>${card.training.data.map(
    (set) =>
      html`<li>${set.name}${set.simulated ? ' (simulated)' : ''}: ${set.images.toLocaleString('en')} images, ${set.split}. ${set.licence}. ${set.citation}</li>`,
  )}</ul>
<h3>Measured results</h3>${card.results.length > 0 ? resultTables(card) : html`<p class="warning">None: how often it is right has not been measured.</p>`}
${list('Limits', card.limits)}${list('Not for', card.notFor)}</details>`;
}

function resultTables({ task, results }: Card): SafeHtml {
  return isVolumeKind(task) ? volumeFigures(results) : figureTables(results.map(figureOf), task);
}

function list(title: string, items: readonly string[]): SafeHtml | null {
  return items.length === 0
    ? null
    : html`<h3>${title}</h3><ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

/** The limits of the run in plain words; what one card says twice stands once. */
export function limitsSection(cards: readonly Card[]): SafeHtml {
  const ofCards = [...new Set(cards.flatMap((card) => [...card.limits]))];
  const notFor = [...new Set(cards.flatMap((card) => [...card.notFor]))];
  const simulated = cards.some((card) => card.simulatedOnly);
  return html`<section aria-labelledby="limits"><h2 id="limits">Limits, in plain words</h2>
<p><strong>Decision support and research tool, not a medical device.</strong> A clinician must look at every image; nothing here is a diagnosis.</p>
<ul>
<li>“No fracture found” does not mean that there is none. Some fractures are not seen by the models, and some cannot be seen on a radiograph at all.</li>
<li>A box may mark something that is no fracture. The percentages say how likely it is, on images like those the models were tuned on; on images of another hospital, machine or age group they may be off.</li>
<li>Heat maps show where a network looked, not where the bone is broken.</li>
${simulated ? html`<li>At least one model of this run was trained on simulated images only. What it says of a real image has not been shown to be right.</li>` : null}
${ofCards.map((limit) => html`<li>${limit}</li>`)}</ul>
${notFor.length > 0 ? html`<p>The models must not be used for:</p><ul>${notFor.map((use) => html`<li>${use}</li>`)}</ul>` : null}</section>`;
}
