import type { OwnFigure } from '../../evidence/own-accuracy.js';
import type { Card } from '../../models/card.js';
import { type HtmlPart, html, type SafeHtml } from '../run/safe-html.js';
import type { SiteContext } from './context.js';
import { evaluationSource } from './evaluation-figures.js';
import { renderPage } from './layout.js';
import { plainMetadata } from './metadata.js';

type Result = Card['results'][number];

function sayInterval(interval: readonly [number, number] | null, none: string): string {
  return interval ? interval.map((bound) => bound.toFixed(3)).join('–') : none;
}

function table(name: string, heads: readonly string[], rows: readonly (readonly HtmlPart[])[]): SafeHtml {
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${name}"><table class="facts"><thead><tr>
${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>
${rows.map(([first = '', ...rest]) => html`<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>\n`)}</tbody></table></div>`;
}

/** One row per body part and model: what it scored, and the two rates of each operating point. */
function byBodyPart(all: readonly OwnFigure[], { text: { models }, base }: SiteContext): SafeHtml {
  // Place and type are counted in breaks and not in images: they stand with the results of their models.
  const figures = all.filter(({ metric }) => metric !== 'place' && metric !== 'type');
  if (figures.length === 0) return html`<p>${models.byPartNone}</p>`;
  const rows = new Map<string, OwnFigure[]>();
  for (const figure of [...figures].sort((a, b) => a.rank - b.rank)) {
    const key = JSON.stringify([figure.subset, figure.source, figure.set]);
    rows.set(key, [...(rows.get(key) ?? []), figure]);
  }
  const parts = [...new Set(figures.map(({ subset }) => subset))].sort(
    (a, b) => Number(b === 'all') - Number(a === 'all') || (a < b ? -1 : 1),
  );
  const say = (row: readonly OwnFigure[], metric: OwnFigure['metric'], point: OwnFigure['point']) => {
    const figure = row.find((entry) => entry.metric === metric && entry.point === point);
    if (!figure) return '';
    const range = figure.interval?.map((bound) => bound.toFixed(2)).join('–') ?? models.noInterval;
    return html`${figure.value.toFixed(2)}<br><span class="number quiet">${range}</span>`;
  };
  const cells = parts.flatMap((part) =>
    [...rows.values()].flatMap((row) => {
      const [first] = row;
      if (!first || first.subset !== part) return [];
      return [
        [
          base.wording.own.subsets[part] ?? part,
          html`<a href="#${first.source}">${first.source}</a>${first.simulated ? ` (${models.simulated})` : ''}`,
          say(row, 'auc', null),
          say(row, 'sensitivity', 'doubtful'),
          say(row, 'specificity', 'doubtful'),
          say(row, 'sensitivity', 'definite'),
          say(row, 'specificity', 'definite'),
          first.n,
        ],
      ];
    }),
  );
  const { auc, sensitivityWithDoubt, specificityWithDoubt, sensitivitySure, specificitySure } =
    models.columns;
  return html`<p>${models.byPartIntro}</p>
${table(
  models.byPart,
  [
    models.part,
    models.model,
    auc,
    sensitivityWithDoubt,
    specificityWithDoubt,
    sensitivitySure,
    specificitySure,
    models.images,
  ],
  cells,
)}`;
}

function resultRow(result: Result, { text: { models } }: SiteContext): HtmlPart[] {
  return [
    result.subset,
    result.metric,
    result.value.toFixed(3),
    sayInterval(result.interval, models.noInterval),
    `${result.set}${result.simulated ? ` (${models.simulated})` : ''}`,
    `${result.n} (${result.unit})`,
  ];
}

function list(title: string, items: readonly string[]): SafeHtml | null {
  if (items.length === 0) return null;
  return html`<p class="label">${title}</p><ul>${items.map((item) => html`<li>${item}</li>\n`)}</ul>`;
}

function cardEntry(card: Card, context: SiteContext): SafeHtml {
  const { models } = context.text;
  const taught = card.training.data.map(
    ({ name, images, split, licence }) => `${name}: ${images} images, ${split} (${licence})`,
  );
  return html`<article class="entry" aria-labelledby="${card.id}">
<h3 id="${card.id}">${card.title}</h3>
${card.simulatedOnly ? html`<p class="warning">${models.simulatedOnly}</p>` : null}
<dl>
<dt>${models.model}</dt><dd>${card.id}</dd>
<dt>${models.version}</dt><dd>${card.version}</dd>
<dt>${models.task}</dt><dd>${models.tasks[card.task]} (${card.architecture})</dd>
<dt>${models.licence}</dt><dd>${card.licence}</dd>
<dt>${models.use}</dt><dd>${card.intendedUse}</dd>
</dl>
${list(models.notFor, card.notFor)}
${list(models.limits, card.limits)}
${list(models.taught, taught)}
<details><summary>${models.results} (${card.results.length})</summary>
${table(
  `${models.results}: ${card.title}`,
  [models.part, models.metric, models.value, models.interval, models.set, models.images],
  card.results.map((result) => resultRow(result, context)),
)}
</details>
</article>
`;
}

/** The page of model facts: accuracy per body part, then every card. */
export function modelsPage(context: SiteContext): string {
  const { text, cards, own } = context;
  const { title, intro } = text.models;
  const ownEvaluation = own.find(({ source }) => source === evaluationSource);
  const evaluated = ownEvaluation
    ? html`<article class="entry" aria-labelledby="${evaluationSource}"><h3 id="${evaluationSource}">${text.models.evaluation}</h3>
<p>${text.models.evaluationAbout} ${ownEvaluation.set}</p></article>
`
    : null;
  const facts =
    cards.length === 0 && own.length === 0
      ? html`<p class="notice">${text.models.none}</p>`
      : html`<section aria-labelledby="by-part"><h2 id="by-part">${text.models.byPart}</h2>
${byBodyPart(own, context)}</section>
<section aria-labelledby="all-models"><h2 id="all-models">${text.models.all}</h2>
${evaluated}${cards.map((card) => cardEntry(card, context))}</section>`;
  const main = html`<h1>${title}</h1>
<p class="lead">${intro}</p>
<p class="notice">${text.models.notDevice}</p>
${facts}`;
  return renderPage(
    {
      root: '',
      wide: true,
      title,
      description: intro,
      current: 'models',
      metadata: plainMetadata(title, intro, context),
      main,
    },
    context,
  );
}
