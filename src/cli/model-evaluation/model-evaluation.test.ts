import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluationSchema } from '../../evaluation/evaluation.schema.js';
import { calibrate, logit } from '../../models/calibration.js';
import { evaluateModels } from './evaluate-models.js';
import { cocoTruthOf, readFracAtlas } from './fracatlas-truth.js';
import { rawBoxThresholds, readStoredScores } from './stored-scores.js';
import { writeModelsPage } from './write-models-page.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lucency-models-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function save(file: string, content: object | string): Promise<void> {
  const target = path.join(folder, file);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, typeof content === 'string' ? content : JSON.stringify(content));
}

describe('annotations of FracAtlas', () => {
  it('are read as published and as cut down, to the same boxes', async () => {
    const coco = (scale: number) => ({
      images: [{ id: 0, file_name: 'IMG0000019.jpg', width: 2304 * scale, height: 2560 * scale }],
      annotations: [
        { id: 0, image_id: 0, bbox: [100, 200, 40, 20].map((v) => v * scale), area: 800 * scale * scale },
      ],
    });
    await save('published/Annotations/COCO JSON/COCO_fracture_masks.json', coco(1));
    await save('published/images/Fractured/IMG0000019.jpg', '');
    await save('published/images/Non_fractured/IMG0000020.jpg', '');
    await save('cut/annotations.coco.json', coco(0.5));
    await save('cut/images/IMG0000019.jpg', '');
    const [published, cut] = await Promise.all(
      ['published', 'cut'].map((name) => readFracAtlas(path.join(folder, name))),
    );
    if (!published || !cut) throw new Error('two sets are expected');
    const names = ['IMG0000019.jpg', 'IMG0000020.jpg'];
    const truth = cocoTruthOf(published, names);
    expect(truth).toEqual(cocoTruthOf(cut, names));
    expect(truth).toMatchObject({
      images: [{ id: 19 }, { id: 20 }],
      annotations: [{ image_id: 19, bbox: [50, 100, 20, 10], area: 200 }],
    });
    expect([...published.files.keys()].sort()).toEqual(names);
    await expect(readFracAtlas(folder)).rejects.toThrow(/it is no FracAtlas/);
  });
});

describe('the shipped models', () => {
  it('have thresholds on raw box scores that are those of the card after calibration', async () => {
    const { detector } = await readStoredScores('models');
    for (const { name, threshold } of rawBoxThresholds(detector)) {
      const stated = detector.operatingPoints.find(({ certainty }) => certainty === name)?.threshold;
      expect(calibrate(logit(threshold), detector.calibration)).toBeCloseTo(stated ?? Number.NaN, 9);
    }
  });

  it('are measured on images that they did not see, with one page for all', async () => {
    const measured = await evaluateModels({ models: 'models', data: null, work: folder, replicates: 100 });
    const { scores, shipped, networks } = measured;
    expect(networks.map(({ id }) => id)).toEqual(scores.networks);
    expect(shipped.combined.evaluation.imageLevel?.operatingPoints.map(({ name }) => name)).toEqual([
      'definite',
      'doubtful',
    ]);
    // The AUC of the card was computed by the training program, in another language.
    const stated = scores.combiner.results.find(({ metric, subset }) => metric === 'AUC' && subset === 'all');
    if (measured.all === null)
      expect(shipped.combined.evaluation.imageLevel?.auc.value).toBeCloseTo(stated?.value ?? Number.NaN, 3);
    const out = path.join(folder, 'page');
    await writeModelsPage(out, measured);
    const page = await readFile(path.join(out, 'models.md'), 'utf8');
    for (const [, target = ''] of page.matchAll(/\]\(([^)]+\.(?:svg|json))\)/g)) {
      if (!target.startsWith('../')) await readFile(path.join(out, target));
    }
    const document = await readFile(path.join(out, scores.combiner.id, 'results.json'), 'utf8');
    expect(evaluationSchema.parse(JSON.parse(document)).data.items).toBe(
      shipped.combined.evaluation.data.items,
    );
    expect(await readdir(path.join(out, scores.combiner.id))).toContain('roc.svg');
    expect(page).toContain('the annotations of FracAtlas were not there');
  });
});
