import { citedIn } from '../../evidence/answer.js';
import { type ResolvedFact, resolveFact } from '../../evidence/facts.js';
import { fill } from '../../evidence/numbers.js';
import type { Study } from '../../evidence/study.js';
import { html, type SafeHtml } from '../run/safe-html.js';
import type { SiteContext } from './context.js';
import { renderPage } from './layout.js';
import { factAnchor, pages } from './links.js';
import { plainMetadata } from './metadata.js';
import { originalLinks } from './source-item.js';
import { sayDate } from './words.js';

/** A value in the unit of its source: shares as percentages with its decimals, all else as it is. */
function sayValue(fact: ResolvedFact, value: number, locale: string): string {
  if (fact.unit === 'proportion') return `${Number((value * 100).toFixed(fact.computed ? 1 : 2))}%`;
  if (fact.unit === 'difference') return `${value > 0 ? '+' : ''}${Number((value * 100).toFixed(1))}%`;
  if (fact.unit === 'count') return value.toLocaleString(locale);
  if (fact.unit === 'seconds') return `${value} s`;
  return String(value);
}

function factRow(study: Study, id: string, context: SiteContext): SafeHtml {
  const { sources } = context.text;
  const { locale } = context.base.wording.numbers;
  const fact = resolveFact(context.base.studies, `${study.id}/${id}`, context.statistics);
  const raw = study.facts[id];
  const counted = raw?.count
    ? ` (${raw.count[0].toLocaleString(locale)} / ${raw.count[1].toLocaleString(locale)})`
    : '';
  const interval = fact.interval?.map((bound) => sayValue(fact, bound, locale)).join('–');
  const how = [sources.hows[fact.how], fact.computed ? sources.computed : null, raw?.note ?? null];
  return html`<tr id="${factAnchor(study.id, id)}"><th scope="row">${fact.label}</th><td class="number">${sayValue(fact, fact.value, locale)}${counted}</td><td class="number">${interval ?? sources.noInterval}</td><td>${how.filter((part) => part !== null).join('; ')}</td></tr>
`;
}

function factTable(study: Study, context: SiteContext): SafeHtml | null {
  const ids = Object.keys(study.facts);
  if (ids.length === 0) return null;
  const { number, value, interval, how } = context.text.sources;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${number}: ${study.name}"><table class="facts"><thead><tr><th scope="col">${number}</th><th scope="col">${value}</th><th scope="col">${interval}</th><th scope="col">${how}</th></tr></thead><tbody>
${ids.map((id) => factRow(study, id, context))}</tbody></table></div>`;
}

function describe(study: Study, context: SiteContext): SafeHtml {
  const { rows, designs, testings, biasLevels } = context.text.sources;
  const published = [study.venue, study.year].filter((part) => part !== null).join(', ');
  const entries: [string, SafeHtml | string | null][] = [
    [rows.published, published || null],
    [
      rows.original,
      originalLinks(study).length > 0
        ? html`${originalLinks(study).map((link, index) => html`${index > 0 ? ', ' : ''}${link}`)}`
        : null,
    ],
    [rows.design, designs[study.design]],
    [rows.sample, study.sample],
    [rows.reference, study.referenceStandard],
    [rows.testing, study.testing === 'not-applicable' ? null : testings[study.testing]],
    [
      rows.bias,
      study.kind === 'study' || study.kind === 'benchmark'
        ? `${biasLevels[study.riskOfBias.level]}. ${study.riskOfBias.why}`
        : null,
    ],
    [rows.comparison, study.comparison],
  ];
  return html`<dl>
${entries.map(([name, value]) => (value === null ? null : html`<dt>${name}</dt><dd>${value}</dd>\n`))}</dl>`;
}

function checkedLine(study: Study, { text, base }: SiteContext): SafeHtml {
  const date = sayDate(study.checked, base.wording.numbers.locale);
  const addresses = study.checkedAt.map(
    (address) => html`<a href="${address}" rel="noreferrer">${new URL(address).hostname}</a>`,
  );
  const line =
    addresses.length > 0
      ? html`${fill(text.sources.checked, { date })} ${addresses.map((link, index) => html`${index > 0 ? ', ' : ''}${link}`)}.`
      : html`${fill(text.sources.checkedNotes, { date })}`;
  return html`<p class="quiet">${line}${study.identityVia === 'lookup' ? ` ${text.sources.lookedUp}` : ''}</p>`;
}

function usedIn(study: Study, context: SiteContext): SafeHtml {
  const users = [...context.base.answers.values()].filter((answer) => citedIn(answer).includes(study.id));
  if (users.length === 0) return html`<p class="quiet">${context.text.sources.notUsed}</p>`;
  return html`<details><summary>${context.text.sources.usedIn} (${users.length})</summary><ul>
${users.map(({ id, question }) => html`<li><a href="${pages.answer(id)}">${question}</a></li>\n`)}</ul></details>`;
}

function entry(study: Study, context: SiteContext): SafeHtml {
  const { text } = context;
  const statements = Object.entries(study.statements).map(
    ([id, statement]) =>
      html`<li id="${factAnchor(study.id, id)}">${statement.text} <span class="quiet">(${text.sources.hows[statement.how]})</span></li>\n`,
  );
  return html`<article class="entry" aria-labelledby="${study.id}">
<h3 id="${study.id}">${study.name}</h3>
<p>${study.title ? html`<cite>${study.title}</cite>` : html`<span class="quiet">${text.sources.noTitle}</span>`}</p>
${describe(study, context)}
${factTable(study, context)}
${statements.length > 0 ? html`<p class="label">${text.sources.inWords}</p><ul>${statements}</ul>` : null}
${study.limits.length > 0 ? html`<p class="label">${text.sources.limits}</p><ul>${study.limits.map((limit) => html`<li>${limit}</li>\n`)}</ul>` : null}
${usedIn(study, context)}
${checkedLine(study, context)}
</article>
`;
}

/** The page of all entries: every number of the site has its row here. */
export function sourcesPage(context: SiteContext): string {
  const { text, base } = context;
  const studies = [...base.studies.values()].sort((a, b) => a.name.localeCompare(b.name, base.language));
  const kinds = (['study', 'benchmark', 'rule', 'page', 'site'] as const).map((kind) => ({
    kind,
    entries: studies.filter((study) => study.kind === kind),
  }));
  const contents = kinds.map(
    ({ kind, entries }) => html`<li><a href="#${kind}">${text.sources.kinds[kind]}</a><ul>
${entries.map(({ id, name }) => html`<li><a href="#${id}">${name}</a></li>\n`)}</ul></li>
`,
  );
  const main = html`<h1>${text.sources.title}</h1>
<p class="lead">${text.sources.intro}</p>
<nav class="contents" aria-label="${text.sources.title}"><ul>
${contents}</ul></nav>
${kinds.map(
  ({
    kind,
    entries,
  }) => html`<section aria-labelledby="${kind}"><h2 id="${kind}">${text.sources.kinds[kind]}</h2>
${entries.map((study) => entry(study, context))}</section>
`,
)}`;
  const { title, intro } = text.sources;
  return renderPage(
    {
      root: '',
      wide: true,
      title,
      description: intro,
      current: 'sources',
      metadata: plainMetadata(title, intro, context),
      main,
    },
    context,
  );
}
