import { identifierAddress, type Study } from '../../evidence/study.js';
import { html, type SafeHtml } from '../run/safe-html.js';
import type { SiteContext } from './context.js';
import { pages, type Root } from './links.js';

const schemeNames = { doi: 'DOI ', pmc: '', pubmed: 'PubMed ', fda: 'FDA ', cfr: '', eu: '' } as const;

/** Where the original can be read: identifiers first, then the addresses at which the entry was checked. */
export function originalLinks(study: Study): SafeHtml[] {
  return study.identifiers.map(
    (identifier) =>
      html`<a href="${identifierAddress(identifier)}" rel="noreferrer">${schemeNames[identifier.scheme]}${identifier.value}</a>`,
  );
}

/** One line of the sources of an answer: name, title, venue, link to the entry and to the original. */
export function sourceItem(id: string, number: number, root: Root, { base, text }: SiteContext): SafeHtml {
  const study = base.studies.get(id);
  if (!study) return html``;
  const [readAt] = study.checkedAt;
  const original =
    originalLinks(study)[0] ??
    (readAt ? html`<a href="${readAt}" rel="noreferrer">${text.answer.readAt}</a>` : null);
  const published = [
    study.venue,
    study.year && !study.name.includes(String(study.year)) ? String(study.year) : null,
  ]
    .filter((part) => part !== null)
    .join(', ');
  return html`<li id="source-${number}"><strong>${study.name}.</strong> ${study.title ? html`<cite>${study.title}.</cite> ` : null}${published ? `${published}. ` : ''}<span class="links"><a href="${root}${pages.sources}#${id}">${text.answer.sourceEntry}</a>${original ? html` · ${original}` : null}</span></li>
`;
}
