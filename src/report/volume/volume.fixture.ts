import { affineOf, type Vector3 } from '../../core/affine.js';
import type { Finding, Reading } from '../../core/reading.js';
import type { Volume } from '../../core/volume.js';
import { type Box3d, boxCentreMm } from '../../core/volume-geometry.js';
import type { VolumeReadingResult } from '../../core/volume-reading.js';

const size = [40, 36, 30] as const;
const affine = affineOf([2, 0, 0], [0, 2, 0], [0, 0, 3], [-40, -36, -200]);

/** Water with one bright cube of 4 x 4 x 4 voxels whose first voxel is (10, 20, 12). */
export function sampleVolume(modality: 'CT' | 'PT'): Volume {
  const [columns, rows, slices] = size;
  const count = columns * rows * slices;
  const voxels = modality === 'CT' ? new Int16Array(count) : new Float32Array(count).fill(0.5);
  for (let z = 12; z < 16; z += 1)
    for (let y = 20; y < 24; y += 1)
      for (let x = 10; x < 14; x += 1) {
        voxels[x + columns * (y + rows * z)] = modality === 'CT' ? 1000 : 8;
      }
  const unit = modality === 'CT' ? 'HU' : 'SUVbw';
  return { size, affine, modality, unit, voxels, paddingValue: null, slices: [], dicom: null };
}

export const cube: Box3d = [10, 20, 12, 4, 4, 4];

export function cubeCentre(): Vector3 {
  return boxCentreMm({ size, affine }, cube);
}

/** A reading that marks the cube. */
export function sampleVolumeResult(kind: 'ribs' | 'infection'): VolumeReadingResult {
  const centerMm = cubeCentre();
  const finding: Finding = {
    id: 1,
    box3d: [...cube],
    centerMm: [...centerMm],
    score: 0.8,
    certainty: 'definite',
    description: kind === 'ribs' ? 'right 7th rib, lateral, fresh, displaced' : 'hottest uptake near bone',
  };
  const measures = { suvMax: 8, suvPeak: 6, suvMean: 4, metabolicVolumeMl: 0.7, thresholdSuv: 3.3 };
  const reading: Reading = {
    schema: 'lucency.reading/1',
    input: kind === 'ribs' ? 'ward/chest' : 'ward/leg',
    kind,
    study: '1.2.3',
    image: { width: size[0], height: size[1], depth: size[2], pixelSpacingMm: [2, 2], region: null },
    verdict: kind === 'ribs' ? 'fracture' : 'infection',
    probability: 0.8,
    findings: [finding],
    limitations: [{ code: 'LUC_VOLUME_SLICES_FILLED', text: '1 missing slice(s) were filled in.' }],
    series: [{ modality: 'CT', width: 40, height: 36, depth: 30, spacingMm: [2, 2, 3] }],
    ...(kind === 'ribs'
      ? {
          ribs: {
            ribsFound: 24,
            ribsNumbered: 23,
            fractures: { total: 1, left: 0, right: 1, fresh: 1, old: 0, displaced: 1 },
            flailSegments: [{ side: 'right', ribs: [5, 6, 7] }],
          },
        }
      : {
          suv: { hottest: { ...measures, centerMm: [...centerMm] }, rule: { cutOff: 4.75, positive: true } },
        }),
    models: [{ id: 'm', version: '1.0.0', sha256: 'ab'.repeat(32), trainedOnSimulatedDataOnly: true }],
    timingsMs: { total: 1200 },
  };
  return {
    reading,
    ct: sampleVolume('CT'),
    pet: kind === 'infection' ? sampleVolume('PT') : null,
    heatMaps: [],
    ribs:
      kind === 'ribs'
        ? [
            {
              side: 'right',
              number: 7,
              pointsMm: Array.from(
                { length: 30 },
                (_, at): Vector3 => [centerMm[0] - 15 + at, centerMm[1], centerMm[2]],
              ),
            },
          ]
        : [],
  };
}
