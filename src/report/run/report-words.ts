import { type Reading, verdictsByUrgency } from '../../core/reading.js';
import { html, type SafeHtml } from './safe-html.js';

/** The state of one row of the report: a verdict, or an input that could not be read. */
export type RowState = Reading['verdict'] | 'failed';

/** Most urgent first. */
export const rowStates: readonly RowState[] = [...verdictsByUrgency, 'failed'];

export const stateNames: Readonly<Record<RowState, string>> = {
  fracture: 'Fracture',
  infection: 'Infection',
  doubt: 'Doubtful',
  'no-fracture': 'No fracture found',
  'no-infection': 'No infection found',
  refused: 'Not read',
  failed: 'Error',
};

// Shapes as well as colours tell the states apart.
const stateMarks: Readonly<Record<RowState, string>> = {
  fracture: '■',
  infection: '■',
  doubt: '◧',
  'no-fracture': '□',
  'no-infection': '□',
  refused: '–',
  failed: '!',
};

export function stateBadge(state: RowState): SafeHtml {
  return html`<span class="badge ${state}"><span aria-hidden="true">${stateMarks[state]}</span> ${stateNames[state]}</span>`;
}

/** An ISO time as "2026-11-03 14:05 UTC". */
export function utcMinute(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** "1 image", "2 images". */
export function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** The file's own name and the folder it lies in. */
export function splitPath(input: string): { folder: string; name: string } {
  const at = Math.max(input.lastIndexOf('/'), input.lastIndexOf('\\')) + 1;
  return at === input.length
    ? { folder: '', name: input }
    : { folder: input.slice(0, at), name: input.slice(at) };
}
