import { describe, expect, it } from 'vitest';
import { type MeasuredFigure, ownAccuracy, readMetric } from './own-accuracy.js';

function figure(changes: Partial<MeasuredFigure>): MeasuredFigure {
  return {
    metric: 'sensitivity',
    qualifier: '(doubtful)',
    value: 0.9,
    interval: [0.85, 0.94],
    set: 'fold 0',
    subset: 'region: hand',
    n: 300,
    simulated: false,
    source: 'combine',
    rank: 0,
    ...changes,
  };
}

describe('the accuracy of the AI behind the site', () => {
  it('shows sensitivity and specificity of the same source, set and operating point', () => {
    const found = ownAccuracy(
      [
        figure({}),
        figure({ metric: 'specificity', value: 0.99, qualifier: '(definite)' }),
        figure({ metric: 'specificity', value: 0.88, interval: [0.84, 0.91] }),
        figure({ metric: 'auc', value: 0.95 }),
      ],
      ['region: hand'],
    );
    expect(found.map(({ metric, value }) => [metric, value])).toEqual([
      ['sensitivity', 0.9],
      ['specificity', 0.88],
    ]);
  });

  it('falls back to the AUC, and to nothing', () => {
    expect(
      ownAccuracy([figure({}), figure({ metric: 'auc', value: 0.8 })], ['region: hand']).map((f) => f.metric),
    ).toEqual(['auc']);
    expect(ownAccuracy([figure({})], ['region: hip'])).toEqual([]);
  });

  it('takes the first region that was measured, and real images before simulated ones', () => {
    const auc = (subset: string, value: number, rank = 1) => figure({ metric: 'auc', subset, value, rank });
    expect(
      ownAccuracy([auc('region: hand', 0.7), auc('region: wrist', 0.8)], ['region: wrist', 'region: hand'])[0]
        ?.value,
    ).toBe(0.8);
    expect(
      ownAccuracy([auc('region: hand', 0.99, 11), auc('region: hand', 0.7)], ['region: hand'])[0]?.value,
    ).toBe(0.7);
  });

  it('calls a figure weak by its lower bound, and when it has none', () => {
    const weak = (interval: MeasuredFigure['interval']) =>
      ownAccuracy([figure({ metric: 'auc', value: 0.85, interval })], ['region: hand'])[0]?.weak;
    expect(weak([0.8, 0.9])).toBe(false);
    expect(weak([0.6, 0.95])).toBe(true);
    expect(weak(null)).toBe(true);
  });

  it('reads the name of a metric and what stands behind it', () => {
    expect(readMetric('sensitivity at the doubtful threshold')).toEqual({
      metric: 'sensitivity',
      qualifier: 'at the doubtful threshold',
    });
    expect(readMetric('AUC')).toEqual({ metric: 'auc', qualifier: '' });
    expect(readMetric('AP@0.5')).toBeNull();
  });
});
