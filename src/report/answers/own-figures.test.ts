import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Evaluation } from '../../evaluation/evaluation.schema.js';
import type { Figure } from '../../evaluation/figure.schema.js';
import { loadEvidence } from '../../evidence/evidence-base.js';
import { type Card, cardSchema } from '../../models/card.js';
import { evaluationFigures } from './evaluation-figures.js';
import { buildSite } from './site.js';

const base = loadEvidence();
const today = '2026-11-25';
const folder = mkdtempSync(path.join(tmpdir(), 'own-'));
afterAll(() => rmSync(folder, { recursive: true }));

function cardWith(results: readonly Partial<Card['results'][number]>[]): Card {
  return cardSchema.parse({
    schema: 'lucency.card/1',
    id: 'joined',
    version: '1.0.0',
    title: 'Joined model',
    task: 'combine',
    architecture: 'logistic',
    source: 'here',
    parameters: 4,
    licence: 'Apache-2.0',
    file: null,
    input: null,
    outputs: [],
    classes: [],
    training: {
      data: [
        {
          name: 'Test set',
          licence: 'CC BY 4.0',
          citation: 'nobody',
          images: 10,
          split: 'fold 1',
          idsFile: null,
          simulated: false,
        },
      ],
      protocol: '',
      device: '',
      epochs: 1,
      seconds: 1,
      seed: 1,
      command: '',
      labelledBy: '',
    },
    simulatedOnly: false,
    calibration: null,
    operatingPoints: [],
    outOfDistribution: null,
    combiner: null,
    conformal: null,
    results: results.map((result) => ({
      level: 0.95,
      intervalMethod: 'bootstrap',
      set: 'Test set fold 0',
      subset: 'region: hip',
      unit: 'image',
      n: 400,
      positives: 100,
      simulated: false,
      ...result,
    })),
    intendedUse: 'Research <b>only</b>',
    notFor: ['Diagnosis'],
    limits: ['Small test'],
  });
}

const rates = (sensitivity: [number, number, number], specificity: [number, number, number]) => [
  {
    metric: 'sensitivity (doubtful)',
    value: sensitivity[0],
    interval: [sensitivity[1], sensitivity[2]] as [number, number],
  },
  {
    metric: 'specificity (doubtful)',
    value: specificity[0],
    interval: [specificity[1], specificity[2]] as [number, number],
  },
];

describe("the site's own accuracy", () => {
  it('is filled in from the cards for the body part, with its interval, set and size', async () => {
    const files = await buildSite({
      base,
      cards: [cardWith(rates([0.93, 0.88, 0.96], [0.9, 0.86, 0.93]))],
      today,
    });
    const hip = String(files.get('answers/hip.html'));
    expect(hip).toContain('93 out of 100 (range 88 to 96)');
    expect(hip).toContain('90 out of 100 (range 86 to 93)');
    expect(hip).toContain('<a href="../models.html#joined">Test set fold 0: 400 X-rays (hip)</a>');
    expect(hip).not.toContain(base.wording.own.weak);
    expect(String(files.get('answers/shoulder.html'))).toContain(base.wording.own.none);
    const models = String(files.get('models.html'));
    expect(models).toContain('id="joined"');
    expect(models).toContain('Research &lt;b&gt;only&lt;/b&gt;');
    expect(models).toContain('0.88–0.96');
  });

  it('gives the natural frequencies of its own page, from its own rates at each operating point', async () => {
    const results = rates([0.9, 0.8, 0.95], [0.25, 0.2, 0.3]).map((result) => ({ ...result, subset: 'all' }));
    const files = await buildSite({ base, cards: [cardWith(results)], today });
    const own = String(files.get('answers/about-this-ai.html'));
    // Of 1,000 people 100 have a break: 90 found; of the 900 others 675 get a false alarm. 90 / 765 is 12 %.
    expect(own).toContain(`<h3>${base.wording.own.tests.doubtful}</h3>`);
    expect(own).toContain('positive result from this AI, about 12 have a broken bone');
    expect(own).toContain('<a class="fact" href="../models.html#joined">90%</a>');
    expect(own).not.toContain('kuo-2022');
    const without = await buildSite({ base, cards: [], today });
    expect(String(without.get('answers/about-this-ai.html'))).toContain(
      base.answers.get('about-this-ai')?.noChance ?? 'no reason',
    );
  });

  it('says so when it is weak, or measured on made-up images', async () => {
    const weak = rates([0.7, 0.5, 0.85], [0.9, 0.86, 0.93]).map((result) => ({ ...result, simulated: true }));
    const files = await buildSite({ base, cards: [cardWith(weak)], today });
    const hip = String(files.get('answers/hip.html'));
    expect(hip).toContain(base.wording.own.weak);
    expect(hip).toContain(base.wording.own.simulated);
  });

  it('comes from an evaluation of one’s own before the cards', async () => {
    const figure = (value: number, lower: number, upper: number): Figure => ({
      value,
      intervals: [{ method: 'wilson', lower, upper }],
    });
    const none: Figure = { value: null, reason: 'not measured', intervals: [] };
    const evaluation: Evaluation = {
      schema: 'lucency.evaluation/1',
      software: { name: 'lucency', version: '0.1.0' },
      command: null,
      settings: {
        level: 0.95,
        replicates: 1000,
        permutations: 1000,
        seed: 1,
        group: null,
        by: ['region'],
        where: [],
        once: null,
        minimum: 1,
        prevalence: null,
        hitRule: 'IoU 0.5',
        calibrationBins: 15,
      },
      data: {
        truth: { path: '/data/our-hospital.json', sha256: '0'.repeat(64) },
        predictions: { path: 'readings.jsonl', sha256: '0'.repeat(64), kind: 'readings', scoreColumn: null },
        images: null,
        items: 200,
        positives: 60,
        negatives: 140,
        groups: 200,
        matched: { exactly: 200, byFileName: 0, byNameWithoutExtension: 0 },
        withoutPrediction: { count: 0, ids: [] },
        withoutTruth: { count: 0, ids: [] },
        refused: { count: 0, positives: 0, handling: 'exclude' },
        filteredOut: 0,
        repeated: 0,
        models: [],
        simulated: false,
      },
      imageLevel: {
        unit: 'image',
        items: 200,
        positives: 60,
        negatives: 140,
        groups: 200,
        auc: figure(0.91, 0.87, 0.94),
        averagePrecision: none,
        partialAuc: { to: 0.1, area: none, standardised: none },
        operatingPoints: [],
      },
      groupLevel: null,
      lesionLevel: null,
      types: null,
      calibration: null,
      breakdowns: [
        {
          column: 'region',
          subgroups: [
            {
              value: 'hip',
              items: 90,
              positives: 30,
              negatives: 60,
              groups: 90,
              auc: figure(0.9, 0.82, 0.95),
              averagePrecision: none,
              lesions: null,
              operatingPoints: [
                {
                  name: 'doubtful',
                  threshold: null,
                  rule: 'verdict of the reading',
                  chosenOn: 'elsewhere',
                  sensitivity: figure(0.97, 0.83, 0.99),
                  specificity: figure(0.85, 0.81, 0.92),
                  positivePredictiveValue: none,
                  negativePredictiveValue: none,
                },
              ],
            },
          ],
          differences: [],
        },
      ],
      comparison: null,
      notes: [],
    };
    const file = path.join(folder, 'results.json');
    writeFileSync(file, JSON.stringify(evaluation));
    const figures = await evaluationFigures(folder);
    const cards = [cardWith(rates([0.93, 0.88, 0.96], [0.9, 0.86, 0.93]))];
    const files = await buildSite({ base, cards, evaluation: figures, today });
    const hip = String(files.get('answers/hip.html'));
    expect(hip).toContain('97 out of 100 (range 83 to 99)');
    expect(hip).toContain('<a href="../models.html#evaluation">our-hospital.json: 90 X-rays (hip)</a>');
    expect(String(files.get('models.html'))).toContain('id="evaluation"');
  });

  it('refuses what is no evaluation, and says why', async () => {
    await expect(evaluationFigures(path.join(folder, 'nothing.json'))).rejects.toThrow(/cannot be read/);
    writeFileSync(path.join(folder, 'broken.json'), '{');
    await expect(evaluationFigures(path.join(folder, 'broken.json'))).rejects.toThrow(
      /is not JSON|it is not JSON/,
    );
    writeFileSync(path.join(folder, 'other.json'), '{"schema":"lucency.card/1"}');
    await expect(evaluationFigures(path.join(folder, 'other.json'))).rejects.toMatchObject({
      code: 'LUC_ANSWERS_EVALUATION_INVALID',
    });
  });
});
