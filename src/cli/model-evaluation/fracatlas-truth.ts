import { access, readdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { LucencyError } from '../../core/errors.js';
import { readJson } from '../../evaluation/read/input-file.js';

const cocoSchema = z.object({
  images: z.array(z.object({ id: z.number(), file_name: z.string(), width: z.number(), height: z.number() })),
  annotations: z.array(
    z.object({
      id: z.number(),
      image_id: z.number(),
      bbox: z.array(z.number()).length(4),
      area: z.number(),
      iscrowd: z.number().optional(),
    }),
  ),
});
type Coco = z.infer<typeof cocoSchema>;

/** FracAtlas as it lies on this machine. */
export interface FracAtlas {
  /** Boxes of the images that have any, by file name, in pixels of images whose longest side is at most 1280. */
  readonly boxes: ReadonlyMap<string, { readonly box: number[]; readonly area: number }[]>;
  /** Path of every image file, by name. */
  readonly files: ReadonlyMap<string, string>;
}

/** The networks were trained, and their boxes stored, in pixels of images that were cut down to this. */
const longestSide = 1280;

const layouts = [
  { annotations: 'annotations.coco.json', images: ['images'] },
  {
    annotations: 'Annotations/COCO JSON/COCO_fracture_masks.json',
    images: ['images/Fractured', 'images/Non_fractured'],
  },
  {
    annotations: 'Annotations/COCO JSON/COCO_fracture.json',
    images: ['images/Fractured', 'images/Non_fractured'],
  },
];

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function boxesOf({ images, annotations }: Coco): FracAtlas['boxes'] {
  const byId = new Map(images.map((image) => [image.id, image]));
  const boxes = new Map<string, { box: number[]; area: number }[]>();
  for (const { image_id, bbox, area } of annotations) {
    const image = byId.get(image_id);
    if (image === undefined) continue;
    const scale = Math.min(1, longestSide / Math.max(image.width, image.height));
    const own = boxes.get(image.file_name) ?? [];
    own.push({ box: bbox.map((value) => value * scale), area: area * scale * scale });
    boxes.set(image.file_name, own);
  }
  return boxes;
}

/**
 * Reads the annotations of FracAtlas: the public download (figshare 22363012) as published, or a folder with
 * `annotations.coco.json` and `images/`.
 *
 * @throws LUC_USAGE_INVALID when the folder is neither; LUC_EVALUATION_FILE_INVALID for annotations of another shape
 */
export async function readFracAtlas(folder: string): Promise<FracAtlas> {
  for (const { annotations, images } of layouts) {
    const file = path.join(folder, annotations);
    if (!(await exists(file))) continue;
    const parsed = cocoSchema.safeParse(await readJson(file));
    if (!parsed.success) {
      const reason = parsed.error.issues[0]?.message ?? 'it is no COCO file';
      throw new LucencyError('LUC_EVALUATION_FILE_INVALID', { path: file, reason });
    }
    const files = new Map<string, string>();
    for (const place of images) {
      for (const name of await readdir(path.join(folder, place))) {
        files.set(name, path.join(folder, place, name));
      }
    }
    return { boxes: boxesOf(parsed.data), files };
  }
  const reason = `${folder} holds neither annotations.coco.json nor Annotations/COCO JSON: it is no FracAtlas`;
  throw new LucencyError('LUC_USAGE_INVALID', { reason });
}

/** Number that the stored boxes give an image: that in its file name. */
function numberOf(name: string): number {
  return Number(/\d+/.exec(name)?.[0]);
}

/** The truth of some images as COCO, images without fracture included. */
export function cocoTruthOf({ boxes }: FracAtlas, images: readonly string[]): object {
  const annotations = images.flatMap((name) =>
    (boxes.get(name) ?? []).map(({ box, area }) => ({ name, box, area })),
  );
  return {
    info: { description: 'FracAtlas (Abedeen et al. 2023, CC BY 4.0): the images reported' },
    images: images.map((name) => ({ id: numberOf(name), file_name: name })),
    categories: [{ id: 1, name: 'fracture' }],
    annotations: annotations.map(({ name, box, area }, index) => ({
      id: index + 1,
      image_id: numberOf(name),
      category_id: 1,
      bbox: box,
      area,
      iscrowd: 0,
    })),
  };
}
