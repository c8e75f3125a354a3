import { describe, expect, it } from 'vitest';
import { accuracyFor, figureOf } from './accuracy.js';
import { sampleCard, sampleResult } from './card.fixture.js';

describe('accuracy by body region', () => {
  const combiner = sampleCard('combiner', 'combine', [
    sampleResult('sensitivity', 0.84, [0.79, 0.88], { subset: 'region: hand' }),
    sampleResult('AUC', 0.9, [0.87, 0.93], { subset: 'all' }),
  ]);
  const detector = sampleCard('yolov8s-fracture', 'detect', []);
  const classifier = sampleCard('resnet18-fracture', 'classify', [sampleResult('AUC', 0.8, [0.7, 0.9])]);

  it('takes the figures of the region, else those of all regions, else says that there are none', () => {
    expect(accuracyFor('hand', [combiner, detector]).map(({ scope }) => scope)).toEqual(['region', 'none']);
    expect(accuracyFor('hip', [combiner])[0]).toMatchObject({ scope: 'all', figures: [{ value: '0.900' }] });
  });

  it('lets the fused answer stand for the single networks', () => {
    expect(accuracyFor('hand', [combiner, classifier]).map(({ model }) => model)).toEqual(['combiner']);
    expect(accuracyFor('hand', [classifier]).map(({ model }) => model)).toEqual(['resnet18-fracture']);
  });

  it('says in words how often it is right', () => {
    const figure = figureOf(sampleResult('sensitivity at the doubtful threshold', 0.843, [0.792, 0.881]));
    expect(figure).toMatchObject({ value: '84.3 %', interval: '79.2 % to 88.1 %' });
    expect(figure.meaning).toBe('Of 100 images with a fracture, about 84 (79 to 89) are found.');
  });

  it('names what is weak about a figure', () => {
    const weak = figureOf(sampleResult('sensitivity', 0.71, [0.6, 0.8], { positives: 12, simulated: true }));
    expect(weak.meaning).toContain('Weak: it may be as low as 60.0 %.');
    expect(weak.meaning).toContain('Only 12 cases');
    expect(weak.meaning).toContain('simulated');
    const bare = figureOf(sampleResult('AP@0.5', 0.4, null, { intervalMethod: 'too few groups' }));
    expect(bare.interval).toBeNull();
    expect(bare.meaning).toContain('No interval: too few groups.');
    expect(bare.meaning).not.toContain('Weak');
    const noted = figureOf(sampleResult('AUC', 0.9, [0.8, 0.95], { note: 'at the doubtful threshold' }));
    expect(noted.meaning).toMatch(/ At the doubtful threshold\.$/);
  });
});
