import { at, type Rows } from '../matrix.js';
import { type CovarianceMethod, caseInfluence, influenceCovariance } from './case-covariance.js';
import type { CaseTerms } from './figure-of-merit.js';
import { squaresAboveRounding } from './rounding.js';

/** `grid[modality][reader]`. */
export type Grid<T> = readonly (readonly T[])[];

/** Mean squares of the reader-by-modality table and the average (co)variances over cases. */
export interface ObuchowskiRockette {
  readonly modalities: number;
  readonly readers: number;
  readonly meanSquares: {
    readonly modality: number;
    readonly reader: number | null;
    readonly interaction: number | null;
  };
  /** Variance of one reader in one modality. */
  readonly variance: number;
  /** Same reader, different modalities; null with one modality. */
  readonly cov1: number | null;
  /** Different readers, same modality; null with one reader. */
  readonly cov2: number | null;
  /** Different readers, different modalities. */
  readonly cov3: number | null;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const squares = (values: readonly number[], centre: number) =>
  values.reduce((sum, value) => sum + (value - centre) ** 2, 0);

/** Covariance matrix over cases of all cells of a grid, in row-major order. */
export function cellCovariance(grid: Grid<CaseTerms>, method: CovarianceMethod): Rows {
  const influences = grid.flat().map((terms) => caseInfluence(terms, method));
  return influences.map((a) => influences.map((b) => influenceCovariance(a, b)));
}

/**
 * Two-way table of figures of merit after Obuchowski & Rockette (Commun Stat Simul Comput 1995;24:285).
 *
 * @param covariance from `cellCovariance`
 */
export function obuchowskiRockette(grid: Grid<CaseTerms>, covariance: Rows): ObuchowskiRockette {
  const modalities = grid.length;
  const readers = grid[0]?.length ?? 0;
  const values = grid.map((row) => row.map(({ value }) => value));
  const grand = mean(values.flat());
  const scale = squares(values.flat(), 0);
  const byModality = values.map(mean);
  const byReader = Array.from({ length: readers }, (_, r) => mean(values.map((row) => row[r] ?? 0)));
  const residuals = values.flatMap((row, m) =>
    row.map((value, r) => value - (byModality[m] ?? 0) - (byReader[r] ?? 0) + grand),
  );
  const average = (wanted: (sameModality: boolean, sameReader: boolean) => boolean): number | null => {
    const found: number[] = [];
    for (let i = 0; i < modalities * readers; i++) {
      for (let j = 0; j <= i; j++) {
        const sameModality = Math.floor(i / readers) === Math.floor(j / readers);
        if (wanted(sameModality, i % readers === j % readers)) found.push(at(covariance, i, j));
      }
    }
    return found.length > 0 ? mean(found) : null;
  };
  return {
    modalities,
    readers,
    meanSquares: {
      modality:
        modalities > 1
          ? squaresAboveRounding(readers * squares(byModality, grand), scale) / (modalities - 1)
          : Number.NaN,
      reader:
        readers > 1
          ? squaresAboveRounding(modalities * squares(byReader, grand), scale) / (readers - 1)
          : null,
      interaction:
        modalities > 1 && readers > 1
          ? squaresAboveRounding(squares(residuals, 0), scale) / ((modalities - 1) * (readers - 1))
          : null,
    },
    variance: average((sameModality, sameReader) => sameModality && sameReader) ?? Number.NaN,
    cov1: average((sameModality, sameReader) => !sameModality && sameReader),
    cov2: average((sameModality, sameReader) => sameModality && !sameReader),
    cov3: average((sameModality, sameReader) => !sameModality && !sameReader),
  };
}
