import { describe, expect, it } from 'vitest';
import { affineOf, type Vector3 } from '../core/affine.js';
import type { Finding } from '../core/reading.js';
import type { Volume } from '../core/volume.js';
import type { RibLine } from '../core/volume-reading.js';
import { boxOf, describeFinding, makeFinding, partOf } from './finding.js';
import { proposals } from './propose.js';
import {
  framesAlong,
  networkSection,
  resampleLine,
  sampleMm,
  straighten,
  toNetworkValue,
} from './straighten.js';
import { summarise } from './summary.js';

/** A volume whose value is ten times the distance from an arc around (100, 100) in the plane z = 50. */
function arcVolume(): { ct: Volume; line: Vector3[] } {
  const size = [100, 100, 50] as const;
  const voxels = new Int16Array(size[0] * size[1] * size[2]);
  let at = 0;
  for (let z = 0; z < size[2]; z++) {
    for (let y = 0; y < size[1]; y++) {
      for (let x = 0; x < size[0]; x++) {
        voxels[at++] = 10 * Math.hypot(Math.hypot(2 * x - 100, 2 * y - 100) - 70, 2 * z - 50);
      }
    }
  }
  const line = Array.from({ length: 90 }, (_, i): Vector3 => {
    const angle = (i * Math.PI) / 180;
    return [100 + 70 * Math.sin(angle), 100 + 70 * Math.cos(angle), 50];
  });
  const ct: Volume = {
    size,
    affine: affineOf([2, 0, 0], [0, 2, 0], [0, 0, 2], [0, 0, 0]),
    modality: 'CT',
    unit: 'HU',
    voxels,
    paddingValue: null,
    slices: [],
    dicom: null,
  };
  return { ct, line };
}

describe('straightened ribs', () => {
  it('have the centre line in their middle and the same distances everywhere', () => {
    const { ct, line } = arcVolume();
    const frames = framesAlong(resampleLine(line, sampleMm), [100, 100]);
    const rib = straighten(ct, frames, networkSection);
    const { across, high } = networkSection;
    for (let along = 10; along < rib.count - 10; along += 7) {
      for (let i = 0; i < across; i += 5) {
        for (let j = 0; j < high; j += 5) {
          const wanted = 10 * Math.hypot((i - (across - 1) / 2) * sampleMm, (j - (high - 1) / 2) * sampleMm);
          expect(Math.abs((rib.hu[j + high * (i + across * along)] ?? 0) - wanted)).toBeLessThan(8);
        }
      }
    }
  });

  it('keep equal steps and look outwards and up', () => {
    const { line } = arcVolume();
    const points = resampleLine(line, sampleMm);
    for (let i = 1; i < points.length; i++) {
      const [a, b] = [points[i - 1] as Vector3, points[i] as Vector3];
      expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])).toBeCloseTo(sampleMm, 1);
    }
    for (const { pointMm, outwards, upwards } of framesAlong(points, [100, 100])) {
      expect(outwards[0] * (pointMm[0] - 100) + outwards[1] * (pointMm[1] - 100)).toBeGreaterThan(69);
      expect(upwards[2]).toBeCloseTo(1, 5);
    }
  });

  it('show the network CT numbers between -300 and 1300 HU', () => {
    expect([-1000, -300, 500, 1300, 3000].map(toNetworkValue)).toEqual([0, 0, 0.5, 1, 1]);
  });
});

describe('proposals', () => {
  const answersWith = (peaks: readonly (readonly [number, number])[]) => ({
    fracture: Float32Array.from({ length: 120 }, (_, i) =>
      Math.max(-9, ...peaks.map(([at, height]) => height - 0.5 * (i - at) ** 2)),
    ),
    old: new Float32Array(120).fill(-3),
    displaced: new Float32Array(120).fill(2),
  });

  it('are the peaks along a rib, most probable first, with what lies around each', () => {
    const found = proposals(
      answersWith([
        [30, 2],
        [80, 5],
      ]),
    );
    expect(found.map(({ first, last }) => Math.round((first + last) / 4))).toEqual([80, 30]);
    for (const { first, last, old, displaced } of found) {
      expect((last - first + 1) * sampleMm).toBeGreaterThanOrEqual(8);
      expect((last - first + 1) * sampleMm).toBeLessThanOrEqual(50);
      expect(old).toBeCloseTo(-3);
      expect(displaced).toBeCloseTo(2);
    }
  });

  it('take two peaks close together for one, and none for none', () => {
    expect(
      proposals(
        answersWith([
          [50, 4],
          [55, 3],
        ]),
      ),
    ).toHaveLength(1);
    expect(proposals(answersWith([]))).toHaveLength(0);
  });
});

const rib: RibLine = { side: 'right', number: 7, pointsMm: [] };

function finding(
  id: number,
  number: number,
  centerMm: Vector3,
  certainty: Finding['certainty'] = 'definite',
): Finding {
  return makeFinding({
    id,
    rib: { ...rib, number },
    proposal: { first: 0, last: 10, logit: 3, old: -4, displaced: 4 },
    box: [0, 0, 0, 1, 1, 1],
    centreMm: centerMm,
    score: 0.9,
    certainty,
    chestCentre: [0, 0],
  });
}

describe('findings', () => {
  it('are put into words', () => {
    expect(finding(1, 7, [-100, 0, 0]).description).toBe('right 7th rib, lateral, fresh, displaced');
    const unclear = { label: 'old', probabilities: { old: 0.6, fresh: 0.4 }, set: ['old', 'fresh'] };
    expect(describeFinding({ side: 'left', number: null, part: 'posterior' }, unclear, unclear)).toBe(
      'left rib, number unknown, posterior, old or fresh, old or fresh',
    );
  });

  it('lie behind, at the side or in front, seen from the middle of the chest', () => {
    expect(partOf([30, 90, 0], [0, 0])).toBe('posterior');
    expect(partOf([-100, 5, 0], [0, 0])).toBe('lateral');
    expect(partOf([40, -90, 0], [0, 0])).toBe('anterior');
  });

  it('have boxes of whole voxels around the rib, inside the volume', () => {
    const { ct, line } = arcVolume();
    const frames = framesAlong(resampleLine(line, sampleMm), [100, 100]).slice(40, 60);
    const box = boxOf(ct, frames);
    expect(box.every(Number.isInteger)).toBe(true);
    for (const { pointMm } of frames) {
      for (const axis of [0, 1, 2] as const) {
        expect(pointMm[axis] / 2).toBeGreaterThan(box[axis]);
        expect(pointMm[axis] / 2).toBeLessThan(box[axis] + box[(axis + 3) as 3 | 4 | 5]);
      }
    }
  });
});

describe('summary', () => {
  it('counts what is shown and finds a flail segment: three neighbours broken twice', () => {
    const twice = (number: number, id: number) => [
      finding(id, number, [-100, 0, -20 * number]),
      finding(id + 1, number, [-80, -60, -20 * number - 10]),
    ];
    const shown = [
      ...twice(4, 1),
      ...twice(5, 3),
      ...twice(6, 5),
      finding(7, 9, [-90, 0, -180], 'candidate'),
    ];
    const { fractures, flailSegments } = summarise([rib], shown);
    expect(fractures).toEqual({ total: 6, left: 0, right: 6, fresh: 6, old: 0, displaced: 6 });
    expect(flailSegments).toEqual([{ side: 'right', ribs: [4, 5, 6] }]);
    expect(
      summarise(
        [rib],
        shown.filter(({ rib: place }) => place?.number !== 5),
      ).flailSegments,
    ).toEqual([]);
  });
});
