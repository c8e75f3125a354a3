import { fill } from '../../evidence/numbers.js';
import { type HtmlPart, html, type SafeHtml } from '../run/safe-html.js';

/** Fills the places of a text with HTML: the words are escaped, the parts are as they are. */
export function fillHtml(template: string, parts: Readonly<Record<string, HtmlPart>>): SafeHtml {
  const pieces = template.split(/\{(\w+)\}/);
  return html`${pieces.map((piece, index) => (index % 2 === 0 ? piece : (parts[piece] ?? `{${piece}}`)))}`;
}

/** An ISO date as a person reads it, in the language of the page. */
export function sayDate(iso: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(`${iso}T00:00:00Z`),
  );
}

/** Plain text paragraphs. */
export function paragraphs(
  texts: readonly string[],
  values: Readonly<Record<string, string>> = {},
): SafeHtml {
  return html`${texts.map((text) => html`<p>${fill(text, values)}</p>\n`)}`;
}
