import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LucencyError } from '../../core/errors.js';
import { ModelRegistry } from '../../models/registry.js';
import { parseCsv, readCsv } from '../csv-table.js';
import { evaluationSchema } from '../evaluation.schema.js';
import { intervalOf } from '../figure.js';
import { imagesSeenBy } from './card-points.js';
import { evaluateFiles as evaluateArranged, type PointOptions } from './evaluate-files.js';
import type { EvaluateOptions } from './evaluate-options.js';
import type { CaseOptions } from './prepare-cases.js';

const examples = 'examples/statistics';
const quick = { replicates: 200, permutations: 199, version: 'test' } as const;
/** One evaluation in short: files by their paths, everything else side by side. */
interface Short
  extends CaseOptions,
    Pick<
      EvaluateOptions,
      'replicates' | 'permutations' | 'seed' | 'prevalence' | 'by' | 'minimum' | 'hitRule'
    > {
  readonly truth: string;
  readonly predictions: string;
  readonly images?: string;
  readonly types?: string;
  readonly typeColumn?: string;
  readonly positive?: string;
  readonly scoreColumn?: string;
  readonly fixedThresholds?: readonly number[];
  readonly fixedBoxThresholds?: readonly number[];
  readonly thresholdChoice?: PointOptions['choice'];
  readonly card?: PointOptions['card'];
  readonly compare?: string;
  readonly compareScoreColumn?: string;
  readonly version: string;
  readonly command?: readonly string[];
}

function evaluateFiles(short: Short) {
  const { truth, predictions, images: table, types, typeColumn, positive, scoreColumn, ...others } = short;
  const { group, where, once, allowUnmatched, refused, ...more } = others;
  const { fixedThresholds, fixedBoxThresholds, thresholdChoice, card, ...rest } = more;
  const { compare, compareScoreColumn, version, command, ...measures } = rest;
  return evaluateArranged({
    truth: { path: truth, types, typeColumn, positive },
    predictions: { path: predictions, scoreColumn },
    images: table,
    cases: { group, where, once, allowUnmatched, refused },
    points: { thresholds: fixedThresholds, boxThresholds: fixedBoxThresholds, choice: thresholdChoice, card },
    compare: compare === undefined ? undefined : { path: compare, scoreColumn: compareScoreColumn },
    measures,
    version,
    command,
  });
}

const images: Short = {
  ...quick,
  truth: `${examples}/labels.csv`,
  predictions: `${examples}/scores.csv`,
  group: 'patient',
};
const boxes: Short = {
  ...quick,
  truth: `${examples}/boxes.coco.json`,
  predictions: `${examples}/boxes.results.json`,
  images: `${examples}/labels.csv`,
  group: 'patient',
};

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lucency-evaluate-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function save(name: string, content: string | object): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

async function codeOf(options: Short): Promise<{ code: string; message: string }> {
  const error = await evaluateFiles(options).then(
    () => null,
    (thrown: LucencyError) => thrown,
  );
  return { code: error?.code ?? 'none', message: error?.message ?? '' };
}

/** A document that went through JSON is the same: it holds no NaN and nothing undefined. */
async function documentOf(options: Short) {
  const { evaluation } = await evaluateFiles(options);
  expect(evaluationSchema.parse(JSON.parse(JSON.stringify(evaluation)))).toEqual(evaluation);
  return evaluation;
}

describe('evaluation of files', () => {
  it('counts images and patients, and gives the same document for the same seed', async () => {
    const options = { ...images, fixedThresholds: [0.3], prevalence: 0.2, by: ['region'] };
    const evaluation = await documentOf(options);
    const rows = (await readCsv(images.truth)).rows.map(({ cells }) => cells);
    const positives = rows.filter(({ fractured }) => fractured === '1');
    expect(evaluation.imageLevel).toMatchObject({ items: rows.length, positives: positives.length });
    expect(evaluation.groupLevel?.positives).toBe(new Set(positives.map(({ patient }) => patient)).size);
    expect(evaluation.breakdowns[0]?.subgroups.reduce((sum, { items }) => sum + items, 0)).toBe(rows.length);
    expect(await documentOf(options)).toEqual(evaluation);
    expect(await documentOf({ ...options, seed: 2 })).not.toEqual(evaluation);
  });

  it('leaves intervals by patient unchanged when every image is there twice', async () => {
    const twice = async (file: string, name: string) => {
      const table = await readCsv(file);
      const rows = ['', 'copy of '].flatMap((prefix) =>
        table.rows.map(({ cells }) =>
          table.columns.map((c) => (c === 'image' ? prefix : '') + cells[c]).join(','),
        ),
      );
      return save(name, [table.columns.join(','), ...rows].join('\n'));
    };
    const once = await documentOf({ ...images, fixedThresholds: [0.3] });
    const doubled = await documentOf({
      ...images,
      fixedThresholds: [0.3],
      truth: await twice(images.truth, 'labels-twice.csv'),
      predictions: await twice(images.predictions, 'scores-twice.csv'),
    });
    const bounds = ({ imageLevel }: typeof once) => {
      const [point] = imageLevel?.operatingPoints ?? [];
      if (!imageLevel || !point) throw new Error('an operating point is expected');
      return [imageLevel.auc, point.figures.sensitivity, point.figures.matthewsCorrelation].flatMap(
        (figure) => {
          const { lower = Number.NaN, upper = Number.NaN } = intervalOf(figure, 'bca') ?? {};
          return [lower, upper];
        },
      );
    };
    for (const [index, bound] of bounds(once).entries())
      expect(bounds(doubled)[index]).toBeCloseTo(bound, 10);
    expect(doubled.imageLevel?.items).toBe(2 * (once.imageLevel?.items ?? 0));
  });

  it('locates lesions, in millimetres where the spacing is known, and draws their curves', async () => {
    const result = await evaluateFiles({ ...boxes, fixedBoxThresholds: [0.5] });
    const level = result.evaluation.lesionLevel;
    const [point] = level?.operatingPoints ?? [];
    expect(point?.localisation.meanMillimetres.value).toBeCloseTo(
      0.14 * (point?.localisation.meanPixels.value ?? Number.NaN),
      10,
    );
    const { lesions } = result.curves;
    expect(lesions?.ribFrac).toBeNull();
    expect(lesions?.wafroc.at(-1)).toMatchObject({ falsePositiveFraction: 1, lesionFraction: 1 });
    // The area under the drawn curve is the figure.
    const area = (lesions?.wafroc ?? []).reduce((sum, b, at, all) => {
      const a = all[at - 1];
      return a === undefined
        ? sum
        : sum +
            ((b.falsePositiveFraction - a.falsePositiveFraction) * (a.lesionFraction + b.lesionFraction)) / 2;
    }, 0);
    expect(area).toBeCloseTo(level?.wafroc.value ?? Number.NaN, 10);
    const precision = (lesions?.precisionRecall ?? []).reduce(
      (sum, { recall, precision: p }, at, all) => sum + (recall - (all[at - 1]?.recall ?? 0)) * p,
      0,
    );
    expect(precision).toBeCloseTo(level?.averagePrecision.value ?? Number.NaN, 10);
    const at = (lesions?.precisionRecall ?? []).filter(({ threshold }) => threshold >= 0.5).at(-1);
    expect(at?.recall).toBeCloseTo(point?.recall.value ?? Number.NaN, 12);
    expect(at?.precision).toBeCloseTo(point?.precision.value ?? Number.NaN, 12);
  });

  it('reads volumes by the rules of RibFrac, and types with conformal sets', async () => {
    const scans = await documentOf({
      ...quick,
      truth: `${examples}/scans.coco.json`,
      predictions: `${examples}/scans.results.json`,
    });
    expect(scans.data.simulated).toBe(true);
    expect(scans.lesionLevel?.coco).toBeNull();
    expect(scans.lesionLevel?.ribFrac).toMatchObject({
      hitRule: 'intersection over union above 0.2',
      reading: 'linear',
    });
    const types = await documentOf({
      ...quick,
      truth: `${examples}/types.csv`,
      typeColumn: 'type',
      predictions: `${examples}/type-scores.csv`,
      group: 'patient',
    });
    expect(types.types?.conformal?.coverageByClass.map(({ label }) => label)).toEqual(types.types?.classes);
    expect(types.imageLevel).toBeNull();
  });

  it('takes operating points from a card by region, for images that the model did not see', async () => {
    const file = 'models/evaluation/image-scores.csv';
    const registry = await ModelRegistry.open();
    const [combiner, region] = [registry.byTask('combine')[0]?.card, registry.byTask('region')[0]?.card];
    if (!combiner || !region) throw new Error('the shipped models are expected');
    const seen = await imagesSeenBy(registry, combiner.id);
    const table = (await readCsv(file)).rows.map(({ cells }) => cells);
    const fold = table.find(({ image = '', role }) => role === 'report' && !seen.has(image))?.fold;
    const rows = table.filter((row) => row.role === 'report' && row.fold === fold);
    const options: Short = {
      ...quick,
      truth: file,
      predictions: file,
      scoreColumn: 'combined',
      group: 'group',
      card: { id: combiner.id },
    };
    const refused = await codeOf(options);
    expect(refused.code).toBe('LUC_EVALUATION_CARD_SAW_IMAGES');
    const known = table.filter(({ image = '' }) => seen.has(image)).length;
    expect(refused.message).toContain(`on ${known} of the images reported`);
    const where = ['role=report', `fold=${fold}`];
    const points = (await documentOf({ ...options, where })).imageLevel?.operatingPoints ?? [];
    expect(points.map(({ name }) => name)).toEqual(['definite', 'doubtful']);
    for (const { name, truePositives, falsePositives } of points) {
      const own = combiner.operatingPoints.filter(({ certainty }) => certainty === name);
      const general = own.find((point) => point.region === null);
      const limit = (value: string | undefined) =>
        (own.find((point) => point.region === value) ?? general)?.threshold ?? Number.NaN;
      const called = rows.filter((row) => Number(row.combined) >= limit(row.region));
      expect(called.filter(({ fractured }) => fractured === '1')).toHaveLength(truePositives);
      expect(called.filter(({ fractured }) => fractured === '0')).toHaveLength(falsePositives);
    }
    expect(await codeOf({ ...options, where, card: { id: region.id } })).toMatchObject({
      code: 'LUC_EVALUATION_CARD_POINTS',
    });
  });
});

describe('input that is not as it should be', () => {
  const truth = 'image,label\na.png,1\nb.png,0\nc.png,1\nd.png,0\n';

  async function withTables(labels: string, scores: string, more: Partial<Short> = {}) {
    return {
      ...quick,
      truth: await save('t.csv', labels),
      predictions: await save('p.csv', scores),
      ...more,
    };
  }

  it('of one class only: what needs both is null with the reason', async () => {
    const labels = 'image,label\na,0\nb,0\nc,0\n';
    const evaluation = await documentOf(
      await withTables(labels, 'image,score\na,.1\nb,.2\nc,.7\n', { fixedThresholds: [0.5] }),
    );
    expect(evaluation.imageLevel?.auc).toMatchObject({ value: null, reason: 'all 3 are negative' });
    expect(evaluation.imageLevel?.operatingPoints[0]?.figures.specificity.value).toBeCloseTo(2 / 3, 12);
    expect(evaluation.calibration?.decisionCurve).toBeNull();
    expect(evaluation.notes.join(' ')).toMatch(/All 3 images are negative/);
  });

  it('with ties everywhere: an AUC of one half, without an interval that means nothing', async () => {
    const evaluation = await documentOf(await withTables(truth, 'image,score\na,.5\nb,.5\nc,.5\nd,.5\n'));
    expect(evaluation.imageLevel?.auc.value).toBe(0.5);
    expect(evaluation.imageLevel?.auc.intervals.every(({ lower }) => lower === null)).toBe(true);
    expect(evaluation.calibration?.slope.value).toBeNull();
  });

  it('with scores that are no numbers, or images given twice: named and counted', async () => {
    const nan = await codeOf(await withTables(truth, 'image,score\na,.5\nb,NaN\nc,\nd,.5\n'));
    expect(nan.code).toBe('LUC_EVALUATION_SCORE');
    expect(nan.message).toMatch(/^2 score\(s\).*b \(NaN\), c \(empty\)/);
    const twice = await codeOf(await withTables(truth, 'image,score\na,.5\na,.6\nb,.1\nc,.2\nd,.3\n'));
    expect(twice).toMatchObject({ code: 'LUC_EVALUATION_DUPLICATE_PREDICTION' });
    expect(twice.message).toContain(': a');
    const labels = await codeOf(await withTables(`${truth}a.png,0\n`, 'image,score\na,.5\n'));
    expect(labels.code).toBe('LUC_EVALUATION_DUPLICATE_TRUTH');
    const contested = await codeOf(
      await withTables(truth, 'image,score\nx/a.png,.5\ny/a.png,.6\nb,.1\nc,.2\nd,.3\n'),
    );
    expect(contested.code).toBe('LUC_EVALUATION_DUPLICATE_PREDICTION');
  });

  it('with ids that do not match: named and counted, and left out on request', async () => {
    const options = await withTables(truth, 'image,score\na,.5\nb,.1\nz,.2\n');
    const { code, message } = await codeOf(options);
    expect(code).toBe('LUC_EVALUATION_UNMATCHED');
    expect(message).toMatch(/^2 of 4 images have no prediction \(c.png, d.png\); 1 prediction.*\(z\)/);
    const evaluation = await documentOf({ ...options, allowUnmatched: true });
    expect(evaluation.data).toMatchObject({
      items: 2,
      withoutPrediction: { count: 2 },
      withoutTruth: { count: 1, ids: ['z'] },
      matched: { byNameWithoutExtension: 2 },
    });
  });

  it('with a threshold chosen on the images reported, or on their patients', async () => {
    const rule = (where: string[] | undefined) => ({ thresholdChoice: { rules: ['youden'], where } });
    expect(await codeOf({ ...images, ...rule(undefined) })).toMatchObject({ code: 'LUC_USAGE_INVALID' });
    const same = await codeOf({ ...images, ...rule(['fold=0']) });
    expect(same).toMatchObject({ code: 'LUC_EVALUATION_THRESHOLD_SET_OVERLAP' });
    expect(same.message).toMatch(/shares 80 image\(s\)/);
    const patients = await codeOf({ ...images, where: ['view=ap'], ...rule(['view=lateral']) });
    expect(patients.message).toMatch(/shares 120 group\(s\)/);
    expect(await codeOf({ ...images, where: ['fold!=0'], ...rule(['fold=0']) })).toMatchObject({
      code: 'none',
    });
  });

  it('with files, columns, conditions, boxes and categories that cannot be used', async () => {
    expect(await codeOf({ ...images, truth: path.join(folder, 'absent.csv') })).toMatchObject({
      code: 'LUC_EVALUATION_FILE_NOT_FOUND',
    });
    expect(await codeOf({ ...images, by: ['weather'] })).toMatchObject({
      code: 'LUC_EVALUATION_COLUMN_MISSING',
    });
    expect(await codeOf({ ...images, where: ['fold'] })).toMatchObject({ code: 'LUC_EVALUATION_CONDITION' });
    expect(await codeOf({ ...images, where: ['fold=9'] })).toMatchObject({ code: 'LUC_EVALUATION_NO_CASES' });
    const detection = { image_id: 1, category_id: 1, bbox: [0, 0, 5, 5], score: 0.5 };
    const results = async (change: object) =>
      codeOf({ ...boxes, predictions: await save('r.json', [{ ...detection, ...change }]) });
    expect(await results({ category_id: 7 })).toMatchObject({ code: 'LUC_EVALUATION_CATEGORY' });
    expect(await results({ bbox: [0, 0, -5, 5] })).toMatchObject({ code: 'LUC_EVALUATION_BOX' });
    expect(await results({ score: 'high' })).toMatchObject({ code: 'LUC_EVALUATION_FILE_INVALID' });
    expect(await results({ image_id: 999 })).toMatchObject({ code: 'LUC_EVALUATION_UNMATCHED' });
    expect(await codeOf({ ...boxes, predictions: await save('broken.json', '[{"image_id":') })).toMatchObject(
      {
        code: 'LUC_EVALUATION_FILE_INVALID',
      },
    );
    expect(parseCsv('a;b\n1;2\n', 'semicolons').columns).toEqual(['a', 'b']);
  });
});
