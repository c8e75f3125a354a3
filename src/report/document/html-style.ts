/** Style sheet of documents; light and dark, and fit for paper. */
export const htmlStyle = `
:root { color-scheme: light dark; --text: #1a2128; --page: #ffffff; --quiet: #55606b; --line: #ccd3da;
  --author: #7a4b00; --author-back: #fff6e2; --notice: #8a1c1c; --notice-back: #fdeeee; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6eaee; --page: #14181c; --quiet: #a7b1bb; --line: #3a434c;
    --author: #ffcf7a; --author-back: #33270f; --notice: #ffb3b3; --notice-back: #3a1717; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 16px/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.35rem; margin: 2.5rem 0 .5rem; padding-top: .75rem; border-top: 2px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.6rem 0 .15rem; }
p, ul { margin: .45rem 0; }
.subtitle, .label, figcaption, .notes { color: var(--quiet); }
.label, .notes, figcaption { font-size: .875rem; }
.author, .notice { border-left: 4px solid; padding: .5rem .8rem; margin: .6rem 0; }
.author { color: var(--author); background: var(--author-back); }
.notice { color: var(--notice); background: var(--notice-back); }
.scroll { overflow-x: auto; margin: .8rem 0 .2rem; }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: .35rem; }
th, td { text-align: left; vertical-align: top; padding: .28rem .9rem .28rem 0; border-bottom: 1px solid var(--line); }
thead th { border-bottom: 2px solid var(--text); }
tbody th { font-weight: 400; }
.number { text-align: right; white-space: nowrap; }
figure { margin: 1rem 0; }
figure img { max-width: 100%; height: auto; background: #ffffff; border: 1px solid var(--line); }
nav ul { columns: 2; padding-left: 1.1rem; }
a { color: inherit; }
@media print { main { max-width: none; padding: 0; } h2, h3 { break-after: avoid; } table, figure { break-inside: avoid; } nav { display: none; } }
`;
