/** How predictions were assigned to images of the truth. */
export interface IdMatch {
  /** Index of the prediction of each image; -1 without one. */
  readonly predictionOf: Int32Array;
  /** Predictions that name no image. */
  readonly strangers: readonly string[];
  /** Images that more than one prediction names (`a/x.png` and `b/x.png` for `x.png`). */
  readonly contested: readonly string[];
  readonly exactly: number;
  readonly byFileName: number;
  readonly byNameWithoutExtension: number;
}

function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

// Cut known extensions only: the last part of a UID, or a name with a date in it, is no extension.
const extensions =
  /\.(?:dcm|dicom|ima|png|jpe?g|jp2|j2k|tiff?|bmp|webp|gif|nii|mha|mhd|nrrd|npy|json|xml|txt|gz)$/i;

function withoutExtension(path: string): string {
  return fileName(path).replace(/\.gz$/i, '').replace(extensions, '');
}

/** Names that several images share cannot tell them apart and are left out. */
function index(ids: readonly string[], nameOf: (id: string) => string): Map<string, number> {
  const numbers = new Map<string, number>();
  const shared = new Set<string>();
  ids.forEach((id, number) => {
    const name = nameOf(id);
    if (numbers.has(name)) shared.add(name);
    numbers.set(name, number);
  });
  for (const name of shared) numbers.delete(name);
  return numbers;
}

/**
 * Brings predictions to images: by the id as it stands, else by file name without folders, else by file name without
 * extension (a DICOM file and its PNG), as long as that name belongs to one image only.
 */
export function matchIds(images: readonly string[], keys: readonly string[]): IdMatch {
  const ways = [index(images, (id) => id), index(images, fileName), index(images, withoutExtension)] as const;
  const names = [(key: string) => key, fileName, withoutExtension] as const;
  const counts = [0, 0, 0];
  const predictionOf = new Int32Array(images.length).fill(-1);
  const strangers: string[] = [];
  const contested = new Set<string>();
  keys.forEach((key, prediction) => {
    const way = ways.findIndex((numbers, at) => numbers.has(names[at]?.(key) ?? ''));
    const image = ways[way]?.get(names[way]?.(key) ?? '');
    if (image === undefined) {
      strangers.push(key);
      return;
    }
    if ((predictionOf[image] ?? -1) >= 0) contested.add(images[image] ?? '');
    predictionOf[image] = prediction;
    counts[way] = (counts[way] ?? 0) + 1;
  });
  const [exactly = 0, byFileName = 0, byNameWithoutExtension = 0] = counts;
  return { predictionOf, strangers, contested: [...contested], exactly, byFileName, byNameWithoutExtension };
}
