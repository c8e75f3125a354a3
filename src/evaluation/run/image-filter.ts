import { LucencyError } from '../../core/errors.js';

/** Value of every column for every image, by the number of the image; '' where unknown. */
export type ColumnTable = ReadonlyMap<string, readonly string[]>;

/** @throws LUC_EVALUATION_COLUMN_MISSING */
export function columnOf(columns: ColumnTable, name: string): readonly string[] {
  const values = columns.get(name);
  if (values !== undefined) return values;
  throw new LucencyError('LUC_EVALUATION_COLUMN_MISSING', {
    column: name,
    columns: [...columns.keys()].join(', ') || 'none',
  });
}

/**
 * Images that meet every condition (`column=value` or `column!=value`).
 *
 * @throws LUC_EVALUATION_CONDITION, LUC_EVALUATION_COLUMN_MISSING
 */
export function imagesWhere(
  columns: ColumnTable,
  imageCount: number,
  conditions: readonly string[],
): number[] {
  const tests = conditions.map((condition) => {
    const parts = /^\s*(.+?)\s*(!=|=)\s*(.*?)\s*$/.exec(condition);
    if (parts === null) throw new LucencyError('LUC_EVALUATION_CONDITION', { condition });
    const [, name = '', sign = '', wanted = ''] = parts;
    const values = columnOf(columns, name);
    return (image: number) => ((values[image] ?? '') === wanted) === (sign === '=');
  });
  return Array.from({ length: imageCount }, (_, image) => image).filter((image) =>
    tests.every((test) => test(image)),
  );
}

/**
 * The first image of each value of a column; images without a value all stay. Copies of one image must not count as
 * several.
 *
 * @throws LUC_EVALUATION_COLUMN_MISSING
 */
export function firstOfEach(columns: ColumnTable, images: readonly number[], name: string): number[] {
  const values = columnOf(columns, name);
  const seen = new Set<string>();
  return images.filter((image) => {
    const value = values[image] ?? '';
    const first = value === '' || !seen.has(value);
    seen.add(value);
    return first;
  });
}
