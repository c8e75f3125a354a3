import { describe, expect, it } from 'vitest';
import { cardSchema } from '../models/card.js';
import {
  figuresOfCards,
  figuresOfResults,
  isWeak,
  type OwnFigure,
  ownAccuracy,
  readMetric,
} from './own-accuracy.js';

function figure(changes: Partial<OwnFigure>): OwnFigure {
  return {
    metric: 'sensitivity',
    point: 'doubtful',
    value: 0.9,
    interval: [0.85, 0.94],
    set: 'fold 0',
    subset: 'region: hand',
    falseBoxes: null,
    n: 300,
    simulated: false,
    source: 'combine',
    rank: 0,
    ...changes,
  };
}

const noStatistics = {
  proportion: () => {
    throw new Error('not used here');
  },
  pool: () => {
    throw new Error('not used here');
  },
};

describe('the accuracy of the AI behind the site', () => {
  it('pairs sensitivity and specificity of the same operating point', () => {
    const found = ownAccuracy(
      [
        figure({ metric: 'specificity', point: 'definite', value: 0.99 }),
        figure({ metric: 'specificity', value: 0.88 }),
        figure({ point: 'definite', value: 0.5 }),
        figure({}),
        figure({ metric: 'auc', point: null, value: 0.95 }),
      ],
      ['region: hand'],
    );
    expect(
      found.map((r) => (r.kind === 'rates' ? [r.sensitivity.value, r.specificity.value] : null)),
    ).toEqual([
      [0.9, 0.88],
      [0.5, 0.99],
    ]);
  });

  it('falls back to the AUC, and to nothing', () => {
    const auc = figure({ metric: 'auc', point: null, value: 0.8 });
    expect(ownAccuracy([figure({}), auc], ['region: hand'])).toEqual([{ kind: 'auc', auc }]);
    expect(ownAccuracy([figure({})], ['region: hip'])).toEqual([]);
  });

  it('takes the first region that was measured, and the best placed source', () => {
    const auc = (subset: string, value: number, rank = 1) =>
      figure({ metric: 'auc', point: null, subset, value, rank, source: `model ${rank}` });
    const value = (figures: OwnFigure[], regions: string[]) => {
      const [first] = ownAccuracy(figures, regions);
      return first?.kind === 'auc' ? first.auc.value : null;
    };
    expect(
      value([auc('region: hand', 0.7), auc('region: wrist', 0.8)], ['region: wrist', 'region: hand']),
    ).toBe(0.8);
    expect(value([auc('region: hand', 0.99, 11), auc('region: hand', 0.7, 1)], ['region: hand'])).toBe(0.7);
  });

  it('gives the share of breaks where a question is of their place or type, and never elsewhere', () => {
    const place = figure({ metric: 'place', point: null, falseBoxes: 0.5, value: 0.14, subset: 'all' });
    const type = figure({ metric: 'type', point: null, value: 0.65, subset: 'all' });
    const auc = figure({ metric: 'auc', point: null, subset: 'all' });
    const all = [place, type, auc];
    expect(ownAccuracy(all, ['all'], 'place')).toEqual([{ kind: 'share', share: place }]);
    expect(ownAccuracy(all, ['all'], 'type')).toEqual([{ kind: 'share', share: type }]);
    expect(ownAccuracy(all, ['all'])).toEqual([{ kind: 'auc', auc }]);
    expect(ownAccuracy([auc], ['all'], 'type')).toEqual([]);
  });

  it('reads shares of breaks, with the false boxes that they were bought with', () => {
    const result = (metric: string, unit: 'fracture' | 'image') => ({
      metric,
      value: 0.14,
      interval: [0.06, 0.25] as [number, number],
      level: 0.95 as const,
      intervalMethod: 'bootstrap',
      set: 'fold 0',
      subset: 'all',
      unit,
      n: 165,
      positives: 165,
      simulated: false,
    });
    const figures = figuresOfResults(
      [
        result('sensitivity per fracture at 0.5 false boxes per image (IoU 0.5)', 'fracture'),
        result('sensitivity per fracture at 0.5 false boxes per image (IoU 0.3)', 'fracture'),
        result('accuracy, three classes', 'fracture'),
        result('balanced accuracy, three classes', 'fracture'),
        result('accuracy, three classes', 'image'),
      ],
      { source: 'model', rank: 0 },
      noStatistics,
    );
    expect(figures.map(({ metric, falseBoxes }) => [metric, falseBoxes])).toEqual([
      ['place', 0.5],
      ['type', null],
    ]);
  });

  it('takes the studies of a model of volumes, under the name of what it looks for', () => {
    const result = (unit: 'study' | 'image') => ({
      metric: 'sensitivity (doubtful)',
      value: 0.9,
      interval: [0.8, 0.95] as [number, number],
      level: 0.95 as const,
      intervalMethod: 'wilson',
      set: 'simulated limbs',
      subset: 'all',
      unit,
      n: 100,
      positives: 100,
      simulated: true,
    });
    const figures = figuresOfResults(
      [result('study'), result('image')],
      { source: 'infection-model', rank: 0, whole: 'infection' },
      noStatistics,
    );
    expect(figures.map(({ subset, simulated }) => [subset, simulated])).toEqual([['infection', true]]);
  });

  it('calls a figure weak by its lower bound, and when it has none', () => {
    const weak = (interval: OwnFigure['interval']) => isWeak(figure({ metric: 'auc', interval }));
    expect([weak([0.8, 0.9]), weak([0.6, 0.95]), weak(null)]).toEqual([false, true, true]);
  });

  it('reads the name of a metric and its operating point', () => {
    expect(readMetric('sensitivity (doubtful)')).toEqual({ metric: 'sensitivity', point: 'doubtful' });
    expect(readMetric('specificity')).toEqual({ metric: 'specificity', point: null });
    expect(readMetric('AUC')).toEqual({ metric: 'auc', point: null });
    for (const other of [
      'AP@0.5',
      'sensitivity per fracture at 0.5 false boxes per image',
      'AUC of distance',
      'ECE',
    ]) {
      expect(readMetric(other)).toBeNull();
    }
  });

  it('reads the cards, and gives counts their interval where a bootstrap has no width', () => {
    const result = (metric: string, value: number, interval: [number, number]) => ({
      metric,
      value,
      interval,
      level: 0.95 as const,
      intervalMethod: 'bootstrap',
      set: 'fold 0',
      subset: 'ankle_foot',
      unit: 'image',
      n: 128,
      positives: 17,
      simulated: false,
    });
    const card = cardSchema.parse({
      schema: 'lucency.card/1',
      id: 'a-model',
      version: '1.0.0',
      title: 'A model',
      task: 'classify',
      architecture: 'a',
      source: 'b',
      parameters: 1,
      licence: 'c',
      file: null,
      input: null,
      outputs: [],
      classes: [],
      training: {
        data: [],
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
      results: [
        result('sensitivity (doubtful)', 1, [1, 1]),
        result('specificity (doubtful)', 0.5, [0.4, 0.6]),
      ],
      intendedUse: '',
      notFor: [],
      limits: [],
    });
    const counted: number[][] = [];
    const figures = figuresOfCards([card], {
      proportion: (successes, total) => {
        counted.push([successes, total]);
        return { value: successes / total, interval: [0.8, 1] };
      },
      pool: () => {
        throw new Error('not used here');
      },
    });
    expect(counted).toEqual([[17, 17]]);
    expect(figures.map(({ interval }) => interval)).toEqual([
      [0.8, 1],
      [0.4, 0.6],
    ]);
  });
});
