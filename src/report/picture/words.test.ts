import { describe, expect, it } from 'vitest';
import { limitation } from '../../core/limitation.js';
import {
  answerWords,
  findingLabel,
  modelsLine,
  percent,
  recordWords,
  typeWords,
  verdictLine,
} from '../../core/reading-words.js';
import { sampleFinding, sampleRadiograph, sampleReading } from './sample.fixture.js';
import { scaleBar } from './scale-bar.js';

const radiograph = sampleRadiograph(400, 300);

describe('words of a picture', () => {
  it('never rounds a probability to a certainty', () => {
    expect([0, 0.004, 0.01, 0.125, 0.5, 0.99, 0.9949, 1].map(percent)).toEqual([
      '< 1 %',
      '< 1 %',
      '1 %',
      '13 %',
      '50 %',
      '99 %',
      '> 99 %',
      '> 99 %',
    ]);
  });

  it('names the whole conformal set, or nothing when it rules out too little', () => {
    const type = (set: string[]) => typeWords({ label: set[0] ?? null, probabilities: {}, set });
    expect(type(['oblique'])).toBe('oblique');
    expect(type(['oblique', 'spiral'])).toBe('oblique or spiral');
    expect(type(['buckle_greenstick'])).toBe('buckle greenstick');
    expect(
      typeWords({ label: null, probabilities: {}, set: ['transverse', 'oblique', 'spiral'] }),
    ).toBeNull();
    expect(typeWords(undefined)).toBeNull();
  });

  it('labels a finding with number, type and score', () => {
    expect(findingLabel(sampleFinding(2, [1, 2, 3, 4], 'definite'))).toBe('2 oblique or spiral 88 %');
  });

  it('says of a doubt without a place that none was found', () => {
    const limitations = [limitation('LUC_RADIOGRAPH_NO_PLACE')];
    const doubt = { kind: 'radiograph', verdict: 'doubt' } as const;
    expect(answerWords({ ...doubt, limitations })).toBe('Possible fracture, no place found');
    expect(answerWords(doubt)).toBe('Doubtful: possible fracture');
  });

  it('gives the reason of a refusal in place of a probability', () => {
    const refusal = { code: 'LUC_RADIOGRAPH_BLANK', reason: 'The image is blank.' };
    const reading = sampleReading(radiograph, { verdict: 'refused', probability: null, refusal });
    expect(verdictLine(reading)).toBe('Not read: The image is blank.');
    expect(verdictLine(sampleReading(radiograph))).toBe('Fracture, probability 93 %');
  });

  it('says which model was trained on simulated data only', () => {
    const models = [{ id: 'phantom-type', version: '0.9.0', sha256: '', trainedOnSimulatedDataOnly: true }];
    expect(modelsLine(sampleReading(radiograph, { models }))).toBe(
      'Models: phantom-type 0.9.0 (trained on simulated data only).',
    );
  });
});

describe('scale bar', () => {
  const image = (
    pixelSpacingMm: [number, number] | null,
    spacingSource: 'PixelSpacing' | 'ImagerPixelSpacing',
  ) => ({
    ...sampleReading(radiograph).image,
    pixelSpacingMm,
    spacingSource,
  });

  it('has a round length by the column spacing, at most the given share of the width', () => {
    // 400 columns of 0.5 mm are 200 mm; a quarter of it is 50 mm, 100 pixels.
    expect(scaleBar(image([0.2, 0.5], 'PixelSpacing'), 1, 0.25)).toEqual({ length: 100, label: '50 mm' });
    expect(scaleBar(image([0.2, 0.5], 'PixelSpacing'), 2, 0.25)).toEqual({ length: 200, label: '50 mm' });
  });

  it('says when the spacing was measured at the detector', () => {
    expect(scaleBar(image([0.2, 0.2], 'ImagerPixelSpacing'), 1, 0.25)?.label).toBe('20 mm at detector');
  });

  it('is left out where no spacing is known', () => {
    expect(scaleBar(image(null, 'PixelSpacing'), 1, 0.25)).toBeNull();
    expect(scaleBar(image([0, 0], 'PixelSpacing'), 1, 0.25)).toBeNull();
  });
});

describe('recordWords', () => {
  it('says what became of earlier answers, with the interval of the share', () => {
    const record = {
      region: 'leg',
      n: 35,
      fractured: 28,
      interval: [0.624, 0.9] as [number, number],
      set: 'set',
    };
    expect(recordWords({ record })).toBe(
      'of 35 such answers on images of a leg 28 had a fracture (95 % interval 62 to 90 of 100)',
    );
    expect(recordWords({ record: { ...record, region: null, interval: null } })).toBe(
      'of 35 such answers 28 had a fracture',
    );
    expect(recordWords({})).toBeNull();
  });
});
