import { LucencyError } from '../../core/errors.js';
import { type Sought, volumeKindSeeking } from '../../core/reader-kinds.js';
import type { Finding, Reading, Verdict } from '../../core/reading.js';
import type { VoxelGrid } from '../../core/volume.js';
import type { DataSet } from '../../image/dicom/data-set.js';
import { readDicomAttributes } from '../../image/dicom/identity.js';
import { answer, concept } from '../codes/concepts.js';
import { tagOf } from '../data-set/attributes.js';
import { soughtCodes } from '../report/verdict.js';
import { assignToImages, type Target } from './assign-to-images.js';
import { type ContentNode, contentNode, descendants, isCode } from './content-node.js';
import { type ReadFinding, readFinding, statedProbability } from './read-finding.js';

/** What is known of an image that a report refers to. */
export interface KnownImage {
  /** How the image is called in the reading: its file. */
  readonly input: string;
  readonly width: number;
  readonly height: number;
  readonly patientId: string | null;
}

export interface ReadReportOptions {
  /** For error messages. @default 'report' */
  readonly name?: string;
  /** Images by SOP Instance UID. Without it an image is called by its UID. */
  readonly images?: ReadonlyMap<string, KnownImage>;
  /** Where the voxels lie that the findings of a volume refer to; without it they have no voxel boxes. */
  readonly grid?: VoxelGrid;
}

function openReport(bytes: Uint8Array, name: string): DataSet {
  const dataSet = readDicomAttributes(bytes, name);
  const isReport = dataSet.text(tagOf('Modality')) === 'SR' || dataSet.has(tagOf('ContentSequence'));
  if (!isReport) throw new LucencyError('LUC_MARKS_NO_REPORT', { path: name });
  return dataSet;
}

/** The images that a report says it is evidence of. */
function evidenceImages(dataSet: DataSet): string[] {
  const studies = [
    ...dataSet.items(tagOf('CurrentRequestedProcedureEvidenceSequence')),
    ...dataSet.items(tagOf('PertinentOtherEvidenceSequence')),
  ];
  return studies
    .flatMap((study) => study.items(tagOf('ReferencedSeriesSequence')))
    .flatMap((series) => series.items(tagOf('ReferencedSOPSequence')))
    .flatMap((item) => item.text(tagOf('ReferencedSOPInstanceUID')) ?? []);
}

/** Size of the images as the image library states it; null where it does not. */
function librarySize(root: ContentNode): { width: number; height: number } | null {
  const stated = (code: { value: string; scheme: string }): number | undefined =>
    [...descendants(root)].find(({ name }) => isCode(name, code))?.number?.value;
  const width = stated(concept.pixelDataColumns);
  const height = stated(concept.pixelDataRows);
  return width && height ? { width, height } : null;
}

/** The report's own answer to the whole, where it gives one as Lucency does. */
function statedVerdict(root: ContentNode, sought: Sought): Verdict | null {
  const stated =
    [...descendants(root)].find(({ name, code }) => code && isCode(name, soughtCodes[sought]))?.code ?? null;
  if (isCode(stated, answer.detected)) return sought;
  if (isCode(stated, answer.notDetected)) return `no-${sought}`;
  if (isCode(stated, answer.inconclusive)) return 'doubt';
  return isCode(stated, answer.testNotDone) ? 'refused' : null;
}

/** A report as it was read, before its findings are told apart by image. */
interface Report {
  readonly name: string;
  readonly dataSet: DataSet;
  readonly read: readonly ReadFinding[];
  /** What it says was looked for; a report that names nothing of ours is taken to look for fractures. */
  readonly sought: Sought;
  /** The answer and its probability where the report gives them for the whole. */
  readonly verdict: Verdict | null;
  readonly probability: number | null;
  readonly size: { readonly width: number; readonly height: number } | null;
  readonly images: readonly string[];
}

function parse(bytes: Uint8Array, name: string, grid: VoxelGrid | null): Report {
  const dataSet = openReport(bytes, name);
  const root = contentNode(dataSet);
  const groups = [...descendants(root)].filter((node) => isCode(node.name, concept.measurementGroup));
  const named = (sought: Sought): boolean =>
    groups.some(({ children }) =>
      children.some(
        ({ name: asked, code }) => isCode(asked, concept.finding) && isCode(code, soughtCodes[sought]),
      ),
    );
  const sought = (Object.keys(soughtCodes) as Sought[]).filter(named).at(-1) ?? 'fracture';
  const overall = groups.find(({ children }) =>
    children.some(({ name: asked }) => isCode(asked, soughtCodes[sought])),
  );
  const marks = groups.filter((group) => group !== overall);
  return {
    name,
    dataSet,
    read: marks.flatMap((group) => readFinding(group, grid) ?? []),
    sought,
    verdict: statedVerdict(root, sought),
    probability: overall ? statedProbability(overall) : null,
    size: librarySize(root),
    images: evidenceImages(dataSet),
  };
}

/** The part of a reading that findings decide. @param alone whether the report's own answer is for them alone */
function conclusion(
  { sought, verdict, probability }: Report,
  read: readonly ReadFinding[],
  alone: boolean,
): Pick<Reading, 'verdict' | 'probability' | 'findings'> {
  const findings = read.map(({ finding }, index): Finding => ({ id: index + 1, ...finding }));
  const shown = findings.filter(({ certainty }) => certainty !== 'candidate');
  const decided = (alone ? verdict : null) ?? (shown.length > 0 ? sought : (`no-${sought}` as const));
  const highest = shown.reduce((most, { score }) => Math.max(most, score), 0);
  const stated = alone ? probability : null;
  return { verdict: decided, probability: decided === 'refused' ? null : (stated ?? highest), findings };
}

function frameOf({ dataSet }: Report): Pick<Reading, 'schema' | 'study' | 'models' | 'timingsMs'> {
  const study = dataSet.text(tagOf('StudyInstanceUID'));
  return { schema: 'lucency.reading/1', models: [], timingsMs: {}, ...(study === null ? {} : { study }) };
}

/** The first series that the report is evidence of. */
function seriesOf({ dataSet, name }: Report): string {
  const [study] = dataSet.items(tagOf('CurrentRequestedProcedureEvidenceSequence'));
  const [series] = study?.items(tagOf('ReferencedSeriesSequence')) ?? [];
  return series?.text(tagOf('SeriesInstanceUID')) ?? name;
}

function volumeReading(report: Report, grid: VoxelGrid | null): Reading {
  const [width = report.size?.width, height = report.size?.height, depth] = grid?.size ?? [];
  const input = seriesOf(report);
  if (!width || !height) {
    throw new LucencyError('LUC_MARKS_IMAGE_UNKNOWN', { path: report.name, uid: input });
  }
  return {
    ...frameOf(report),
    input,
    kind: volumeKindSeeking(report.sought),
    image: { width, height, ...(depth ? { depth } : {}), pixelSpacingMm: null, region: null },
    ...conclusion(
      report,
      report.read.filter(({ isVolume }) => isVolume),
      true,
    ),
  };
}

function imageReading(
  report: Report,
  { target, findings }: { target: Target; findings: readonly ReadFinding[] },
  known: KnownImage | undefined,
  alone: boolean,
): Reading {
  const { width, height } = known ?? report.size ?? {};
  if (!width || !height) {
    throw new LucencyError('LUC_MARKS_IMAGE_UNKNOWN', { path: report.name, uid: target.uid });
  }
  const patientId = report.dataSet.text(tagOf('PatientID'));
  if (known?.patientId && patientId && known.patientId !== patientId) {
    throw new LucencyError('LUC_MARKS_PATIENT_MISMATCH', { path: report.name, image: known.input });
  }
  return {
    ...frameOf(report),
    input: known?.input ?? target.uid,
    kind: 'radiograph',
    ...(target.frame === null ? {} : { frame: target.frame }),
    image: { width, height, pixelSpacingMm: null, region: null },
    ...conclusion(report, findings, alone),
  };
}

/**
 * Reads a structured report of measurements (TID 1500), Lucency's own or another's, as readings: one for each image that
 * it refers to, those without marks included; one for a whole series where its regions lie in space. A mark without a
 * stated probability counts as certain. Sizes come from the image library of the report, else from `images`.
 *
 * @throws LUC_MARKS_NO_REPORT, LUC_MARKS_IMAGE_UNKNOWN, LUC_MARKS_PATIENT_MISMATCH, LUC_DICOM_*
 */
export function readReport(bytes: Uint8Array, options: ReadReportOptions = {}): Reading[] {
  const grid = options.grid ?? null;
  const report = parse(bytes, options.name ?? 'report', grid);
  if (report.read.some(({ isVolume }) => isVolume)) return [volumeReading(report, grid)];
  const assigned = assignToImages(report.images, report.read);
  return assigned.map((one) =>
    imageReading(report, one, options.images?.get(one.target.uid), assigned.length === 1),
  );
}
