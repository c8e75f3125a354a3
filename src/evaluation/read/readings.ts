import { LucencyError } from '../../core/errors.js';
import { type Finding, type ModelUse, type Reading, readingSchema } from '../../core/reading.js';
import { linesOf, type OpenedFile } from './input-file.js';
import type { Detection, Prediction, Predictions } from './predictions.js';
import { requireUnique } from './unique-ids.js';

function parseLine(text: string, line: number, path: string): Reading | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new LucencyError(
      'LUC_EVALUATION_FILE_INVALID',
      { path, reason: `line ${line} is no JSON` },
      { cause },
    );
  }
  // `lucency analyze --studies` adds a summary per study behind the readings.
  const isStudy =
    typeof value === 'object' && value !== null && 'schema' in value && value.schema === 'lucency.study/1';
  if (isStudy) return null;
  const result = readingSchema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const reason = `line ${line} is no reading (${issue?.path.join('.') || 'document'}: ${issue?.message ?? 'invalid'})`;
  throw new LucencyError('LUC_EVALUATION_FILE_INVALID', { path, reason });
}

function detection(finding: Finding): Detection[] {
  const box = finding.box3d ?? finding.box;
  if (box === undefined) return [];
  const { score, certainty, type } = finding;
  return [{ box, score, category: null, certainty, type: type ?? null }];
}

function prediction(reading: Reading): Prediction {
  const [row, column] = reading.image.pixelSpacingMm ?? [];
  return {
    key: reading.frame === undefined ? reading.input : `${reading.input}#${reading.frame}`,
    score: reading.verdict === 'refused' ? null : reading.probability,
    verdict: reading.verdict,
    detections: reading.findings.flatMap(detection),
    type: null,
    spacing: row === undefined || column === undefined ? null : [row, column],
  };
}

/** Reads readings, one JSON object per line. A frame of a multi-frame file is the image `input#frame`. */
export function readReadings(opened: OpenedFile): Predictions {
  const { file } = opened;
  const items: Prediction[] = [];
  const models = new Map<string, ModelUse>();
  for (const { line, text } of linesOf(opened)) {
    const reading = parseLine(text, line, file.path);
    if (reading === null) continue;
    items.push(prediction(reading));
    for (const model of reading.models) models.set(`${model.id} ${model.version} ${model.sha256}`, model);
  }
  requireUnique(
    items.map(({ key }) => key),
    'LUC_EVALUATION_DUPLICATE_PREDICTION',
    file.path,
  );
  return {
    file,
    kind: 'readings',
    scoreColumn: null,
    items,
    complete: false,
    hasBoxes: true,
    hasTypes: items.some(({ detections }) => detections.some(({ type }) => type !== null)),
    models: [...models.values()],
  };
}
