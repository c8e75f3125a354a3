import { at, type Rows } from '../matrix.js';
import { type OverallTest, overallTest, type Scope } from './inference.js';
import type { Grid, ObuchowskiRockette } from './obuchowski-rockette.js';
import { aboveRounding } from './rounding.js';

/** Variance of a comparison of modalities per reader, and the degrees of freedom that go with it. */
export interface ErrorTerm {
  readonly meanSquare: number;
  readonly degrees: number;
}

const notNegative = (value: number | null) => Math.max(0, value ?? 0);

/**
 * Denominator of the F test of the modalities, and its degrees of freedom after Hillis (Stat Med 2007;26:596); null
 * where the scope needs more readers than there are.
 */
export function modalityError(table: ObuchowskiRockette, scope: Scope): ErrorTerm | null {
  const { modalities, readers, variance, cov1, cov2, cov3 } = table;
  const between = notNegative(aboveRounding((cov2 ?? 0) - (cov3 ?? 0), variance));
  if (scope === 'fixed-readers-random-cases') {
    return {
      meanSquare: aboveRounding(variance - (cov1 ?? 0), variance) + (readers - 1) * between,
      degrees: Number.POSITIVE_INFINITY,
    };
  }
  const { interaction } = table.meanSquares;
  if (interaction === null) return null;
  const plain = (modalities - 1) * (readers - 1);
  if (scope === 'random-readers-fixed-cases') return { meanSquare: interaction, degrees: plain };
  const meanSquare = interaction + readers * between;
  return {
    meanSquare,
    degrees: interaction > 0 ? (plain * meanSquare ** 2) / interaction ** 2 : Number.POSITIVE_INFINITY,
  };
}

/** F test that all modalities are alike; null where the scope cannot be had or the readers leave no error. */
export function modalityTest(table: ObuchowskiRockette, scope: Scope): OverallTest | null {
  const error = modalityError(table, scope);
  if (table.modalities < 2 || error === null || !(error.meanSquare > 0)) return null;
  return overallTest(table.meanSquares.modality / error.meanSquare, table.modalities - 1, error.degrees);
}

/** A mean over readers with its standard error and degrees of freedom. */
export interface ReaderMean {
  readonly value: number;
  readonly standardError: number;
  readonly degrees: number;
}

/**
 * Mean over readers of one figure each, from their own variances only (Hillis 2007, single-modality analysis); null
 * where the scope needs more readers than there are.
 *
 * @param covariance of the figures over cases
 */
export function readerMean(values: readonly number[], covariance: Rows, scope: Scope): ReaderMean | null {
  const readers = values.length;
  const value = values.reduce((sum, each) => sum + each, 0) / readers;
  let [variance, cov2] = [0, 0];
  for (let i = 0; i < readers; i++) {
    variance += at(covariance, i, i) / readers;
    for (let j = 0; j < i; j++) cov2 += (2 * at(covariance, i, j)) / (readers * (readers - 1));
  }
  if (scope === 'fixed-readers-random-cases') {
    const squared = (variance + (readers - 1) * notNegative(cov2)) / readers;
    return { value, standardError: Math.sqrt(squared), degrees: Number.POSITIVE_INFINITY };
  }
  if (readers < 2) return null;
  const between = values.reduce((sum, each) => sum + (each - value) ** 2, 0) / (readers - 1);
  const total = scope === 'random-readers-fixed-cases' ? between : between + readers * notNegative(cov2);
  const degrees = between > 0 ? ((readers - 1) * total ** 2) / between ** 2 : Number.POSITIVE_INFINITY;
  return { value, standardError: Math.sqrt(total / readers), degrees };
}

/** The part of a cell covariance that belongs to one modality of a grid. */
export function modalityBlock(covariance: Rows, grid: Grid<unknown>, modality: number): Rows {
  const readers = grid[0]?.length ?? 0;
  const from = modality * readers;
  return covariance.slice(from, from + readers).map((row) => row.slice(from, from + readers));
}
