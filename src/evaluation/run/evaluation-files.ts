import { type ImageTable, imageTableOf } from '../read/image-table.js';
import { type OpenedFile, openFile } from '../read/input-file.js';
import { withLesionTypes } from '../read/lesion-types.js';
import type { PredictionColumns, Predictions } from '../read/predictions.js';
import { predictionsOf } from '../read/read-predictions.js';
import { truthOf } from '../read/read-truth.js';
import type { Truth, TruthColumns } from '../read/truth.js';

/** Where the truth stands. */
export interface TruthSource extends TruthColumns {
  readonly path: string;
  /** CSV of the types of annotations, with `typeColumn`. */
  readonly types?: string | undefined;
}

/** Where predictions stand. */
export interface PredictionSource extends PredictionColumns {
  readonly path: string;
}

/** What an evaluation reads: each file once, however often and in whatever roles it is asked for. */
export class EvaluationFiles {
  readonly #opened = new Map<string, Promise<OpenedFile>>();
  readonly #truths = new Map<string, Promise<Truth>>();
  readonly #predictions = new Map<string, Promise<Predictions>>();
  readonly #images = new Map<string, Promise<ImageTable>>();

  /** @throws LUC_EVALUATION_FILE_*, LUC_EVALUATION_DUPLICATE_TRUTH, LUC_TABLE_* */
  truth(source: TruthSource): Promise<Truth> {
    return once(this.#truths, JSON.stringify(source), async () => {
      const { path, types, typeColumn, ...columns } = source;
      if (types === undefined) return truthOf(await this.#open(path), { ...columns, typeColumn });
      const plain = truthOf(await this.#open(path), columns);
      return withLesionTypes(plain, await this.#open(types), typeColumn ?? 'type');
    });
  }

  /** @throws LUC_EVALUATION_FILE_*, LUC_EVALUATION_DUPLICATE_PREDICTION, LUC_EVALUATION_SCORE, LUC_TABLE_* */
  predictions(source: PredictionSource): Promise<Predictions> {
    return once(this.#predictions, JSON.stringify(source), async () =>
      predictionsOf(await this.#open(source.path), source),
    );
  }

  /** @throws LUC_EVALUATION_FILE_*, LUC_EVALUATION_DUPLICATE_TRUTH, LUC_TABLE_* */
  images(path: string): Promise<ImageTable> {
    return once(this.#images, path, async () => imageTableOf(await this.#open(path)));
  }

  #open(path: string): Promise<OpenedFile> {
    return once(this.#opened, path, () => openFile(path));
  }
}

function once<T>(kept: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const before = kept.get(key);
  if (before) return before;
  const made = make();
  kept.set(key, made);
  return made;
}
