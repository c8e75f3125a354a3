import type { ResolvedFact } from './facts.js';
import type { NumberFormat } from './template.js';
import type { Wording } from './wording.js';

/** Fills `{name}` places of a wording. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/**
 * Whole number out of 100, as words: "93", "more than 99" or "fewer than 1" where rounding would claim certainty.
 * @param proportion 0 to 1
 */
export function outOf100(proportion: number, wording: Wording['numbers']): string {
  const rounded = Math.round(proportion * 100);
  if (rounded >= 100 && proportion < 1) return fill(wording.moreThan, { n: '99' });
  if (rounded <= 0 && proportion > 0) return fill(wording.fewerThan, { n: '1' });
  return String(rounded);
}

/** What is left of 100, so that the two numbers that a reader sees add up: 94.5 is said as 95, and the rest as 5. */
export function restOf100(proportion: number, wording: Wording['numbers']): string {
  const rounded = Math.round(proportion * 100);
  return outOf100(rounded > 0 && rounded < 100 ? 1 - rounded / 100 : 1 - proportion, wording);
}

function decimals(value: number, digits: number): string {
  return value.toFixed(digits);
}

function plain(fact: ResolvedFact, value: number, wording: Wording['numbers']): string {
  switch (fact.unit) {
    case 'count':
      return value.toLocaleString(wording.locale);
    case 'year':
      return String(value);
    case 'seconds':
      return decimals(value, value < 10 ? 1 : 0);
    case 'proportion':
    case 'difference':
      return String(Math.round(Math.abs(value) * 100));
    default:
      // As printed by the source: up to three decimals, without trailing zeros.
      return String(Number(decimals(value, 3)));
  }
}

/** Words for an interval of proportions: "50 to 78", "99 or more" or "up to 3" where rounding would say too much. */
export function rangeOutOf100([low, high]: readonly [number, number], wording: Wording['numbers']): string {
  const [from, to] = [outOf100(low, wording), outOf100(high, wording)];
  if (from === to) return from;
  if (!/^\d+$/.test(to)) return fill(wording.orMore, { n: from });
  if (!/^\d+$/.test(from)) return fill(wording.upTo, { n: to });
  return fill(wording.range, { low: from, high: to });
}

function bounds(fact: ResolvedFact, wording: Wording['numbers']): string {
  if (!fact.interval) return '';
  if (fact.unit === 'proportion' || fact.unit === 'difference') return rangeOutOf100(fact.interval, wording);
  const [low, high] = fact.interval;
  return fill(wording.range, { low: plain(fact, low, wording), high: plain(fact, high, wording) });
}

function automatic(fact: ResolvedFact, wording: Wording['numbers']): string {
  if (fact.unit === 'proportion') return fill(wording.of100, { n: outOf100(fact.value, wording) });
  if (fact.unit === 'seconds') return fill(wording.seconds, { n: plain(fact, fact.value, wording) });
  return plain(fact, fact.value, wording);
}

/** Says a fact as a person would, in one of the formats of the texts. */
export function sayNumber(fact: ResolvedFact, format: NumberFormat, wording: Wording['numbers']): string {
  switch (format) {
    case 'auto':
      return automatic(fact, wording);
    case 'of100':
      return fill(wording.of100, { n: outOf100(fact.value, wording) });
    case 'rest100':
      return fill(wording.of100, { n: restOf100(fact.value, wording) });
    case 'n100':
      return outOf100(Math.abs(fact.value), wording);
    case 'range':
      return bounds(fact, wording);
    case 'range100':
      return fill(wording.of100, { n: bounds(fact, wording) });
    case 'percent':
      return fill(wording.percent, { n: String(Number(decimals(fact.value * 100, 2))) });
  }
}
