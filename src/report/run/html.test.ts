import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LucencyError } from '../../core/errors.js';
import type { Reading, StudySummary } from '../../core/reading.js';
import { drawPictures, type PictureSet } from '../picture/picture-set.js';
import { sampleFinding, sampleHeatMap, sampleRadiograph, sampleReading } from '../picture/sample.fixture.js';
import { sampleCard, sampleResult } from './card.fixture.js';
import { writeRunReport } from './html.js';
import { openRun } from './run-store.js';

const HOSTILE = `<img src=x onerror="document.title='owned'">&"'</script><!--`;
const radiograph = sampleRadiograph(120, 160);
const cards = [
  sampleCard('combiner', 'combine', [
    sampleResult('sensitivity', 0.84, [0.79, 0.88], { subset: 'region: hand' }),
    sampleResult('AUC', 0.9, [0.87, 0.93]),
  ]),
  sampleCard('swin-type', 'type', [], { simulatedOnly: true }),
];
const models = cards.map(({ id, version }) => ({ id, version, sha256: 'ab'.repeat(32) }));

interface Item {
  readonly input: string;
  readonly changes?: Partial<Reading>;
  readonly pictures?: boolean;
}

async function makeRun(
  folder: string,
  items: readonly Item[],
  studies: StudySummary[] | null,
): Promise<void> {
  const store = await openRun(folder, { force: false, resume: false, version: '0.1.0', options: {}, models });
  let drawn: PictureSet | undefined;
  for (const { input, changes, pictures } of items) {
    const findings = changes?.findings ?? [];
    const reading = sampleReading(radiograph, { input, models, ...changes, findings });
    // Every image of the run gets the pictures of the first: the page is what is tested here.
    const maps = [
      sampleHeatMap(radiograph, 6, 8, (column) => column),
      sampleHeatMap(radiograph, 6, 8, (_, row) => row, { model: 'swin-type', findingId: 1 }),
    ];
    drawn ??= await drawPictures(radiograph, reading, maps);
    await store.write(reading, pictures === false ? null : drawn);
  }
  const path = `broken ${HOSTILE}.dcm`;
  await store.fail(path, new LucencyError('LUC_IMAGE_EMPTY', { path }));
  if (studies) await store.finish(studies);
  else await store.interrupt();
}

const items: Item[] = [
  { input: 'ward/none.dcm', changes: { verdict: 'no-fracture', probability: 0.04 } },
  {
    input: 'ward/doubt.dcm',
    changes: {
      verdict: 'doubt',
      probability: 0.4,
      findings: [sampleFinding(1, [10, 20, 30, 40], 'doubtful')],
    },
  },
  {
    input: 'ward/refused.dcm',
    changes: {
      verdict: 'refused',
      probability: null,
      refusal: { code: 'LUC_RADIOGRAPH_BLANK', reason: `The image is blank. ${HOSTILE}` },
      image: { ...sampleReading(radiograph).image, region: null },
    },
  },
  {
    input: 'ward/broken bone.dcm',
    changes: {
      probability: 0.97,
      findings: [
        sampleFinding(1, [10, 20, 30, 40], 'definite'),
        sampleFinding(2, [60, 90, 30, 40], 'doubtful'),
      ],
      image: {
        ...sampleReading(radiograph).image,
        pixelSpacingMm: [0.5, 0.25],
        spacingSource: 'ImagerPixelSpacing',
      },
    },
  },
  {
    input: `ward/${HOSTILE}.dcm`,
    changes: {
      verdict: 'fracture',
      probability: 0.8,
      study: HOSTILE,
      image: { ...sampleReading(radiograph).image, region: { label: HOSTILE, probability: 0.5 } },
    },
  },
];

describe('report of a run', () => {
  let home = '';
  let folder = '';
  let report = '';
  let page = '';

  beforeAll(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'lucency-report-'));
    folder = path.join(home, 'run');
    const summary: StudySummary = {
      schema: 'lucency.study/1',
      study: 'study <one>',
      verdict: 'fracture',
      probability: 0.97,
      images: [
        { input: 'ward/broken bone.dcm', verdict: 'fracture', probability: 0.97, findings: 2 },
        { input: 'ward/none.dcm', verdict: 'no-fracture', probability: 0.04, findings: 0 },
      ],
    };
    await makeRun(folder, items, [summary]);
    report = await writeRunReport(folder, { cards });
    page = await readFile(report, 'utf8');
  });
  afterAll(() => rm(home, { recursive: true }));

  it('lists the most urgent image first and errors last', () => {
    const order = [...page.matchAll(/<tr class="row" role="row" data-state="([a-z-]+)"/g)].map(
      ([, state]) => state,
    );
    expect(order).toEqual(['fracture', 'fracture', 'doubt', 'no-fracture', 'refused', 'failed']);
  });

  it('escapes every string that comes from outside', () => {
    const [, json = ''] = /<script type="application\/json" class="rows">(.*)<\/script>/.exec(page) ?? [];
    expect(JSON.parse(json)).toHaveLength(6);
    expect(json).not.toMatch(/<\/|<!--|<script/i);
    const markup = page.replace(json, '');
    expect(markup).not.toContain('<img src=x');
    expect(markup).not.toContain('<!--');
    expect(markup.match(/<script/g)).toHaveLength(2);
    expect(page).toContain('&lt;img src=x');
  });

  it('holds its pictures itself and asks no other address', () => {
    const sources = [...page.matchAll(/src="([^"]*)"/g)].map(([, source]) => source ?? '');
    expect(sources.length).toBeGreaterThan(15);
    for (const source of sources) expect(source).toMatch(/^data:image\/(png|jpeg);base64,/);
    expect(page).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
    expect(page).toContain('content="default-src &#39;none&#39;;');
  });

  it('says what it must: not a device, limits, simulated training, missing figures', () => {
    expect(page).toContain('not a medical device');
    expect(page).toContain('Children are hardly represented.');
    expect(page).toContain('trained on simulated data only');
    expect(page).toContain('Not measured, neither for the region');
    expect(page).toContain('Of 100 images with a fracture, about 84 (79 to 88) are found.');
    expect(page).toContain('8 × 20 mm at detector');
    expect(page).toContain('study &lt;one&gt;');
  });

  it('is not written over by half when it fails', async () => {
    const lines = path.join(folder, 'pictures.jsonl');
    const good = await readFile(lines, 'utf8');
    await writeFile(lines, good.replace(/"view":"[^"]*"/, '"view":"../../secret.jpg"'));
    await expect(writeRunReport(folder, { cards })).rejects.toMatchObject({ code: 'LUC_OUTPUT_DAMAGED' });
    await writeFile(lines, good);
    expect(await readFile(report, 'utf8')).toBe(page);
  });

  it('names a file of the run that is damaged', async () => {
    const studies = path.join(folder, 'studies.json');
    const good = await readFile(studies, 'utf8');
    await writeFile(studies, '[{"schema":');
    await expect(writeRunReport(folder, { cards })).rejects.toMatchObject({ code: 'LUC_OUTPUT_DAMAGED' });
    await writeFile(studies, good);
    await expect(writeRunReport(home, { cards })).rejects.toMatchObject({ code: 'LUC_OUTPUT_NOT_A_RUN' });
  });

  it('can be written of a run that was broken off, kept no pictures and gave no cards', async () => {
    const broken = path.join(home, 'broken-off');
    await makeRun(broken, [{ input: 'a.dcm', pictures: false }], null);
    const text = await readFile(await writeRunReport(broken, { cards: [] }), 'utf8');
    expect(text).toContain('not finished');
    expect(text).toContain('This run kept no pictures.');
    expect(text).toContain('The run was broken off before the views of each study were summed up.');
    expect(text).toContain('The cards of these models were not given');
  });
});

const CHROMIUM = '/usr/bin/chromium';
const browserHere = existsSync(CHROMIUM);
if (!browserHere) console.log(`no browser at ${CHROMIUM}: the report is not tried in one`);

describe.skipIf(!browserHere)('report of a run in a browser', () => {
  let home = '';
  let browser: Browser;
  const requests: string[] = [];
  const failures: string[] = [];

  async function openReport(file: string, settings: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
    const page = await browser.newPage(settings);
    page.on('request', (request) => {
      if (!request.url().startsWith('data:')) requests.push(request.url());
    });
    page.on('pageerror', (error) => failures.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') failures.push(message.text());
    });
    page.on('dialog', (dialog) => failures.push(dialog.message()));
    await page.goto(pathToFileURL(file).href);
    return page;
  }

  let small = '';
  let large = '';

  beforeAll(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'lucency-report-'));
    await makeRun(path.join(home, 'small'), items, []);
    small = await writeRunReport(path.join(home, 'small'), { cards });
    const many = Array.from({ length: 130 }, (_, index) => ({
      input: `many/image ${index}.dcm`,
      changes: {
        probability: 1 - index / 200,
        findings: [sampleFinding(1, [10, 20, 30, 40], 'definite' as const)],
      },
    }));
    await makeRun(path.join(home, 'large'), many, []);
    large = await writeRunReport(path.join(home, 'large'), { cards, inlineLimit: 100 });
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
  });
  afterAll(async () => {
    await browser.close();
    await rm(home, { recursive: true });
  });

  it('filters by words, answer and region', async () => {
    const page = await openReport(small);
    const shown = () => page.locator('tr.row').count();
    expect(await shown()).toBe(6);
    await page.getByRole('searchbox').fill('BONE broken');
    expect(await shown()).toBe(1);
    expect(await page.locator('.shown').textContent()).toBe('1 of 6 images shown');
    await page.getByRole('searchbox').fill('');
    await page.getByLabel('Doubtful').uncheck();
    expect(await shown()).toBe(5);
    await page.getByRole('combobox').selectOption('hand');
    expect(await shown()).toBe(2);
    await page.getByRole('combobox').selectOption(HOSTILE);
    expect(await shown()).toBe(1);
    await page.close();
  });

  it('opens an image by keyboard and switches boxes and each heat map', async () => {
    const page = await openReport(small);
    const first = page.getByRole('button', { name: 'broken bone.dcm' });
    await first.focus();
    await page.keyboard.press('Enter');
    expect(await first.getAttribute('aria-expanded')).toBe('true');
    const boxes = page.locator('.stage .boxes');
    expect(await boxes.isVisible()).toBe(true);
    await page.getByLabel('Boxes').uncheck();
    expect(await boxes.isVisible()).toBe(false);

    const maps = page.locator('.stage .heat');
    expect(await maps.count()).toBe(2);
    for (const [index, name] of ['Grad-CAM, resnet18-fracture', 'Grad-CAM, swin-type, finding 1'].entries()) {
      await page.getByLabel(name, { exact: true }).and(page.locator('input')).check();
      expect(await maps.nth(index).isVisible()).toBe(true);
      expect(await maps.nth(1 - index).isVisible()).toBe(false);
      expect(await page.locator('.heat-meaning').textContent()).toContain('does not outline a fracture');
    }
    expect(await page.locator('.scale-end').textContent()).toBe('highest (7)');
    await page.getByLabel('Strength').fill('40');
    expect(await maps.nth(1).evaluate((map) => getComputedStyle(map).opacity)).toBe('0.4');
    await page.getByLabel('none').check();
    expect(await maps.nth(1).isVisible()).toBe(false);
    await first.press('Enter');
    expect(await page.locator('.detail').count()).toBe(0);
    await page.close();
  });

  it('lays boxes and heat maps exactly over the image', async () => {
    const page = await openReport(small);
    await page.getByRole('button', { name: 'broken bone.dcm' }).click();
    await page.getByLabel('Grad-CAM, resnet18-fracture').and(page.locator('input')).check();
    const stage = await page.locator('.stage .view').boundingBox();
    expect(await page.locator('.stage .heat').first().boundingBox()).toEqual(stage);
    expect((stage?.width ?? 0) / (stage?.height ?? 1)).toBeCloseTo(120 / 160, 2);
    const box = await page.locator('.stage rect.line').first().boundingBox();
    const scale = (stage?.width ?? 0) / 120;
    // Half of the 2-pixel line lies outside of the box.
    expect((box?.x ?? 0) - (stage?.x ?? 0) + 1).toBeCloseTo(10 * scale, 1);
    expect((box?.y ?? 0) - (stage?.y ?? 0) + 1).toBeCloseTo(20 * scale, 1);
    expect((box?.width ?? 0) - 2).toBeCloseTo(30 * scale, 1);
    const dashes = await page
      .locator('.stage rect.line')
      .evaluateAll((lines) => lines.map((line) => getComputedStyle(line).strokeDasharray));
    expect(dashes).toEqual(['none', '6px, 4px']);
    await page.close();
  });

  it('shows hostile names as text', async () => {
    const page = await openReport(small);
    const name = page.locator('.open').nth(1);
    await name.click();
    expect(await page.title()).toContain('Lucency report');
    expect(await page.locator('.detail h3').textContent()).toContain('Fracture');
    expect(await page.locator('dd').allTextContents()).toContain(`ward/${HOSTILE}.dcm`);
    await page.close();
  });

  it('turns the pages of a long run, whose pictures lie beside it', async () => {
    const page = await openReport(large);
    expect(await page.locator('tr.row').count()).toBe(100);
    expect(await page.locator('.shown').textContent()).toBe('131 images');
    await page.getByRole('button', { name: 'Next' }).click();
    expect(await page.locator('tr.row').count()).toBe(31);
    expect(await page.getByRole('button', { name: 'Next' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'image 129.dcm' }).click();
    const view = page.locator('.stage .view');
    expect(await view.getAttribute('src')).toMatch(/^parts\/image-129-/);
    await expect
      .poll(() => view.evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBeGreaterThan(0);
    await page.getByRole('searchbox').fill('many 129.dcm');
    expect(await page.locator('tr.row').count()).toBe(1);
    await page.close();
  });

  it('has no violations for axe, on a desk and on a phone, light and dark', async () => {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    for (const viewport of [
      { width: 1280, height: 900 },
      { width: 390, height: 844 },
    ]) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await openReport(small, { viewport, colorScheme, bypassCSP: true });
        await page.getByRole('button', { name: 'broken bone.dcm' }).click();
        await page.getByLabel('Grad-CAM, resnet18-fracture').and(page.locator('input')).check();
        for (const details of await page.locator('details').all()) {
          await details.evaluate((element: HTMLDetailsElement) => {
            element.open = true;
          });
        }
        await page.addScriptTag({ content: axe });
        const violations = await page.evaluate('axe.run().then((r) => r.violations.map((v) => v.id))');
        expect(violations).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
        await page.close();
      }
    }
  });

  it('can be printed with what is open', async () => {
    const page = await openReport(small);
    await page.getByRole('button', { name: 'broken bone.dcm' }).click();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.filter').isVisible()).toBe(false);
    expect(await page.locator('.stage .view').isVisible()).toBe(true);
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(20_000);
    await page.close();
  });

  it('asked for nothing but itself and its own pictures, and raised no error', () => {
    for (const address of requests) expect(address.startsWith(pathToFileURL(home).href)).toBe(true);
    expect(failures).toEqual([]);
  });
});
