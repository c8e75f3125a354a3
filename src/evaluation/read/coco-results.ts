import { LucencyError } from '../../core/errors.js';
import { jsonOf, type OpenedFile } from './input-file.js';
import type { Detection, Prediction, Predictions } from './predictions.js';

interface Entry {
  readonly image: number;
  readonly detection: Detection;
}

function isNumbers(value: unknown, length: number): value is number[] {
  return Array.isArray(value) && value.length === length && value.every((item) => typeof item === 'number');
}

/** Checked by hand: a schema library would take minutes over millions of boxes. */
function parseEntry(value: unknown, index: number, path: string): Entry {
  const entry = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const { image_id: image, category_id: category, bbox, bbox3d, score } = entry;
  const box = isNumbers(bbox3d, 6) ? bbox3d : isNumbers(bbox, 4) ? bbox : null;
  const wrong =
    typeof image !== 'number'
      ? 'image_id is no number'
      : box === null
        ? 'bbox is not four numbers'
        : typeof score !== 'number' || !Number.isFinite(score)
          ? 'score is no finite number'
          : null;
  if (wrong !== null || typeof image !== 'number' || box === null || typeof score !== 'number') {
    throw new LucencyError('LUC_EVALUATION_FILE_INVALID', { path, reason: `entry ${index + 1}: ${wrong}` });
  }
  const named = typeof category === 'number' ? category : null;
  return { image, detection: { box, score, category: named, certainty: null, type: null } };
}

/**
 * Reads detections in COCO results format: `[{ image_id, category_id, bbox, score }]`. The score of an image is that of
 * its highest box, 0 without boxes.
 */
export function readCocoResults(opened: OpenedFile): Predictions {
  const { file } = opened;
  const value = jsonOf(opened);
  if (!Array.isArray(value)) {
    throw new LucencyError('LUC_EVALUATION_FILE_INVALID', {
      path: file.path,
      reason: 'it is no list of detections',
    });
  }
  const byImage = new Map<number, Detection[]>();
  value.forEach((item, index) => {
    const { image, detection } = parseEntry(item, index, file.path);
    const own = byImage.get(image);
    if (own) own.push(detection);
    else byImage.set(image, [detection]);
  });
  const items = [...byImage].map(
    ([image, detections]): Prediction => ({
      key: String(image),
      score: detections.reduce((highest, { score }) => Math.max(highest, score), Number.NEGATIVE_INFINITY),
      verdict: null,
      detections,
      type: null,
      spacing: null,
    }),
  );
  return {
    file,
    kind: 'coco-results',
    scoreColumn: null,
    items,
    complete: true,
    hasBoxes: true,
    hasTypes: false,
    models: [],
  };
}
