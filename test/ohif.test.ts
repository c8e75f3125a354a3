import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resultObjects } from '../src/dicom/results/result-objects.js';
import { sampleHeatMap, sampleReading, sampleSeries } from '../src/dicom/testing/sample-result.js';
import { decodeImage } from '../src/image/decode.js';
import { dicomResults } from '../src/reading/results/dicom-results.js';
import { type OhifServer, serveOhif } from './viewer/ohif.js';
import { hasOrthanc, type Orthanc, startOrthanc } from './viewer/orthanc.js';

const program = '/usr/bin/chromium';
const dist = process.env.LUCENCY_OHIF ?? '';
const here = hasOrthanc && existsSync(program) && existsSync(path.join(dist, 'index.html'));
if (!here) console.log('Orthanc, Chromium or OHIF (LUCENCY_OHIF) is missing: results are not tried in OHIF.');

const artefacts = fileURLToPath(new URL('../ci-artefacts/', import.meta.url));
const example = fileURLToPath(new URL('../test/fixtures/phantoms/leg-spiral.dcm', import.meta.url));
const box = [140, 235, 90, 60] as const;

interface Drawn {
  readonly toolName: string;
  readonly points: readonly (readonly number[])[];
}

describe.skipIf(!here)('results in OHIF on the DICOMweb of Orthanc', () => {
  let orthanc: Orthanc;
  let ohif: OhifServer;
  let browser: Browser;
  let page: Page;
  let radiographStudy = '';
  let spacing = 1;
  const series = sampleSeries();

  beforeAll(async () => {
    await mkdir(artefacts, { recursive: true });
    orthanc = await startOrthanc();
    ohif = await serveOhif(dist, orthanc.url);
    const bytes = await readFile(example);
    const [radiograph] = await decodeImage(bytes);
    if (!radiograph?.dicom?.studyInstanceUid) throw new Error('the example is no DICOM image');
    radiographStudy = radiograph.dicom.studyInstanceUid;
    spacing = radiograph.pixelSpacingMm?.[0] ?? 1;
    const { width, height } = radiograph;
    const reading = sampleReading({
      study: radiographStudy,
      image: { width, height, pixelSpacingMm: [spacing, spacing], region: null },
      findings: [
        { id: 1, box: [...box], score: 0.88, certainty: 'definite' },
        { id: 2, box: [30, 400, 50, 50], score: 0.31, certainty: 'doubtful' },
      ],
    });
    const affine = { scaleX: width / 8, scaleY: height / 10, offsetX: 0, offsetY: 0 };
    const heatMaps = [{ ...sampleHeatMap, affine }];
    const results = await dicomResults({ reading, radiograph, heatMaps }, { version: '0.1.0' });
    const [first = bytes] = series.files;
    const ofSeries = resultObjects({ ...series, source: first, version: '0.1.0' });
    for (const object of [...results, ...ofSeries]) await orthanc.store(object.bytes);
    for (const file of [bytes, ...series.files]) await orthanc.store(file);
    browser = await chromium.launch({
      executablePath: program,
      args: ['--headless=new', '--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
    });
    page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    page.setDefaultTimeout(120_000);
  });
  afterAll(async () => {
    await browser?.close();
    await ohif?.stop();
    await orthanc?.stop();
  });

  async function openStudy(study: string): Promise<void> {
    await page.goto(`${ohif.url}/viewer?StudyInstanceUIDs=${study}`);
    await page.waitForSelector('[data-cy="viewport-overlay-bottom-right"]');
    await page
      .getByText('Skip all')
      .click({ timeout: 10_000 })
      .catch(() => undefined);
  }

  async function openSeries(modality: string): Promise<void> {
    await page.locator('[data-cy^="study-browser-thumbnail"]', { hasText: modality }).first().dblclick();
  }

  function screenshot(name: string): Promise<unknown> {
    return page.screenshot({ path: path.join(artefacts, `ohif-${name}.png`) });
  }

  it('are listed, the report with its boxes in place', async () => {
    await openStudy(radiographStudy);
    const listed = await page.locator('[data-cy="series-modality-label"]').allInnerTexts();
    expect(listed.map((text) => text.trim()).sort()).toEqual(['DX', 'OT', 'PR', 'SEG', 'SR']);
    await openSeries('SR');
    const annotations = `window.cornerstoneTools.annotation.state.getAllAnnotations()
      .filter((one) => one.metadata.toolName === 'DICOMSRDisplay')`;
    await page.waitForFunction(`${annotations}.length >= 3`);
    const drawn: Drawn[] = await page.evaluate(
      `${annotations}.map((one) => ({ toolName: one.metadata.toolName, points: one.data.renderableData.POLYLINE[0].map((p) => [...p]) }))`,
    );
    await page.evaluate(
      `window.cornerstoneTools.utilities.triggerAnnotationRenderForViewportIds(
        window.cornerstone.getRenderingEngines().flatMap((engine) => engine.getViewports().map(({ id }) => id)))`,
    );
    await page.waitForTimeout(3000);
    await screenshot('report');
    // OHIF counts from the centre of the first pixel.
    const corner = [(box[0] - 0.5) * spacing, (box[1] - 0.5) * spacing];
    const near = ({ points: [first = []] }: Drawn): boolean =>
      corner.every((value, axis) => Math.abs(value - (first[axis] ?? Number.NaN)) < 0.01);
    expect(drawn.some(near)).toBe(true);
  });

  it('show the annotated copy', async () => {
    await openStudy(radiographStudy);
    await openSeries('OT');
    await page.getByText('AI annotated copy (Lucency), not for diagnosis').first().waitFor();
    await page.waitForTimeout(3000);
    await screenshot('secondary-capture');
  });

  it('show the segmentation of a CT', async () => {
    await openStudy(series.reading.study ?? '');
    await openSeries('SEG');
    await page.getByRole('button', { name: 'Yes' }).first().click();
    await page.waitForFunction(
      'window.cornerstoneTools.segmentation.state.getSegmentations().some(({ segments }) => segments[1])',
    );
    const label = await page.evaluate(
      'window.cornerstoneTools.segmentation.state.getSegmentations()[0].segments[1].label',
    );
    expect(label).toBe('1 right 7th rib, lateral');
    const counts = await page.evaluate(`(() => {
      window.cornerstone.getRenderingEngines().forEach((engine) => engine.render());
      const [one] = window.cornerstoneTools.segmentation.state.getSegmentations();
      return one.representationData.Labelmap.imageIds.map((id) => {
        const values = window.cornerstone.cache.getImage(id)?.voxelManager?.getScalarData() ?? [];
        return values.reduce((count, value) => count + (value === 1 ? 1 : 0), 0);
      });
    })()`);
    // A box of 8 x 10 voxels on the second to fourth slice; OHIF counts slices from the head.
    expect(counts).toEqual([0, 0, 80, 80, 80, 0]);
    await page.waitForTimeout(5000);
    await screenshot('segmentation');
  });
});
