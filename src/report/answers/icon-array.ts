import { html, SafeHtml } from '../run/safe-html.js';

const columns = 20;
const cell = { width: 12, height: 22 } as const;

/** A person: head and shoulders, 10 x 19 units. Hollow people carry a dot, so that the picture needs no colour. */
const shape = '<circle cx="6" cy="5" r="3.1"/><path d="M1.6 19.4v-4.6a4.4 4.4 0 0 1 8.8 0v4.6z"/>';

/** The two kinds of people, drawn once on a page; pictures and legends refer to them. */
export const peopleShapes = new SafeHtml(
  `<svg class="shapes" aria-hidden="true" width="0" height="0"><symbol id="right" viewBox="0 0 12 21"><g class="right">${shape}</g></symbol>` +
    `<symbol id="wrong" viewBox="0 0 12 21"><g class="wrong">${shape}<circle class="dot" cx="6" cy="14.6" r="1.5"/></g></symbol></svg>`,
);

/**
 * A hundred people, `right` of them filled, the others hollow with a dot. Named by its words for those who cannot see it.
 * @param id unique on the page
 */
export function iconArray(id: string, right: number, words: string): SafeHtml {
  const people = Array.from({ length: 100 }, (_, index) => {
    const x = (index % columns) * cell.width;
    const y = Math.floor(index / columns) * cell.height;
    const kind = index < right ? 'right' : 'wrong';
    return html`<use href="#${kind}" x="${x}" y="${y}" width="12" height="21"/>`;
  });
  const [width, height] = [columns * cell.width, (100 / columns) * cell.height];
  return html`<svg class="people" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}"><title id="${id}">${words}</title>${people}</svg>`;
}

/** One person for the legend. */
export function legendPerson(kind: 'right' | 'wrong'): SafeHtml {
  return html`<svg class="person" viewBox="0 0 12 21" aria-hidden="true"><use href="#${kind}"/></svg>`;
}
