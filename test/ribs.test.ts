import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readingSchema } from '../src/core/reading.js';
import type { Volume } from '../src/core/volume.js';
import type { VolumeReader, VolumeStudy } from '../src/core/volume-reading.js';
import { chestVolume } from '../src/phantom/thorax/chest-volume.js';
import { drawChestScan } from '../src/phantom/thorax/draw-chest-scan.js';
import { fractureTruths } from '../src/phantom/thorax/rib-truth.js';
import { openRibReader } from '../src/ribs/open-reader.js';

const folder = 'models/rib-resnet3d-fracture';

function study(ct: Volume): VolumeStudy {
  return {
    input: 'chest',
    study: null,
    ct,
    pet: null,
    limitations: [],
    started: performance.now(),
    timingsMs: {},
  };
}

describe.skipIf(!existsSync(folder))('a simulated chest, read', () => {
  let reader: VolumeReader;
  beforeAll(async () => {
    reader = await openRibReader({ threads: 1 });
  });
  afterAll(() => reader.close());

  const scan = drawChestScan({
    seed: 21,
    fractures: 6,
    matrix: 320,
    settings: { sliceMm: 1.5, intervalMm: 1.5, motionMm: 0, metalParts: 0 },
  });
  const displaced = fractureTruths(scan).filter(({ displaced }) => displaced);

  it('names ribs and ages of displaced fractures, and says that it learned from simulations', async () => {
    const { reading, ribs } = await reader.read(study(chestVolume(scan)));
    expect(readingSchema.safeParse(reading).success).toBe(true);
    expect(reading.kind).toBe('ribs');
    expect(ribs.length).toBeGreaterThanOrEqual(22);
    expect(reading.models[0]?.trainedOnSimulatedDataOnly).toBe(true);
    expect(reading.limitations?.map(({ code }) => code)).toContain('LUC_RIBS_SIMULATED');
    const found = displaced.filter(({ side, rib, age, centerMm }) =>
      reading.findings.some(
        (finding) =>
          finding.rib?.side === side &&
          finding.rib.number === rib &&
          finding.type?.label === age &&
          Math.hypot(...centerMm.map((value, axis) => value - (finding.centerMm?.[axis] ?? 0))) < 12,
      ),
    );
    expect(displaced.length).toBeGreaterThan(0);
    expect(found.length).toBe(displaced.length);
  });

  it('gives the same places when the scan is stored from the head down', async () => {
    const ct = chestVolume(scan);
    const [columns, rows, slices] = ct.size;
    const plane = columns * rows;
    const turned = new Int16Array(ct.voxels.length);
    for (let z = 0; z < slices; z++) {
      turned.set(ct.voxels.subarray((slices - 1 - z) * plane, (slices - z) * plane) as Int16Array, z * plane);
    }
    const { affine } = ct;
    const step = affine[10];
    const [a, b] = [
      (await reader.read(study(ct))).reading,
      (
        await reader.read(
          study({
            ...ct,
            voxels: turned,
            affine: [
              ...affine.slice(0, 10),
              -step,
              affine[11] + (slices - 1) * step,
              0,
              0,
              0,
              1,
            ] as unknown as Volume['affine'],
          }),
        )
      ).reading,
    ];
    expect(b.findings.map(({ description }) => description)).toEqual(
      a.findings.map(({ description }) => description),
    );
    a.findings.forEach(({ box3d, centerMm }, i) => {
      const other = b.findings[i];
      centerMm?.forEach((value, axis) => {
        expect(other?.centerMm?.[axis]).toBeCloseTo(value, 3);
      });
      if (box3d && other?.box3d) expect(other.box3d[2]).toBeCloseTo(slices - box3d[2] - box3d[5], 3);
    });
  });
});
