import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { cutThrough, pointInCut } from './cut.js';
import { project } from './projection.js';
import { cubeCentre, sampleVolume, sampleVolumeResult } from './volume.fixture.js';
import { drawVolumePictures } from './volume-pictures.js';

/** Mean place of the bright pixels of a square picture. */
function brightCentre(values: Float32Array, width: number): [number, number] {
  let x = 0;
  let y = 0;
  let count = 0;
  values.forEach((value, at) => {
    if (value < 500) return;
    x += (at % width) + 0.5;
    y += Math.floor(at / width) + 0.5;
    count += 1;
  });
  return [x / count, y / count];
}

describe('pictures of volumes', () => {
  it('cut where they say, right way round', () => {
    const ct = sampleVolume('CT');
    const [x, y, z] = cubeCentre();
    // Through the cube, but with its middle off the centre of the picture.
    const centres = {
      axial: [x + 6, y + 4, z],
      coronal: [x + 6, y, z + 6],
      sagittal: [x, y + 4, z + 6],
    } as const;
    for (const plane of ['axial', 'coronal', 'sagittal'] as const) {
      const seen = { plane, centreMm: centres[plane], sideMm: 60, pixels: 120 };
      const centre = brightCentre(cutThrough(ct, seen, -1024), 120);
      const expected = pointInCut(seen, [x, y, z]);
      expect(Math.hypot(centre[0] - expected[0], centre[1] - expected[1])).toBeLessThan(1.5);
    }
    // The patient's left is on the right, the back below, the head above.
    const frame = { centreMm: [0, 0, 0] as const, sideMm: 100, pixels: 100 };
    expect(pointInCut({ ...frame, plane: 'axial' }, [10, 20, 0])).toEqual([60, 70]);
    expect(pointInCut({ ...frame, plane: 'coronal' }, [10, 0, 20])).toEqual([60, 30]);
    expect(pointInCut({ ...frame, plane: 'sagittal' }, [0, 10, 20])).toEqual([60, 30]);
  });

  it('project the highest values to where findings are marked, from any side', () => {
    const ct = sampleVolume('CT');
    for (const turnDegrees of [0, 45, 90]) {
      const projection = project(ct, { turnDegrees, mmPerPixel: [2.1, 3.2], floor: 150 });
      const centre = brightCentre(projection.values, projection.width);
      const [x, y] = projection.place(cubeCentre());
      expect(Math.hypot(centre[0] - x, centre[1] - y)).toBeLessThan(1.2);
    }
  });

  it('show overviews and three cuts of every finding, with the notice below', async () => {
    const ribs = await drawVolumePictures(sampleVolumeResult('ribs'));
    expect(ribs.panels.map(({ name }) => name)).toEqual(['ribs', 'mip', 'finding-1']);
    expect(ribs.panels[2]?.title).toContain('right 7th rib');
    for (const { png } of ribs.panels) {
      const { width = 0, height = 0, format } = await sharp(png).metadata();
      expect(format).toBe('png');
      expect(Math.min(width, height)).toBeGreaterThan(100);
    }
    const infection = await drawVolumePictures(sampleVolumeResult('infection'));
    expect(infection.panels.map(({ name }) => name)).toEqual(['mip', 'pet-mip', 'finding-1']);
  });

  it('show the hottest place of a PET/CT in which nothing was found', async () => {
    const result = sampleVolumeResult('infection');
    const reading = { ...result.reading, verdict: 'no-infection' as const, findings: [] };
    const { panels } = await drawVolumePictures({ ...result, reading });
    expect(panels.map(({ name }) => name)).toEqual(['mip', 'pet-mip', 'hottest']);
  });

  it('draw a heat map of the whole study over its cuts', async () => {
    const result = sampleVolumeResult('infection');
    const { size, affine, voxels } = sampleVolume('PT');
    const map = {
      model: 'm',
      findingId: null,
      method: 'grad-cam',
      size,
      affine,
      values: Float32Array.from(voxels),
    } as const;
    const { panels } = await drawVolumePictures({ ...result, heatMaps: [map] });
    expect(panels.at(-1)).toMatchObject({ name: 'heat-m-whole', findingId: null });
  });
});
