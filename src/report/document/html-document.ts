import { Buffer } from 'node:buffer';
import { html, SafeHtml } from '../run/safe-html.js';
import { isNumericColumn, type Table } from '../tables/table.js';
import { authorPrefix, type Block, type ReportDocument } from './blocks.js';
import { htmlStyle } from './html-style.js';

function tableHtml(table: Table): SafeHtml {
  const numbers = table.head.map((_, column) => isNumericColumn(table, column));
  const kind = (column: number) => (numbers[column] ? html` class="number"` : null);
  const head = table.head.map((cell, column) => html`<th scope="col"${kind(column)}>${cell}</th>`);
  const rows = table.rows.map((row) => {
    const cells = row.map((cell, column) =>
      column === 0 ? html`<th scope="row">${cell}</th>` : html`<td${kind(column)}>${cell}</td>`,
    );
    return html`<tr>${cells}</tr>\n`;
  });
  const notes = table.notes.map((note) => html`<p class="notes">${note}</p>\n`);
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${table.title}"><table><caption>${table.title}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${rows}</tbody></table></div>
${notes}`;
}

function blockHtml(block: Block, id: string): SafeHtml {
  switch (block.kind) {
    case 'heading':
      return block.level === 3
        ? html`<h3 id="${id}">${block.text}</h3>\n`
        : html`<h2 id="${id}">${block.text}</h2>\n`;
    case 'paragraph':
      return html`<p>${block.text}</p>\n`;
    case 'label':
      return html`<p class="label">${block.text}</p>\n`;
    case 'list':
      return html`<ul>${block.items.map((item) => html`<li>${item}</li>`)}</ul>\n`;
    case 'table':
      return tableHtml(block.table);
    case 'figure': {
      // As an image, so that nothing inside the SVG can run.
      const data = Buffer.from(block.svg, 'utf8').toString('base64');
      return html`<figure><img alt="${block.alternative}" src="data:image/svg+xml;base64,${data}"><figcaption>${block.caption}</figcaption></figure>\n`;
    }
    case 'notice':
      return html`<p class="notice">${block.text}</p>\n`;
    case 'author':
      return html`<p class="author"><strong>${authorPrefix}</strong>${block.text}</p>\n`;
  }
}

/** One page of HTML that needs nothing but itself: no scripts, no requests. */
export function htmlDocument({ title, subtitle, blocks }: ReportDocument): string {
  const sections = blocks.flatMap((block, index) =>
    block.kind === 'heading' && block.level === 2
      ? [html`<li><a href="#part-${index}">${block.text}</a></li>\n`]
      : [],
  );
  const body = blocks.map((block, index) => blockHtml(block, `part-${index}`));
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${new SafeHtml(htmlStyle)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p class="subtitle">${subtitle}</p>
<nav aria-label="Contents"><ul>
${sections}</ul></nav>
${body}</main>
</body>
</html>
`.text;
}
