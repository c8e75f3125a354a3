import type { Reading } from '../../core/reading.js';
import { html, type SafeHtml } from './safe-html.js';

/** What limits a reading, in words, with the codes of the catalogue; null where nothing does. */
export function limitationList({ limitations = [] }: Reading): SafeHtml | null {
  if (limitations.length === 0) return null;
  return html`<h4>What limits this reading</h4><ul>${limitations.map(({ code, text }) => html`<li>${text} <code class="small">${code}</code></li>`)}</ul>`;
}
