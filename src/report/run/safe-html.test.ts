import { describe, expect, it } from 'vitest';
import { escapeHtml, html } from './safe-html.js';

describe('safe HTML', () => {
  it('escapes what is filled in, in text and in attributes', () => {
    const hostile = `<img src=x onerror="alert('1')">&amp;`;
    expect(html`<p title="${hostile}">${hostile}</p>`.text).toBe(
      '<p title="&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;amp;">&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;amp;</p>',
    );
  });

  it('joins pieces and lists without escaping them twice', () => {
    const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`);
    expect(html`<ul>${items}</ul>${null}${3}`.text).toBe('<ul><li>a</li><li>&lt;b&gt;</li></ul>3');
  });

  it('replaces control characters, which HTML forbids', () => {
    expect(escapeHtml('a\0b\u001bc\td\n')).toBe('a\ufffdb\ufffdc\td\n');
  });
});
