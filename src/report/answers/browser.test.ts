import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadEvidence } from '../../evidence/evidence-base.js';
import { buildSite } from './site.js';
import { writeSite } from './write-site.js';

const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (!program) console.log('No Chromium is installed: the pages are not tried in a browser.');

const phone = { width: 390, height: 844 };
const base = loadEvidence();
/** One page of each make: all parts, corrections, no chance, a gap in the evidence, and the pages of tables. */
const kinds = [
  'index',
  'sources',
  'models',
  'method',
  'answers/can-ai-classify-and-locate',
  'answers/ankle-and-foot',
  'answers/heat-map',
  'answers/hip',
];

describe.skipIf(!program)('the pages in a browser', () => {
  let browser: Browser;
  let folder = '';

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'answers-'));
    await writeSite(folder, await buildSite({ base, cards: [], today: '2026-11-25' }), { force: false });
    browser = await chromium.launch({
      executablePath: program ?? '',
      args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens a page and notes what goes wrong in it, and what it asks for. */
  async function open(name: string, options: BrowserContextOptions = {}) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const faults: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
    });
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(path.join(folder, `${name}.html`)).href);
    return { context, page, faults, requests };
  }

  async function violations(page: Page): Promise<string[]> {
    const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    await page.evaluate(axe);
    const results: AxeResults = await page.evaluate(
      `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
    );
    return results.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target }) => `${id}: ${target.join(' ')}`),
    );
  }

  const schemes = [
    ['light', { width: 1280, height: 900 }],
    ['dark', phone],
  ] as const;
  const shown = schemes.flatMap(([colours, viewport]) => kinds.map((name) => ({ name, colours, viewport })));

  it.each(shown)(
    '$name is accessible (axe-core, WCAG 2.2 AA) in $colours colours',
    async ({ name, colours, viewport }) => {
      const { context, page, faults } = await open(name, { colorScheme: colours, viewport });
      expect([...faults, ...(await violations(page))]).toEqual([]);
      await context.close();
    },
  );

  it('are accessible when folded parts are open and a reply is shown', async () => {
    for (const question of [
      'my bone is sticking out',
      'I want to die',
      'is my wrist broken',
      'broken ankle',
      'capital of France',
    ]) {
      const { context, page } = await open('index', { viewport: phone });
      await page.click('.options summary');
      await page.fill('#question', question);
      await page.press('#question', 'Enter');
      await page.waitForSelector('#reply .box');
      expect(await violations(page)).toEqual([]);
      await context.close();
    }
  });

  it('ask for nothing but their own files', async () => {
    const { context, page, requests } = await open('index');
    await page.fill('#question', 'broken ankle');
    await page.press('#question', 'Enter');
    await page.waitForSelector('#reply .box');
    const own = pathToFileURL(folder).href;
    expect(requests.filter((url) => !url.startsWith(own))).toEqual([]);
    expect(await context.cookies()).toEqual([]);
    await context.close();
  });

  it('find the answer to a misspelt question, and show an emergency as one', async () => {
    const { context, page } = await open('index');
    const ask = async (question: string) => {
      await page.fill('#question', question);
      await page.press('#question', 'Enter');
      return (await page.locator('#reply').textContent()) ?? '';
    };
    const found = await ask('brocken ankel ai');
    expect(found).toContain('How accurate is AI for a broken ankle or foot?');
    expect(found).toContain('AI caught 93 out of 100 ankle and foot breaks.');
    expect(await ask('my bone is sticking out')).toContain('Call your local emergency number now');
    expect(await ask('hueso roto')).toContain('We answer in English for now.');
    expect(await page.locator('#reply p[lang="es"]').count()).toBe(2);
    expect(await ask('<img src=x onerror=alert(1)> wrist')).toContain('wrist');
    expect(await page.locator('#reply img').count()).toBe(0);
    await ask('broken ankle');
    await page.click('#reply .best a');
    expect(page.url()).toContain('answers/ankle-and-foot.html');
    await context.close();
  });

  it('work without JavaScript, but for the search: links, colours, text size', async () => {
    const { context, page } = await open('index', { javaScriptEnabled: false });
    expect(await page.locator('.topic li a').count()).toBe(base.answers.size);
    expect(await page.locator('form.search noscript').textContent()).toContain(
      'All questions stand in the list below',
    );
    const style = (what: string) =>
      page
        .locator('html')
        .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), what);
    const light = await page.locator('body').evaluate((element) => getComputedStyle(element).backgroundColor);
    const size = await style('font-size');
    await page.click('.options summary');
    await page.check('#theme-dark');
    await page.check('#size-larger');
    expect(
      await page.locator('body').evaluate((element) => getComputedStyle(element).backgroundColor),
    ).not.toBe(light);
    expect(Number.parseFloat(await style('font-size'))).toBeGreaterThan(Number.parseFloat(size) * 1.3);
    await context.close();
  });

  it('keep the chosen colours and text size from page to page', async () => {
    const { context, page } = await open('index');
    await page.click('.options summary');
    await page.check('#theme-dark');
    await page.check('#size-large');
    await page.goto(pathToFileURL(path.join(folder, 'sources.html')).href);
    expect(await page.locator('html').evaluate(({ dataset }) => [dataset.theme, dataset.size])).toEqual([
      'dark',
      'large',
    ]);
    expect(await page.locator('#theme-dark').isChecked()).toBe(true);
    const ground = await page
      .locator('body')
      .evaluate((element) => getComputedStyle(element).backgroundColor);
    expect(ground).toBe('rgb(18, 25, 28)');
    await context.close();
  });

  it.each(['index', 'answers/can-ai-classify-and-locate', 'sources', 'models', 'method'])(
    '%s needs no sideways scrolling on a narrow phone, nor with very large text',
    async (name) => {
      const { context, page } = await open(name, { viewport: { width: 320, height: 640 } });
      const overflow = () =>
        page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(await overflow()).toBeLessThanOrEqual(0);
      await page.click('.options summary');
      await page.check('#size-larger');
      await page.click('.options summary');
      expect(await overflow()).toBeLessThanOrEqual(0);
      await context.close();
    },
  );

  it('print black on white, without what only a screen needs', async () => {
    const { context, page } = await open('answers/ankle-and-foot', { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const colours = await page.locator('body').evaluate((element) => {
      const { color, backgroundColor } = getComputedStyle(element);
      return [color, backgroundColor];
    });
    expect(colours).toEqual(['rgb(0, 0, 0)', 'rgb(255, 255, 255)']);
    expect(await page.locator('nav.pages').isVisible()).toBe(false);
    expect(await page.locator('.disclaimer').isVisible()).toBe(true);
    await context.close();
  });
});
