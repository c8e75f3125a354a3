import type { HeatMap } from '../../core/heat-map.js';
import type { Radiograph } from '../../core/radiograph.js';
import type { Finding, Reading } from '../../core/reading.js';

/** A picture for tests: smooth grey with a pattern in it, so that a changed pixel shows. */
export function sampleRadiograph(width: number, height: number): Radiograph {
  const pixels = Uint16Array.from({ length: width * height }, (_, index) => {
    const x = index % width;
    const y = Math.floor(index / width);
    return 20_000 + ((x * 977 + y * 1_409) % 20_000);
  });
  return {
    width,
    height,
    pixels,
    padding: null,
    bitsStored: 16,
    pixelSpacingMm: null,
    spacingSource: null,
    colourfulness: null,
    format: 'png',
    frame: 1,
    frames: 1,
    dicom: null,
  };
}

export function sampleFinding(id: number, box: Finding['box'], certainty: Finding['certainty']): Finding {
  return {
    id,
    ...(box ? { box } : {}),
    score: certainty === 'definite' ? 0.88 : 0.31,
    certainty,
    type: {
      label: 'oblique',
      probabilities: { transverse: 0.1, oblique: 0.5, spiral: 0.4 },
      set: ['oblique', 'spiral'],
    },
  };
}

export function sampleReading(radiograph: Radiograph, changes: Partial<Reading> = {}): Reading {
  return {
    schema: 'lucency.reading/1',
    input: 'wrist.dcm',
    kind: 'radiograph',
    image: {
      width: radiograph.width,
      height: radiograph.height,
      pixelSpacingMm: null,
      spacingSource: null,
      region: { label: 'hand', probability: 0.98 },
    },
    verdict: 'fracture',
    probability: 0.93,
    probabilities: { 'resnet18-fracture': 0.9 },
    findings: [],
    models: [{ id: 'yolov8s-fracture', version: '1.0.0', sha256: 'ab'.repeat(32) }],
    timingsMs: { decode: 12, total: 310 },
    ...changes,
  };
}

/** A map of `width` x `height` cells that covers the whole image, with the values of a function of the cell. */
export function sampleHeatMap(
  image: { width: number; height: number },
  width: number,
  height: number,
  value: (column: number, row: number) => number,
  changes: Partial<HeatMap> = {},
): HeatMap {
  return {
    model: 'resnet18-fracture',
    findingId: null,
    method: 'grad-cam',
    width,
    height,
    values: Float32Array.from({ length: width * height }, (_, index) =>
      value(index % width, Math.floor(index / width)),
    ),
    affine: { scaleX: image.width / width, scaleY: image.height / height, offsetX: 0, offsetY: 0 },
    ...changes,
  };
}
