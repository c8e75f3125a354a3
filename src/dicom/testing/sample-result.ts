import { affineOf } from '../../core/affine.js';
import type { HeatMap } from '../../core/heat-map.js';
import type { Finding, Reading } from '../../core/reading.js';
import type { Volume } from '../../core/volume.js';
import { readDicomAttributes } from '../../image/dicom/identity.js';
import { imageElements, type TestElement, writeDicom } from '../../image/testing/dicom-writer.js';
import { ctSeries } from '../../phantom/output/series/ct-series.js';
import { type AttributeName, tagOf } from '../data-set/attributes.js';
import type { VolumeSource } from '../results/volume-source.js';

export const digitalXRay = '1.2.840.10008.5.1.4.1.1.1.1';

/** Patient, study, series and image of a small radiograph; `changes` replace elements or, with null, take them away. */
export function sampleElements(changes: Readonly<Record<number, TestElement | null>> = {}): TestElement[] {
  const elements: TestElement[] = [
    [0x0008_0005, 'CS', 'ISO_IR 100'],
    [0x0008_0016, 'UI', digitalXRay],
    [0x0008_0018, 'UI', '1.2.826.0.1.3680043.8.498.1'],
    [0x0008_0020, 'DA', '20260102'],
    [0x0008_0030, 'TM', '101112'],
    [0x0008_0050, 'SH', 'ACC-1'],
    [0x0008_0060, 'CS', 'DX'],
    [0x0008_0090, 'PN', 'Referrer^Rita'],
    [0x0008_1030, 'LO', 'Wrist, two views'],
    [0x0010_0010, 'PN', 'M\u00fcller^J\u00f6rg'],
    [0x0010_0020, 'LO', 'PID-7'],
    [0x0010_0030, 'DA', '19700102'],
    [0x0010_0040, 'CS', 'M'],
    [0x0018_0015, 'CS', 'WRIST'],
    [0x0018_1164, 'DS', '0.2\\0.2'],
    [0x0020_000d, 'UI', '1.2.826.0.1.3680043.8.498.2'],
    [0x0020_000e, 'UI', '1.2.826.0.1.3680043.8.498.3'],
    [0x0020_0010, 'SH', 'S1'],
    [0x0020_0020, 'CS', 'R\\F'],
    [0x0020_0062, 'CS', 'L'],
  ];
  const kept = elements.filter(([tag]) => !(tag in changes));
  return [...kept, ...Object.values(changes).filter((element) => element !== null)];
}

export const sampleSize = { width: 160, height: 200 } as const;

/** A small radiograph as a DICOM file. */
export function sampleSource(
  changes: Readonly<Record<number, TestElement | null>> = {},
  options: Parameters<typeof writeDicom>[1] = {},
): Uint8Array {
  const { width, height } = sampleSize;
  const pixels = Uint16Array.from({ length: width * height }, (_, at) => (at * 13) % 4096);
  const window: TestElement[] = [
    [0x0028_1050, 'DS', '2048'],
    [0x0028_1051, 'DS', '4096'],
    [0x0028_1052, 'DS', '0'],
    [0x0028_1053, 'DS', '1'],
    [0x0028_1054, 'LO', 'US'],
  ];
  const more = [...sampleElements(changes), ...window];
  return writeDicom(imageElements({ width, height, bitsStored: 12, pixels, more }), options);
}

export const sampleFindings: readonly Finding[] = [
  {
    id: 1,
    box: [20.25, 40.5, 60, 50.75],
    score: 0.8812,
    certainty: 'definite',
    type: {
      label: 'oblique',
      probabilities: { transverse: 0.1, oblique: 0.5, spiral: 0.4 },
      set: ['oblique', 'spiral'],
    },
  },
  { id: 2, box: [100, 120, 30, 40], score: 0.31, certainty: 'doubtful' },
  { id: 3, box: [0, 0, 10, 10], score: 0.002, certainty: 'candidate' },
];

export function sampleReading(changes: Partial<Reading> = {}): Reading {
  return {
    schema: 'lucency.reading/1',
    input: 'wrist.dcm',
    kind: 'radiograph',
    study: '1.2.826.0.1.3680043.8.498.2',
    image: {
      ...sampleSize,
      pixelSpacingMm: [0.2, 0.2],
      spacingSource: 'ImagerPixelSpacing',
      region: { label: 'hand', probability: 0.98 },
    },
    verdict: 'fracture',
    probability: 0.9312,
    findings: [...sampleFindings],
    models: [
      { id: 'yolov8n-fracture', version: '1.0.0', sha256: 'ab'.repeat(32) },
      { id: 'fracture-combiner', version: '1.2.0', sha256: 'cd'.repeat(32) },
    ],
    timingsMs: { total: 310 },
    ...changes,
  };
}

/** A map with one warm place, over the whole of the sample image. */
export const sampleHeatMap: HeatMap = {
  model: 'yolov8n-fracture',
  findingId: null,
  method: 'grad-cam',
  width: 8,
  height: 10,
  values: Float32Array.from({ length: 80 }, (_, at) =>
    Math.max(0, 3 - Math.hypot((at % 8) - 3, Math.floor(at / 8) - 4)),
  ),
  affine: { scaleX: 20, scaleY: 20, offsetX: 0, offsetY: 0 },
};

const sampleCt: Volume = {
  modality: 'CT',
  unit: 'HU',
  size: [32, 24, 6],
  affine: affineOf([0.75, 0, 0], [0, 0.75, 0], [0, 0, 1.5], [-12, -9, -300]),
  voxels: Int16Array.from({ length: 32 * 24 * 6 }, (_, at) => (at % 1000) - 500),
  paddingValue: null,
  slices: [],
  dicom: null,
};

function uidOf(file: Uint8Array | undefined, name: AttributeName): string {
  return (file && readDicomAttributes(file).text(tagOf(name))) ?? '';
}

/** A small simulated CT: its files, and what a reader of it hands on. */
export function sampleSeries(): { files: Uint8Array[]; volume: VolumeSource; reading: Reading } {
  const options = { study: 'ribs', seed: 1, subject: 'thorax', bodyPart: 'CHEST' } as const;
  const files = [...ctSeries(sampleCt, options)].map(({ bytes }) => bytes);
  const [columns, rows, slices] = sampleCt.size;
  return {
    files,
    volume: {
      grid: sampleCt,
      slices: files.map((file) => ({ sopInstanceUid: uidOf(file, 'SOPInstanceUID'), frame: null })),
      frameOfReferenceUid: uidOf(files[0], 'FrameOfReferenceUID'),
    },
    reading: sampleReading({
      kind: 'ribs',
      input: 'thorax',
      study: uidOf(files[0], 'StudyInstanceUID'),
      image: {
        width: columns,
        height: rows,
        depth: slices,
        pixelSpacingMm: [0.75, 0.75],
        region: null,
      },
      findings: [
        {
          id: 1,
          box3d: [4, 6, 1, 8, 10, 3],
          centerMm: [-12 + 0.75 * 7.5, -9 + 0.75 * 10.5, -300 + 1.5 * 2],
          score: 0.77,
          certainty: 'definite',
          rib: { side: 'right', number: 7, part: 'lateral' },
          description: 'right 7th rib, lateral',
        },
      ],
    }),
  };
}
