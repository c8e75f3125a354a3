import { boxArea } from '../../core/box.js';
import { isVolumeKind } from '../../core/reader-kinds.js';
import type { Reading } from '../../core/reading.js';

/**
 * Marks of readers as truth in COCO format, as `lucency evaluate --truth` takes it: one category, boxes in pixels, the
 * type as an extra field. Images without marks are listed, too. Marks of volumes, which have no voxel boxes
 * here, and images that were refused are left out.
 */
export function cocoOfReadings(readings: readonly Reading[]): object {
  const flat = readings.filter(({ kind, verdict }) => !isVolumeKind(kind) && verdict !== 'refused');
  const annotations = flat.flatMap(({ findings }, image) =>
    findings.flatMap(({ box, type }) => (box ? [{ image, box, type }] : [])),
  );
  return {
    info: { description: 'Marks read from DICOM structured reports (TID 1500) by lucency marks' },
    images: flat.map(({ input, image: { width, height } }, id) => ({ id, file_name: input, width, height })),
    annotations: annotations.map(({ image, box, type }, id) => ({
      id,
      image_id: image,
      category_id: 1,
      bbox: box,
      area: boxArea(box),
      iscrowd: 0,
      ...(type && type.label !== null ? { type: type.label } : {}),
    })),
    categories: [{ id: 1, name: 'fracture' }],
  };
}
