import { symmetricEigenvalues, zeros } from '../matrix.js';

export interface QuadratureRule {
  readonly nodes: readonly number[];
  readonly weights: readonly number[];
}

/**
 * Gauss-Hermite rule for the weight exp(-x^2) on the real line, exact for polynomials up to degree 2 * points - 1.
 * Nodes are the eigenvalues of the Jacobi matrix (Golub & Welsch, Math Comp 1969;23:221); weights are the reciprocal
 * sums of the squared orthonormal polynomials, which keeps the small ones accurate.
 */
export function gaussHermite(points: number): QuadratureRule {
  const jacobi = zeros(points, points).map((row, i) =>
    row.map((_, j) => (Math.abs(i - j) === 1 ? Math.sqrt(Math.max(i, j) / 2) : 0)),
  );
  const nodes = symmetricEigenvalues(jacobi);
  const weights = nodes.map((x) => {
    let previous = 0;
    let current = Math.PI ** -0.25;
    let sum = 0;
    for (let k = 0; k < points; k++) {
      sum += current * current;
      const next = x * Math.sqrt(2 / (k + 1)) * current - Math.sqrt(k / (k + 1)) * previous;
      previous = current;
      current = next;
    }
    return 1 / sum;
  });
  return { nodes, weights };
}
