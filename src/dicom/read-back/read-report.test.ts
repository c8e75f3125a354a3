import { describe, expect, it } from 'vitest';
import { LucencyError } from '../../core/errors.js';
import { readingSchema } from '../../core/reading.js';
import { type Code, dcm } from '../codes/code.js';
import { concept, unit } from '../codes/concepts.js';
import { type DataSetValues, elementsOf } from '../data-set/encode.js';
import { writeFile } from '../data-set/write-file.js';
import {
  type ContentItem,
  codeValue,
  container,
  imageReference,
  numberValue,
  textValue,
} from '../report/content-items.js';
import { comprehensive3dSr } from '../report/structured-report.js';
import { resultObjects } from '../results/result-objects.js';
import { sampleReading, sampleSeries, sampleSource } from '../testing/sample-result.js';
import { readReport } from './read-report.js';

const version = '0.1.0';
const image: DataSetValues = {
  ReferencedSOPClassUID: '1.2.840.10008.5.1.4.1.1.1.1',
  ReferencedSOPInstanceUID: '1.2.3.4',
};
const other: DataSetValues = { ...image, ReferencedSOPInstanceUID: '1.2.3.5' };

/** A report as another maker writes it: no image library, no verdict, regions of any shape. */
function foreignReport(groups: readonly ContentItem[], patientId = 'P'): Uint8Array {
  const series = { SeriesInstanceUID: '1.2.3', ReferencedSOPSequence: [image, other] };
  const values: DataSetValues = {
    SOPClassUID: comprehensive3dSr,
    SOPInstanceUID: '1.2.9',
    Modality: 'SR',
    PatientID: patientId,
    StudyInstanceUID: '1.2',
    CurrentRequestedProcedureEvidenceSequence: [
      { StudyInstanceUID: '1.2', ReferencedSeriesSequence: [series] },
    ],
    ...container(null, concept.imagingMeasurementReport, [
      container('CONTAINS', concept.imagingMeasurements, groups),
    ]),
  };
  return writeFile(comprehensive3dSr, '1.2.9', elementsOf(values));
}

function region(type: string, data: number[], on: DataSetValues = image): ContentItem {
  return {
    RelationshipType: 'CONTAINS',
    ValueType: 'SCOORD',
    GraphicType: type,
    GraphicData: data,
    ContentSequence: [imageReference('SELECTED FROM', null, on)],
  };
}

const group = (...children: ContentItem[]): ContentItem =>
  container('CONTAINS', concept.measurementGroup, children);
const images = new Map(
  ['1.2.3.4', '1.2.3.5'].map((uid) => [uid, { input: `${uid}.dcm`, width: 90, height: 80, patientId: 'P' }]),
);

describe("Lucency's own reports read back", () => {
  it('give the findings, types and verdict that were written', () => {
    const reading = sampleReading();
    const [report] = resultObjects({ reading, source: sampleSource(), version });
    const [read] = readReport(report?.bytes ?? new Uint8Array(0));
    expect(readingSchema.parse(read)).toMatchObject({
      input: '1.2.826.0.1.3680043.8.498.1',
      kind: 'radiograph',
      verdict: 'fracture',
      probability: 0.9312,
      image: { width: 160, height: 200 },
    });
    const shown = reading.findings.filter(({ certainty }) => certainty !== 'candidate');
    expect(read?.findings).toEqual(shown);
  });

  it('give voxel boxes of a volume when its grid is known, else centres', () => {
    const { files, volume, reading } = sampleSeries();
    const [report] = resultObjects({ reading, source: files[0] ?? new Uint8Array(0), volume, version });
    const bytes = report?.bytes ?? new Uint8Array(0);
    const [read] = readReport(bytes, { grid: volume.grid });
    const [written] = reading.findings;
    expect(read?.kind).toBe('ribs');
    expect(read?.findings[0]?.box3d).toEqual(written?.box3d);
    const [x, y, z] = readReport(bytes)[0]?.findings[0]?.centerMm ?? [];
    expect(x).toBeCloseTo(written?.centerMm?.[0] ?? 0, 4);
    expect(y).toBeCloseTo(written?.centerMm?.[1] ?? 0, 4);
    expect(z).toBeCloseTo(-297, 4);
  });

  it('give a negative and a refused image as such', () => {
    for (const verdict of ['no-fracture', 'refused'] as const) {
      const probability = verdict === 'refused' ? null : 0.02;
      const reading = sampleReading({ verdict, probability, findings: [] });
      const [report] = resultObjects({ reading, source: sampleSource(), version });
      expect(readReport(report?.bytes ?? new Uint8Array(0))).toMatchObject([
        { verdict, probability, findings: [] },
      ]);
    }
  });
});

describe("others' reports", () => {
  it('give a box around any shape', () => {
    const shapes: [string, number[], number[]][] = [
      ['POLYLINE', [10, 20, 40, 22, 30, 60], [10, 20, 30, 40]],
      ['MULTIPOINT', [5, 5, 9, 8], [5, 5, 4, 3]],
      ['POINT', [7, 8], [7, 8, 0, 0]],
      ['CIRCLE', [50, 40, 53, 44], [45, 35, 10, 10]],
      ['ELLIPSE', [10, 30, 50, 30, 30, 20, 30, 40], [10, 20, 40, 20]],
    ];
    const bytes = foreignReport(shapes.map(([type, data]) => group(region(type, data))));
    const [read] = readReport(bytes, { images });
    expect(read?.findings.map(({ box }) => box)).toEqual(shapes.map(([, , box]) => box));
  });

  it('count a mark without a number as certain, and read numbers in percent or plain', () => {
    const plain: Code = { value: '1', scheme: 'UCUM', meaning: 'no units' };
    const bytes = foreignReport([
      group(region('POINT', [1, 1])),
      group(
        region('POINT', [2, 2]),
        numberValue('CONTAINS', dcm('111012', 'Certainty of Finding'), 45, unit.percent),
      ),
      group(region('POINT', [3, 3]), numberValue('CONTAINS', concept.probability, 0.2, plain)),
    ]);
    expect(readReport(bytes, { images })[0]?.findings.map(({ score }) => score)).toEqual([1, 0.45, 0.2]);
  });

  it('find regions that a measurement was inferred from, as OHIF writes them', () => {
    const length: ContentItem = {
      ...numberValue('CONTAINS', dcm('410668003', 'Length'), 12, unit.pixels),
      ContentSequence: [region('POLYLINE', [1, 2, 11, 22])],
    };
    const [read] = readReport(foreignReport([group(length)]), { images });
    expect(read?.findings[0]?.box).toEqual([1, 2, 10, 20]);
  });

  it('tell images apart, and name those without marks', () => {
    const bytes = foreignReport([
      group(region('POINT', [1, 1], other)),
      group(textValue('CONTAINS', concept.comment, 'x')),
    ]);
    expect(readReport(bytes, { images })).toMatchObject([
      { input: '1.2.3.5.dcm', verdict: 'fracture', probability: 1 },
      { input: '1.2.3.4.dcm', verdict: 'no-fracture', probability: 0, findings: [] },
    ]);
  });

  it('keep the words of types that Lucency has no name for', () => {
    const type: Code = { value: 'X1', scheme: '99OTHER', meaning: 'Segmental fracture' };
    const bytes = foreignReport([
      group(region('POINT', [1, 1]), codeValue('CONTAINS', concept.associatedMorphology, type)),
    ]);
    expect(readReport(bytes, { images })[0]?.findings[0]?.type?.label).toBe('Segmental fracture');
  });

  const code = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      return error instanceof LucencyError ? error.code : String(error);
    }
    return 'no error';
  };

  it('are refused when they are no reports, name unknown images, or another patient', () => {
    const mark = group(region('POINT', [1, 1]));
    expect(code(() => readReport(sampleSource()))).toBe('LUC_MARKS_NO_REPORT');
    expect(code(() => readReport(foreignReport([mark])))).toBe('LUC_MARKS_IMAGE_UNKNOWN');
    expect(code(() => readReport(foreignReport([mark], 'Q'), { images }))).toBe('LUC_MARKS_PATIENT_MISMATCH');
    expect(code(() => readReport(foreignReport([mark]).subarray(0, 600)))).toBe('LUC_DICOM_TRUNCATED');
  });
});
