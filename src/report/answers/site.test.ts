import { beforeAll, describe, expect, it } from 'vitest';
import { type EvidenceBase, loadEvidence } from '../../evidence/evidence-base.js';
import { buildSite, type SiteFiles } from './site.js';

const today = '2026-11-25';
const base = loadEvidence();
let files: SiteFiles;
const page = (name: string) => String(files.get(name));
const htmlPages = () => [...files.keys()].filter((name) => name.endsWith('.html'));

beforeAll(async () => {
  files = await buildSite({ base, cards: [], today });
});

function hrefs(html: string): string[] {
  return [...html.matchAll(/<a [^>]*href="([^"]*)"/g)].map((match) => match[1] ?? '');
}

describe('the site', () => {
  it('has a page for each question, an index, sources, model facts and the method', () => {
    for (const id of base.answers.keys()) expect(files.has(`answers/${id}.html`)).toBe(true);
    for (const name of ['index.html', 'sources.html', 'models.html', 'method.html'])
      expect(files.has(name)).toBe(true);
  });

  it('leads nowhere that is not there: every inner link and anchor resolves', () => {
    for (const name of htmlPages()) {
      for (const href of hrefs(page(name))) {
        if (/^https?:/.test(href)) continue;
        const url = new URL(href, `https://site.test/${name}`);
        const target = url.pathname.slice(1);
        expect({ name, href, there: files.has(target) }).toEqual({ name, href, there: true });
        if (url.hash) {
          const anchor = `id="${decodeURIComponent(url.hash.slice(1))}"`;
          expect({ name, href, anchored: page(target).includes(anchor) }).toEqual({
            name,
            href,
            anchored: true,
          });
        }
      }
    }
  });

  it('traces every number of a text by a link to the row of its source', () => {
    for (const id of base.answers.keys()) {
      const html = page(`answers/${id}.html`);
      const texts = [
        ...html.matchAll(/<div class="short">[\s\S]*?<\/div>/g),
        ...html.matchAll(/<ul class="findings">[\s\S]*?<\/ul>/g),
        ...html.matchAll(/<div class="claim [\s\S]*?<\/div>/g),
        ...html.matchAll(/<h2 id="unknown">[\s\S]*?<\/ul>/g),
      ].map(([match]) => match);
      expect(texts.length).toBeGreaterThanOrEqual(3);
      for (const text of texts) {
        const bare = text
          .replace(/<a [\s\S]*?<\/a>/g, '')
          .replace(/<[^>]*>|&#\d+;/g, '')
          .replace(/\b3D\w*/g, '');
        expect({ id, digits: bare.match(/\d+/g) }).toEqual({ id, digits: null });
      }
    }
  });

  it('shows for each number of the sources how it is known, and where the original is', () => {
    const sources = page('sources.html');
    for (const study of base.studies.values()) {
      for (const fact of Object.keys(study.facts)) expect(sources).toContain(`id="${study.id}.${fact}"`);
      for (const { value } of study.identifiers) expect(sources).toContain(value);
    }
    expect(sources).toContain('counts worked out from the printed rates; value and range computed here');
    expect(sources).toContain('92.1% (291 / 316)');
    expect(sources).toContain('88.6%–94.6%');
  });

  it('loads nothing from elsewhere and forbids it', () => {
    for (const name of htmlPages()) {
      const html = page(name);
      expect(html).toContain('default-src &#39;none&#39;');
      for (const [, address] of html.matchAll(
        /<(?:script|link|img|source|iframe)[^>]*(?:src|href)="([^"]*)"/g,
      )) {
        expect(address).toMatch(/^(\.\.\/)?assets\//);
        expect(files.has((address ?? '').replace('../', ''))).toBe(true);
      }
      expect(html).not.toMatch(/ style="| on[a-z]+="/);
    }
    expect(page('assets/site.css')).not.toMatch(/url\("?(https?:|\/\/)|@import/);
    for (const script of ['options', 'search', 'asking']) {
      expect(page(`assets/${script}.js`)).not.toMatch(
        /fetch\(|XMLHttpRequest|sendBeacon|document\.cookie|WebSocket|innerHTML/,
      );
    }
  });

  it('describes itself as MedicalWebPage and FAQPage', () => {
    const metadata = (name: string) =>
      JSON.parse(/<script type="application\/ld\+json">([\s\S]*?)<\/script>/.exec(page(name))?.[1] ?? '{}');
    const answer = metadata('answers/ankle-and-foot.html');
    expect(answer['@context']).toBe('https://schema.org');
    const [medical, faq] = answer['@graph'];
    expect([medical['@type'], medical.lastReviewed, faq['@type']]).toEqual([
      'MedicalWebPage',
      '2026-11-25',
      'FAQPage',
    ]);
    expect(faq.mainEntity[0].name).toBe('How accurate is AI for a broken ankle or foot?');
    expect(faq.mainEntity[0].acceptedAnswer.text).toContain('93 out of 100');
    expect(medical.citation.length).toBeGreaterThan(0);
    expect(metadata('index.html')['@graph'][1].mainEntity).toHaveLength(base.answers.size);
  });

  it('says plainly that it has no accuracy of its own when it was built without models', () => {
    expect(page('answers/wrist.html')).toContain('has no test results in this copy');
    expect(page('models.html')).toContain('built without models');
  });

  it('carries the disclaimer, the urgent signs and the review date on every answer', () => {
    for (const id of base.answers.keys()) {
      const html = page(`answers/${id}.html`);
      expect(html).toContain(base.wording.disclaimer);
      expect(html).toContain(base.wording.urgent);
      expect(html).toContain('Last reviewed November 2');
    }
  });

  it('escapes what stands in the data', async () => {
    const kuo = base.studies.get('kuo-2022');
    if (!kuo) throw new Error('the entry is part of the base');
    const name = '</script><img src=x onerror="alert(1)">&';
    const studies = new Map(base.studies).set(kuo.id, { ...kuo, name, title: name });
    const odd = await buildSite({ base: { ...base, studies } satisfies EvidenceBase, cards: [], today });
    for (const [file, content] of odd) {
      if (!file.endsWith('.html')) continue;
      expect(String(content)).not.toContain('<img');
      const metadata =
        /<script type="application\/ld\+json">([\s\S]*?)<\/script>/.exec(String(content))?.[1] ?? '';
      expect(() => JSON.parse(metadata)).not.toThrow();
    }
  });

  it('refuses to be built with an answer past its review date', async () => {
    await expect(buildSite({ base, cards: [], today: '2027-11-26' })).rejects.toMatchObject({
      code: 'LUC_ANSWERS_CHECK_FAILED',
    });
  });
});
