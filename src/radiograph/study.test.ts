import { describe, expect, it } from 'vitest';
import type { Reading } from '../core/reading.js';
import { summariseStudies } from './study.js';

const reading = (
  input: string,
  study: string | undefined,
  verdict: Reading['verdict'],
  probability: number | null,
): Reading => ({
  schema: 'lucency.reading/1',
  input,
  kind: 'radiograph',
  ...(study === undefined ? {} : { study }),
  image: { width: 10, height: 10, pixelSpacingMm: null, region: null },
  verdict,
  probability,
  findings: [],
  models: [],
  timingsMs: {},
});

describe('study answer', () => {
  it('is the most urgent of its views, with the highest probability', () => {
    const [study] = summariseStudies([
      reading('ap', 's', 'no-fracture', 0.1),
      reading('lateral', 's', 'fracture', 0.9),
      reading('chest', 's', 'refused', null),
    ]);
    expect(study).toMatchObject({ study: 's', verdict: 'fracture', probability: 0.9 });
    expect(study?.images.map(({ input }) => input)).toEqual(['ap', 'lateral', 'chest']);
  });

  it('is refused only when every view was', () => {
    const [study] = summariseStudies([
      reading('a', 's', 'refused', null),
      reading('b', 's', 'refused', null),
    ]);
    expect(study).toMatchObject({ verdict: 'refused', probability: null });
  });

  it('keeps studies apart', () => {
    expect(summariseStudies([reading('a', '1', 'doubt', 0.5), reading('b', '2', 'doubt', 0.6)])).toHaveLength(
      2,
    );
  });
});
