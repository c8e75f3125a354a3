import type { Chance } from '../../evidence/answer.js';
import type { ChanceInput, ComposedChance, Hundred } from '../../evidence/compose-chance.js';
import { splitReference } from '../../evidence/facts.js';
import { peopleOf } from '../../evidence/natural-frequency.js';
import { fill } from '../../evidence/numbers.js';
import { html, type SafeHtml } from '../run/safe-html.js';
import type { SiteContext } from './context.js';
import { iconArray, legendPerson, peopleShapes } from './icon-array.js';
import { pages, type Root } from './links.js';
import { factLink } from './sentences.js';
import { fillHtml } from './words.js';

function percent(value: number): string {
  return `${String(Number((value * 100).toFixed(1)))}%`;
}

function rateLink(rate: ChanceInput, root: Root): SafeHtml {
  const said = percent(rate.value);
  if (rate.kind === 'own')
    return html`<a class="fact" href="${root}${pages.models}#${rate.source}">${said}</a>`;
  const { study, fact } = splitReference(rate.reference);
  return factLink(study, fact, said, root);
}

/** Where the two rates come from, in words. */
function sourceName({ sensitivity }: ComposedChance['inputs'], { base, text }: SiteContext): string {
  if (sensitivity.kind === 'own') return text.answer.ownRates;
  const { study } = splitReference(sensitivity.reference);
  return base.studies.get(study)?.name ?? study;
}

function picture(group: Hundred, id: string, words: Chance['words'], { text }: SiteContext): SafeHtml {
  const { right, wrong } = text.answer;
  return html`<figure class="hundred ${group.kind}">
${iconArray(id, group.right, group.picture)}
<figcaption><ul class="legend">
<li>${legendPerson('right')} ${group.people.right}: ${fill(right[group.kind], words)}</li>
<li>${legendPerson('wrong')} ${group.people.wrong}: ${fill(wrong[group.kind], words)}</li>
</ul></figcaption>
</figure>`;
}

/** Counts of 1,000 people, so that the sum can be followed with whole numbers. */
function workedOut(chance: ComposedChance, { text, base }: SiteContext): SafeHtml {
  const { words } = chance;
  const { sensitivity, specificity, before, positive, clear } = chance.inputs;
  const people = peopleOf(sensitivity.value, specificity.value, before, 1000);
  const say = (value: number) => value.toLocaleString(base.wording.numbers.locale);
  const sum = fill(text.answer.formula, {
    ...words,
    ill: say(people.ill),
    well: say(1000 - people.ill),
    found: say(people.found),
    missed: say(people.missed),
    alarms: say(people.falseAlarms),
    cleared: say(people.cleared),
    positive: (positive * 100).toFixed(0),
    clear: (clear * 100).toFixed(1),
  });
  return html`<details class="sum"><summary>${text.answer.workedOutTitle}</summary><p>${sum}</p></details>`;
}

/** The worked examples: what a positive and a clear result mean, in people of 100. */
export function chanceSection(
  chances: readonly ComposedChance[],
  root: Root,
  context: SiteContext,
): SafeHtml {
  const { text } = context;
  const blocks = chances.map(
    (chance, index) => html`<section class="chance">
<h3>${chance.setting}</h3>
<p>${chance.before}</p>
<div class="pair">
${chance.hundreds.map(
  (group) => html`<div>
<h4>${group.kind === 'positive' ? text.answer.ifPositive : text.answer.ifClear}</h4>
${picture(group, `people-${index + 1}-${group.kind}`, chance.words, context)}
<p>${group.sentence} ${group.range}</p>
</div>
`,
)}</div>
<p class="quiet">${fillHtml(text.answer.workedOut, {
      sensitivity: rateLink(chance.inputs.sensitivity, root),
      specificity: rateLink(chance.inputs.specificity, root),
      source: html`${sourceName(chance.inputs, context)}`,
    })} ${chance.note}</p>
${workedOut(chance, context)}
</section>
`,
  );
  const basis = chances[0]?.basis ?? null;
  return html`${peopleShapes}<p>${text.answer.chancesIntro}${basis ? html` <strong>${basis}</strong>` : null}</p>
${blocks}`;
}
