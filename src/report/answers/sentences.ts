import type { Piece, Sentence } from '../../evidence/sentence.js';
import { html, type SafeHtml } from '../run/safe-html.js';
import type { SiteContext } from './context.js';
import { factAnchor, pages, type Root } from './links.js';

/** A number of the text, linked to the row of the source list that it comes from. */
export function factLink(study: string, fact: string, said: string, root: Root): SafeHtml {
  return html`<a class="fact" href="${root}${pages.sources}#${factAnchor(study, fact)}">${said}</a>`;
}

function renderPiece({ text, fact }: Piece, root: Root): SafeHtml | string {
  return fact ? factLink(fact.study, fact.fact, text, root) : text;
}

/** The words of a sentence with its numbers linked. */
export function sentenceWords(sentence: Sentence, root: Root): SafeHtml {
  return html`${sentence.pieces.map((piece) => renderPiece(piece, root))}`;
}

/**
 * A sentence with its citation marks.
 * @param numbers number of each source on this page
 */
export function citedSentence(
  sentence: Sentence,
  numbers: ReadonlyMap<string, number>,
  root: Root,
  { text, base }: SiteContext,
): SafeHtml {
  const marks = sentence.cites.map((id) => {
    const number = numbers.get(id) ?? 0;
    const name = base.studies.get(id)?.name ?? id;
    return html`<a class="cite" href="#source-${number}" aria-label="${text.answer.sources} ${number}: ${name}">${number}</a>`;
  });
  const gap = sentence.gap
    ? html` <a class="gap" href="${root}${pages.sources}">(${text.answer.gapLink})</a>`
    : null;
  const cites = marks.length > 0 ? html`<span class="cites">${marks}</span>` : null;
  return html`${sentenceWords(sentence, root)}${cites}${gap}`;
}
