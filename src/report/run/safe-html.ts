/** A piece of HTML in which every string from outside has been escaped. */
export class SafeHtml {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type HtmlPart = SafeHtml | string | number | null | readonly HtmlPart[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes a string for text and for quoted attributes; control characters, which HTML forbids, become U+FFFD. */
export function escapeHtml(text: string): string {
  return text

    .replace(/[&<>"']/g, (character) => entities[character] ?? '')
    .replace(/[^\P{Cc}\t\n]/gu, '\ufffd');
}

/**
 * Template tag: what is filled in is escaped unless it is `SafeHtml` itself; lists are joined, null leaves nothing.
 * Attributes must stand in quotes.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): SafeHtml {
  const text = strings.reduce((all, string, index) => {
    const part = parts[index];
    return all + string + (part === undefined ? '' : render(part));
  }, '');
  return new SafeHtml(text);
}

function render(part: HtmlPart): string {
  if (part === null) return '';
  if (part instanceof SafeHtml) return part.text;
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return String(part);
  return part.map(render).join('');
}
