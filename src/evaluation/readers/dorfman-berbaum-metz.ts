import { pseudovalues } from './case-covariance.js';
import type { CaseTerms } from './figure-of-merit.js';
import type { ErrorTerm } from './hillis.js';
import { type OverallTest, overallTest, type Scope } from './inference.js';
import type { Grid } from './obuchowski-rockette.js';
import { squaresAboveRounding } from './rounding.js';

/** Mean squares of the three-way analysis of variance of the jackknife pseudovalues. */
export interface DbmTable {
  readonly modalities: number;
  readonly readers: number;
  readonly cases: number;
  readonly meanSquares: {
    readonly modality: number;
    readonly reader: number;
    readonly case: number;
    readonly modalityReader: number;
    readonly modalityCase: number;
    readonly readerCase: number;
    readonly modalityReaderCase: number;
  };
}

/**
 * Analysis of variance of pseudovalues (Dorfman, Berbaum & Metz, Invest Radiol 1992;27:723). Needs at least two
 * modalities and two readers.
 */
export function dbmTable(grid: Grid<CaseTerms>): DbmTable {
  const y = grid.map((row) => row.map(pseudovalues));
  const t = y.length;
  const r = y[0]?.length ?? 0;
  const k = y[0]?.[0]?.length ?? 0;
  const value = (i: number, j: number, c: number) => y[i]?.[j]?.[c] ?? 0;
  let grand = 0;
  let scale = 0;
  const sums = {
    modality: new Float64Array(t),
    reader: new Float64Array(r),
    case: new Float64Array(k),
    tr: new Float64Array(t * r),
    tc: new Float64Array(t * k),
    rc: new Float64Array(r * k),
  };
  const each = (work: (i: number, j: number, c: number) => void) => {
    for (let i = 0; i < t; i++) for (let j = 0; j < r; j++) for (let c = 0; c < k; c++) work(i, j, c);
  };
  const add = (into: Float64Array, index: number, amount: number) => {
    into[index] = (into[index] ?? 0) + amount;
  };
  each((i, j, c) => {
    const v = value(i, j, c);
    grand += v / (t * r * k);
    scale += v * v;
    add(sums.modality, i, v / (r * k));
    add(sums.reader, j, v / (t * k));
    add(sums.case, c, v / (t * r));
    add(sums.tr, i * r + j, v / k);
    add(sums.tc, i * k + c, v / r);
    add(sums.rc, j * k + c, v / t);
  });
  const spread = (means: Float64Array) => means.reduce((sum, mean) => sum + (mean - grand) ** 2, 0);
  const [a, b, cc] = [sums.modality, sums.reader, sums.case];
  const m = (means: Float64Array, index: number) => means[index] ?? 0;
  let [tr, tc, rc, trc] = [0, 0, 0, 0];
  for (let i = 0; i < t; i++) {
    for (let j = 0; j < r; j++) tr += (m(sums.tr, i * r + j) - m(a, i) - m(b, j) + grand) ** 2;
    for (let c = 0; c < k; c++) tc += (m(sums.tc, i * k + c) - m(a, i) - m(cc, c) + grand) ** 2;
  }
  for (let j = 0; j < r; j++) {
    for (let c = 0; c < k; c++) rc += (m(sums.rc, j * k + c) - m(b, j) - m(cc, c) + grand) ** 2;
  }
  each((i, j, c) => {
    const pairs = m(sums.tr, i * r + j) + m(sums.tc, i * k + c) + m(sums.rc, j * k + c);
    trc += (value(i, j, c) - pairs + m(a, i) + m(b, j) + m(cc, c) - grand) ** 2;
  });
  const meanSquare = (sum: number, degrees: number) => squaresAboveRounding(sum, scale) / degrees;
  return {
    modalities: t,
    readers: r,
    cases: k,
    meanSquares: {
      modality: meanSquare(r * k * spread(a), t - 1),
      reader: meanSquare(t * k * spread(b), r - 1),
      case: meanSquare(t * r * spread(cc), k - 1),
      modalityReader: meanSquare(k * tr, (t - 1) * (r - 1)),
      modalityCase: meanSquare(r * tc, (t - 1) * (k - 1)),
      readerCase: meanSquare(t * rc, (r - 1) * (k - 1)),
      modalityReaderCase: meanSquare(trc, (t - 1) * (r - 1) * (k - 1)),
    },
  };
}

/** Denominator of the F test of the modalities, with the reduced model and degrees of freedom of Hillis, Berbaum & Metz (Acad Radiol 2008;15:647). */
export function dbmError(
  { modalities: t, readers: r, cases: k, meanSquares }: DbmTable,
  scope: Scope,
): ErrorTerm {
  const { modalityReader, modalityCase, modalityReaderCase } = meanSquares;
  const plain = (t - 1) * (r - 1);
  if (scope === 'fixed-readers-random-cases') return { meanSquare: modalityCase, degrees: (t - 1) * (k - 1) };
  if (scope === 'random-readers-fixed-cases') return { meanSquare: modalityReader, degrees: plain };
  const meanSquare = modalityReader + Math.max(0, modalityCase - modalityReaderCase);
  const degrees =
    modalityReader > 0 ? (plain * meanSquare ** 2) / modalityReader ** 2 : Number.POSITIVE_INFINITY;
  return { meanSquare, degrees };
}

/** F test that all modalities are alike; null when the pseudovalues leave no error to test with. */
export function dbmTest(table: DbmTable, scope: Scope): OverallTest | null {
  const error = dbmError(table, scope);
  if (!(error.meanSquare > 0)) return null;
  return overallTest(table.meanSquares.modality / error.meanSquare, table.modalities - 1, error.degrees);
}
