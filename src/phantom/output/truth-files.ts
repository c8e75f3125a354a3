import type { AnatomyName } from '../anatomy/anatomies.js';
import { anatomies } from '../anatomy/anatomies.js';
import { fractureTypes } from '../fracture/types.js';
import type { SimulatedRadiograph } from './simulated.js';

/** One written image: its file and what it shows. Pixels are not kept. */
export interface WrittenPhantom extends Omit<SimulatedRadiograph, 'pixels'> {
  readonly fileName: string;
  readonly study: string;
}

/** What is known of an image once it is written. */
export function withoutPixels(image: SimulatedRadiograph, fileName: string, study: string): WrittenPhantom {
  const { pixels: _, ...facts } = image;
  return { ...facts, fileName, study };
}

function regionOf(anatomy: AnatomyName): string {
  return anatomies[anatomy].limb;
}

/** Truth in COCO format: one category `fracture`, boxes and polygons in pixels; `type` and `bone` as extra fields. */
export function cocoTruth(phantoms: readonly WrittenPhantom[]): string {
  const annotations = phantoms.flatMap(({ fractures }, index) =>
    fractures.map((fracture) => ({ image_id: index, fracture })),
  );
  const document = {
    info: { description: 'Simulated radiographs made by lucency phantom', simulated: true },
    images: phantoms.map(({ fileName, width, height }, id) => ({ id, file_name: fileName, width, height })),
    annotations: annotations.map(({ image_id, fracture }, id) => ({
      id,
      image_id,
      category_id: 1,
      bbox: fracture.box,
      area: fracture.box[2] * fracture.box[3],
      iscrowd: 0,
      segmentation: [fracture.polygon.flat()],
      type: fracture.type,
      bone: fracture.bone,
    })),
    categories: [{ id: 1, name: 'fracture' }],
    fracture_types: fractureTypes,
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}

const columns = [
  'image_id',
  'width',
  'height',
  'fractured',
  'fracture_count',
  'region',
  'anatomy',
  'view',
  'laterality',
  'hardware',
  'cast',
  'group',
  'seed',
  'types',
] as const;

/** `images.csv`: one row per image, with the columns that `lucency evaluate` breaks results down by. */
export function imagesTable(phantoms: readonly WrittenPhantom[]): string {
  const rows = phantoms.map((phantom) =>
    [
      phantom.fileName,
      phantom.width,
      phantom.height,
      phantom.fractures.length > 0 ? 1 : 0,
      phantom.fractures.length,
      regionOf(phantom.anatomy),
      phantom.anatomy,
      phantom.view,
      phantom.laterality,
      phantom.metal ? 1 : 0,
      phantom.cast ? 1 : 0,
      phantom.study,
      phantom.seed,
      [...new Set(phantom.fractures.map(({ type }) => type))].join('+'),
    ].join(','),
  );
  return `${[columns.join(','), ...rows].join('\n')}\n`;
}
