import { z } from 'zod';
import { LucencyError } from '../../core/errors.js';
import { jsonOf, type OpenedFile } from './input-file.js';
import type { Truth, TruthImage, TruthLesion } from './truth.js';
import { requireUnique } from './unique-ids.js';

const annotationSchema = z.object({
  id: z.union([z.number(), z.string()]).optional(),
  image_id: z.number(),
  category_id: z.number().optional(),
  bbox: z.array(z.number()).length(4).optional(),
  /** Extension for volumes: [x, y, z, width, height, depth] in voxels. */
  bbox3d: z.array(z.number()).length(6).optional(),
  area: z.number().nonnegative().optional(),
  iscrowd: z.union([z.number(), z.boolean()]).optional(),
  /** Extension: the type of the fracture. */
  type: z.string().optional(),
});

const cocoSchema = z.object({
  info: z.looseObject({ simulated: z.boolean().optional() }).optional(),
  images: z.array(z.looseObject({ id: z.number(), file_name: z.string().optional() })),
  annotations: z.array(annotationSchema),
  categories: z.array(z.object({ id: z.number(), name: z.string().optional() })).optional(),
});
type Coco = z.infer<typeof cocoSchema>;

function parse(value: unknown, path: string): Coco {
  const result = cocoSchema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const reason = `${issue?.path.join('.') || 'the document'}: ${issue?.message ?? 'it is no COCO file'}`;
  throw new LucencyError('LUC_EVALUATION_FILE_INVALID', { path, reason });
}

/** Plain fields of an image entry serve as columns to break down by. */
function columnsOf(image: Record<string, unknown>): Record<string, string> {
  const plain = Object.entries(image).filter(([, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value),
  );
  return Object.fromEntries(plain.map(([name, value]) => [name, String(value)]));
}

function lesion(
  annotation: Coco['annotations'][number],
  index: number,
  categoryIds: readonly number[],
  path: string,
): TruthLesion {
  const box = annotation.bbox3d ?? annotation.bbox;
  const id = String(annotation.id ?? index);
  if (box === undefined) {
    throw new LucencyError('LUC_EVALUATION_FILE_INVALID', {
      path,
      reason: `annotation ${id} has neither bbox nor bbox3d`,
    });
  }
  const category = annotation.category_id === undefined ? 0 : categoryIds.indexOf(annotation.category_id);
  if (category < 0) {
    const reason = `annotation ${id} has the category ${annotation.category_id}, which is not among the categories`;
    throw new LucencyError('LUC_EVALUATION_FILE_INVALID', { path, reason });
  }
  const sides = box.slice(box.length / 2);
  if (sides.some((side) => !(side > 0))) {
    const reason = `the box of annotation ${id} has no size, so that no prediction could ever find it`;
    throw new LucencyError('LUC_EVALUATION_FILE_INVALID', { path, reason });
  }
  const size = sides.reduce((product, side) => product * side, 1);
  return {
    id,
    box,
    area: annotation.area ?? size,
    crowd: Number(annotation.iscrowd ?? 0) !== 0,
    category,
    type: annotation.type ?? null,
  };
}

/** Reads truth in COCO format. An image is diseased when it has an annotation. */
export function readCocoTruth(opened: OpenedFile): Truth {
  const { file } = opened;
  const coco = parse(jsonOf(opened), file.path);
  const categories = (coco.categories ?? [])
    .map(({ id, name }) => ({ id, name: name ?? String(id) }))
    .sort((a, b) => a.id - b.id);
  const categoryIds =
    categories.length > 0
      ? categories.map(({ id }) => id)
      : [...new Set(coco.annotations.flatMap(({ category_id }) => category_id ?? []))].sort((a, b) => a - b);
  const lesions = new Map<number, TruthLesion[]>();
  for (const [index, annotation] of coco.annotations.entries()) {
    const own = lesions.get(annotation.image_id) ?? [];
    own.push(lesion(annotation, index, categoryIds, file.path));
    lesions.set(annotation.image_id, own);
  }
  // pycocotools goes through the images by ascending id; ties between equal scores fall by that order.
  const images = [...coco.images]
    .sort((a, b) => a.id - b.id)
    .map((image): TruthImage => {
      const own = lesions.get(image.id) ?? [];
      const id = image.file_name ?? String(image.id);
      return {
        id,
        number: image.id,
        label: own.length > 0 ? 1 : 0,
        lesions: own,
        type: null,
        columns: columnsOf(image),
      };
    });
  requireUnique(
    images.map(({ id }) => id),
    'LUC_EVALUATION_DUPLICATE_TRUTH',
    file.path,
  );
  requireUnique(
    images.map(({ number }) => String(number)),
    'LUC_EVALUATION_DUPLICATE_TRUTH',
    file.path,
  );
  const known = new Set(coco.images.map(({ id }) => id));
  const homeless = [...lesions.keys()].find((image) => !known.has(image));
  if (homeless !== undefined) {
    const reason = `annotations name the image ${homeless}, which is not among the images`;
    throw new LucencyError('LUC_EVALUATION_FILE_INVALID', { path: file.path, reason });
  }
  return {
    file,
    images,
    hasBoxes: true,
    dimensions: coco.annotations.some(({ bbox3d }) => bbox3d !== undefined) ? 3 : 2,
    categories: categories.length > 0 ? categories : categoryIds.map((id) => ({ id, name: String(id) })),
    simulated: coco.info?.simulated === true,
  };
}
