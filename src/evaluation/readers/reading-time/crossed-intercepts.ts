import { LucencyError } from '../../../core/errors.js';
import { addTo, at, invertPositiveDefinite, multiplyVector, type Rows, zeros } from '../../matrix.js';
import { minimiseFromAll } from '../../minimise.js';

/** One reading: numbers of reader, case and modality from 0, and the outcome. */
export interface TimedReading {
  readonly reader: number;
  readonly case: number;
  readonly modality: number;
  readonly y: number;
}

export interface CrossedSizes {
  readonly readers: number;
  readonly cases: number;
  readonly modalities: number;
}

export interface CrossedFit {
  /** Mean of each modality and the covariance of these means. */
  readonly means: readonly number[];
  readonly covariance: Rows;
  readonly variances: {
    readonly reader: number;
    readonly case: number;
    /** Null when the model has no such term. */
    readonly readerModality: number | null;
    readonly residual: number;
  };
  readonly restrictedLogLikelihood: number;
}

/** Sums over the readings that the criterion needs, whatever the variances are. */
interface Sums {
  /** Columns: readers, reader-by-modality cells (if any), modality means, outcome. */
  readonly products: Rows;
  readonly perCase: { readonly count: number; readonly sums: number[] }[];
  readonly random: number;
  readonly total: number;
}

function sumUp(readings: readonly TimedReading[], sizes: CrossedSizes, interaction: boolean): Sums {
  const random = sizes.readers + (interaction ? sizes.readers * sizes.modalities : 0);
  const width = random + sizes.modalities + 1;
  const products = zeros(width, width);
  const perCase = Array.from({ length: sizes.cases }, () => ({
    count: 0,
    sums: new Array<number>(width).fill(0),
  }));
  for (const { reader, case: index, modality, y } of readings) {
    const entries: [number, number][] = [
      [reader, 1],
      [random + modality, 1],
      [width - 1, y],
    ];
    if (interaction) entries.push([sizes.readers + reader * sizes.modalities + modality, 1]);
    const ofCase = perCase[index];
    if (ofCase) ofCase.count++;
    for (const [i, a] of entries) {
      if (ofCase) ofCase.sums[i] = (ofCase.sums[i] ?? 0) + a;
      for (const [j, b] of entries) addTo(products, i, j, a * b);
    }
  }
  return { products, perCase: perCase.filter(({ count }) => count > 0), random, total: readings.length };
}

/** Lower Cholesky factor; null when a pivot is not positive. */
function cholesky(matrix: Rows): Rows | null {
  const n = matrix.length;
  const factor = zeros(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = at(matrix, i, j);
      for (let k = 0; k < j; k++) sum -= at(factor, i, k) * at(factor, j, k);
      if (i === j && !(sum > 0)) return null;
      addTo(factor, i, j, i === j ? Math.sqrt(sum) : sum / at(factor, j, j));
    }
  }
  return factor;
}

interface Evaluated {
  /** Minus the restricted log likelihood. */
  readonly loss: number;
  readonly residual: number;
  readonly factor: Rows;
}

/**
 * The restricted likelihood at given standard deviations relative to the residual one. The cases, by far the most
 * effects, are eliminated first: their block is diagonal, so the rest stays as small as the number of readers.
 */
function evaluate(sums: Sums, relative: readonly number[], sizes: CrossedSizes): Evaluated | null {
  const [reader = 0, ofCase = 0, interaction = 0] = relative;
  const { products, perCase, random, total } = sums;
  const width = products.length;
  const scale = products.map((_, i) => (i < sizes.readers ? reader : i < random ? interaction : 1));
  const reduced = products.map((row) => [...row]);
  let logDeterminant = 0;
  for (const { count, sums: v } of perCase) {
    const pivot = 1 + ofCase * ofCase * count;
    logDeterminant += Math.log(pivot);
    const weight = (ofCase * ofCase) / pivot;
    for (const [i, a] of v.entries()) {
      if (a === 0) continue;
      for (const [j, b] of v.entries()) addTo(reduced, i, j, -weight * a * b);
    }
  }
  const scaled = reduced.map((row, i) =>
    row.map((value, j) => value * (scale[i] ?? 1) * (scale[j] ?? 1) + (i === j && i < random ? 1 : 0)),
  );
  const factor = cholesky(scaled);
  if (factor === null) return null;
  for (let i = 0; i < width - 1; i++) logDeterminant += 2 * Math.log(at(factor, i, i));
  const degrees = total - sizes.modalities;
  const residual = at(factor, width - 1, width - 1) ** 2 / degrees;
  const loss = 0.5 * (logDeterminant + degrees * (1 + Math.log(2 * Math.PI * residual)));
  return { loss, residual, factor };
}

/**
 * Linear mixed model with crossed random intercepts of reader and case, and optionally of reader by modality, and one
 * fixed mean per modality, by restricted maximum likelihood (Bates et al., J Stat Softw 2015;67(1)). Readings may be
 * missing.
 *
 * @throws LUC_READERS_NOT_CONVERGED
 */
export function fitCrossedIntercepts(
  readings: readonly TimedReading[],
  sizes: CrossedSizes,
  interaction: boolean,
): CrossedFit {
  const sums = sumUp(readings, sizes, interaction);
  const lossAt = (relative: readonly number[]) =>
    evaluate(sums, relative, sizes)?.loss ?? Number.POSITIVE_INFINITY;
  const starts = [
    [0.5, 0.5],
    [1, 1],
  ].map((start) => (interaction ? [...start, 0.3] : start));
  const { x, failure } = minimiseFromAll(lossAt, starts);
  const best = evaluate(sums, x, sizes);
  if (failure !== null || best === null) {
    throw new LucencyError('LUC_READERS_NOT_CONVERGED', {
      reason: failure ?? 'the residual variance is zero',
    });
  }
  const { factor, residual } = best;
  const { random } = sums;
  const last = factor.length - 1;
  const block = factor.slice(random, last).map((row) => row.slice(random, last));
  // The rows of the factor that belong to the means: information = L L', right-hand side = L * (last row).
  const information = block.map((a) =>
    block.map((b) => a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0)),
  );
  const side = multiplyVector(block, (factor[last] ?? []).slice(random, last));
  const solved = invertPositiveDefinite(information);
  if (solved === null) {
    throw new LucencyError('LUC_READERS_NOT_CONVERGED', { reason: 'a modality has no reading' });
  }
  const [reader = 0, ofCase = 0, cell = 0] = x;
  return {
    means: multiplyVector(solved.inverse, side),
    covariance: solved.inverse.map((row) => row.map((value) => value * residual)),
    variances: {
      reader: reader * reader * residual,
      case: ofCase * ofCase * residual,
      readerModality: interaction ? cell * cell * residual : null,
      residual,
    },
    restrictedLogLikelihood: -best.loss,
  };
}
