import { type HtmlPart, html, SafeHtml } from '../run/safe-html.js';
import type { SiteContext } from './context.js';
import { pages, type Root } from './links.js';
import { sayDate } from './words.js';

export interface Page {
  readonly root: Root;
  /** Title of the page by itself; the name of the site is added. */
  readonly title: string;
  readonly description: string;
  readonly current: 'home' | 'sources' | 'models' | 'method' | 'answer';
  /** schema.org metadata. */
  readonly metadata: object;
  readonly main: SafeHtml;
  /** For pages of tables. */
  readonly wide?: boolean;
  /** Loads the search; only the index has it. */
  readonly withSearch?: boolean;
}

// The pages may load their own files and nothing else, and may send nothing anywhere.
const contentPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'";

/** JSON inside a script element: a `<` could end the element early. */
function embedJson(value: object): SafeHtml {
  return new SafeHtml(JSON.stringify(value).replaceAll('<', '\\u003c'));
}

function choice(name: string, value: string, label: string, checked: boolean): SafeHtml {
  const mark = new SafeHtml(checked ? ' checked' : '');
  const id = `${name}-${value}`;
  return html`<span class="choice"><input type="radio" name="${name}" id="${id}" value="${value}"${mark}><label for="${id}">${label}</label></span>`;
}

function readingOptions({ text: { options } }: SiteContext): SafeHtml {
  return html`<details class="options">
<summary>${options.title}</summary>
<div class="panel">
<fieldset><legend>${options.theme}</legend>
${choice('theme', 'auto', options.auto, true)}
${choice('theme', 'light', options.light, false)}
${choice('theme', 'dark', options.dark, false)}
</fieldset>
<fieldset><legend>${options.size}</legend>
${choice('size', 'normal', options.normal, true)}
${choice('size', 'large', options.large, false)}
${choice('size', 'larger', options.larger, false)}
</fieldset>
<button type="button" class="print" hidden>${options.print}</button>
</div>
</details>`;
}

function navigation(page: Page, { text: { nav } }: SiteContext): SafeHtml {
  const entries = [
    ['home', pages.home, nav.home],
    ['sources', pages.sources, nav.sources],
    ['models', pages.models, nav.models],
    ['method', pages.method, nav.method],
  ] as const;
  return html`<nav class="pages" aria-label="${nav.label}"><ul>
${entries.map(([id, address, name]) => {
  const current: HtmlPart = id === page.current ? new SafeHtml(' aria-current="page"') : null;
  return html`<li><a href="${page.root}${address}"${current}>${name}</a></li>\n`;
})}</ul></nav>`;
}

/** The whole page: head, header with reading options, main part, footer. Works without JavaScript, except the search. */
export function renderPage(page: Page, context: SiteContext): string {
  const { text, base, today } = context;
  const { locale } = base.wording.numbers;
  const search = page.withSearch
    ? html`<script src="${page.root}assets/minisearch.js" defer></script>
<script src="${page.root}assets/asking.js" defer></script>
<script src="${page.root}assets/questions.js" defer></script>
<script src="${page.root}assets/search.js" defer></script>
`
    : null;
  const document = html`<!doctype html>
<html lang="${base.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy}">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${page.title} | ${text.siteName}</title>
<meta name="description" content="${page.description}">
<link rel="icon" href="${page.root}assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${page.root}assets/site.css">
<script src="${page.root}assets/options.js"></script>
${search}<script type="application/ld+json">${embedJson(page.metadata)}</script>
</head>
<body>
<a class="skip" href="#main">${text.skip}</a>
<header class="site">
<div class="wide">
<a class="name" href="${page.root}${pages.home}"><svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><path d="M3 17 9 9l4 5 8-10"/></svg>${text.siteName}</a>
${navigation(page, context)}
${readingOptions(context)}
</div>
</header>
<main id="main" class="${page.wide ? 'tables' : 'text'}" tabindex="-1">
${page.main}
</main>
<footer class="site">
<div class="wide">
<p class="urgent"><strong>${text.answer.urgent}.</strong> ${base.wording.urgent}</p>
${
  page.current === 'answer'
    ? null
    : html`<p>${base.wording.disclaimer}</p>
`
}<p>${text.footer.notDevice} ${text.footer.noTracking}</p>
<p class="quiet">${text.footer.built.replace('{date}', sayDate(today, locale))}</p>
</div>
</footer>
</body>
</html>
`;
  return document.text;
}
