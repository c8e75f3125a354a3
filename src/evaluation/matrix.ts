import { CholeskyDecomposition, EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { largest } from '../core/extremes.js';

/** A small dense matrix as rows of numbers. */
export type Rows = number[][];

function allFinite(rows: Rows): boolean {
  return rows.every((row) => row.every(Number.isFinite));
}

/** Products that are symmetric on paper differ in the last bit; the decompositions want them equal. */
function symmetrised(rows: Rows): Rows {
  return rows.map((row, i) => row.map((value, j) => (value + (rows[j]?.[i] ?? value)) / 2));
}

/** Inverse and log determinant of a symmetric positive definite matrix; null when it is not positive definite. */
export function invertPositiveDefinite(rows: Rows): { inverse: Rows; logDeterminant: number } | null {
  if (!allFinite(rows)) return null;
  const factor = new CholeskyDecomposition(new Matrix(symmetrised(rows)));
  if (!factor.isPositiveDefinite()) return null;
  const lower = factor.lowerTriangularMatrix;
  const logDeterminant = 2 * lower.diagonal().reduce((sum, pivot) => sum + Math.log(pivot), 0);
  if (!Number.isFinite(logDeterminant)) return null;
  const inverse = factor.solve(Matrix.eye(rows.length)).to2DArray();
  return { inverse, logDeterminant };
}

/** Eigenvalues of a symmetric matrix in ascending order; NaN where the matrix is not finite. */
export function symmetricEigenvalues(rows: Rows): number[] {
  if (rows.length === 0) return [];
  if (!allFinite(rows)) return rows.map(() => Number.NaN);
  const { realEigenvalues } = new EigenvalueDecomposition(new Matrix(rows), { assumeSymmetric: true });
  return [...realEigenvalues].sort((a, b) => a - b);
}

/**
 * Moore-Penrose inverse of a symmetric matrix: directions whose eigenvalue is below `tolerance` times the largest are
 * left out.
 */
export function pseudoInverseSymmetric(rows: Rows, tolerance: number): Rows {
  if (rows.length === 0) return [];
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(new Matrix(rows), {
    assumeSymmetric: true,
  });
  const floor = tolerance * largest(realEigenvalues.map(Math.abs));
  const inverted = Matrix.diag(realEigenvalues.map((value) => (Math.abs(value) > floor ? 1 / value : 0)));
  return eigenvectorMatrix.mmul(inverted).mmul(eigenvectorMatrix.transpose()).to2DArray();
}

/** Product of two matrices. */
export function multiply(a: Rows, b: Rows): Rows {
  return new Matrix(a).mmul(new Matrix(b)).to2DArray();
}

/** `a` times the column `v`. */
export function multiplyVector(a: Rows, v: readonly number[]): number[] {
  return a.map((row) => dot(row, v));
}

/** Sum of products. */
export function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

/** Element at a row and column; the caller knows that it exists. */
export function at(rows: Rows, row: number, column: number): number {
  const value = rows[row]?.[column];
  if (value === undefined) throw new RangeError(`matrix has no element ${row}, ${column}`);
  return value;
}

/** A `rows` x `columns` matrix of zeros. */
export function zeros(rows: number, columns: number): Rows {
  return Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
}

/** Adds to the element at a row and column in place; the caller knows that it exists. */
export function addTo(rows: Rows, row: number, column: number, value: number): void {
  const cells = rows[row];
  if (cells) cells[column] = (cells[column] ?? 0) + value;
}
