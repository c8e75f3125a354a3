import type { InputFile } from './input-file.js';

/** A true lesion of an image. */
export interface TruthLesion {
  /** Id of the annotation, as text. */
  readonly id: string;
  readonly box: readonly number[];
  readonly area: number;
  readonly crowd: boolean;
  /** Index into the categories of the truth. */
  readonly category: number;
  /** Fracture type; null where not rated. */
  readonly type: string | null;
}

export interface TruthImage {
  /** File name, or the id in the table. */
  readonly id: string;
  /** Number by which COCO results name the image; null for tables. */
  readonly number: number | null;
  /** 1 diseased, 0 not; null where the truth holds types only. */
  readonly label: 0 | 1 | null;
  readonly lesions: readonly TruthLesion[];
  /** Type of the image; null where not rated. */
  readonly type: string | null;
  readonly columns: Readonly<Record<string, string>>;
}

/** What is known to be true. */
export interface Truth {
  readonly file: InputFile;
  readonly images: readonly TruthImage[];
  readonly hasBoxes: boolean;
  readonly dimensions: 2 | 3;
  readonly categories: readonly { readonly id: number; readonly name: string }[];
  readonly simulated: boolean;
}

/** Names of columns, where they are not the usual ones. */
export interface TruthColumns {
  readonly idColumn?: string | undefined;
  readonly labelColumn?: string | undefined;
  readonly typeColumn?: string | undefined;
  /** Cell that means diseased, where it is neither 1, true, yes nor positive. */
  readonly positive?: string | undefined;
}
