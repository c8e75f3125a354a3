import { at, type Rows } from '../matrix.js';
import type { CovarianceMethod } from './case-covariance.js';
import { dbmTable, dbmTest } from './dorfman-berbaum-metz.js';
import { extremeInterval } from './extreme-interval.js';
import { type CaseTerms, caseTerms, type Measure, measureNames } from './figure-of-merit.js';
import { modalityBlock, modalityError, modalityTest, readerMean } from './hillis.js';
import {
  nonInferiority,
  type Scope,
  type TEstimate,
  type TestedDifference,
  tEstimate,
  testedDifference,
} from './inference.js';
import { modalityPairs } from './modality-pairs.js';
import {
  cellCovariance,
  type Grid,
  type ObuchowskiRockette,
  obuchowskiRockette,
} from './obuchowski-rockette.js';
import type { ReaderStudy } from './reader-study.js';
import type { MeasureResult } from './readers.schema.js';
import { aboveRounding } from './rounding.js';
import { againstProgram } from './standalone.js';

export interface MeasureSettings {
  readonly scope: Scope;
  readonly covariance: CovarianceMethod;
  readonly threshold: number | null;
  /** Modality that the others are compared with; null compares each with each. */
  readonly reference: string | null;
  readonly margin: number | null;
  readonly level: number;
}

const scopes: readonly Scope[] = [
  'random-readers-random-cases',
  'fixed-readers-random-cases',
  'random-readers-fixed-cases',
];

function byScope<T>(compute: (scope: Scope) => T): Record<Scope, T> {
  const [a, b, c] = scopes.map(compute) as [T, T, T];
  return {
    'random-readers-random-cases': a,
    'fixed-readers-random-cases': b,
    'random-readers-fixed-cases': c,
  };
}

function differenceInScope(
  value: number,
  table: ObuchowskiRockette,
  scope: Scope,
  level: number,
): TestedDifference | null {
  const error = modalityError(table, scope);
  if (error === null) return null;
  return testedDifference(value, Math.sqrt((2 * error.meanSquare) / table.readers), error.degrees, level);
}

function inMargin(difference: TEstimate | null, { margin, reference }: MeasureSettings) {
  return difference === null || margin === null || reference === null
    ? null
    : nonInferiority(difference, margin);
}

function modalityDifferences(
  study: ReaderStudy,
  grid: Grid<CaseTerms>,
  table: ObuchowskiRockette,
  settings: MeasureSettings,
): MeasureResult['differences'] {
  const means = grid.map((row) => row.reduce((sum, { value }) => sum + value, 0) / row.length);
  return modalityPairs(study.modalities, settings.reference).map(([a, b]) => {
    const value = (means[a] ?? 0) - (means[b] ?? 0);
    const tests = byScope((scope) => differenceInScope(value, table, scope, settings.level));
    return {
      a: study.modalities[a] ?? '',
      b: study.modalities[b] ?? '',
      value,
      byScope: tests,
      nonInferiority: inMargin(tests[settings.scope], settings),
    };
  });
}

function differencesOfReaders(
  study: ReaderStudy,
  grid: Grid<CaseTerms>,
  covariance: Rows,
  { reference, level }: MeasureSettings,
): MeasureResult['readerDifferences'] {
  const r = study.readers.length;
  return modalityPairs(study.modalities, reference).flatMap(([a, b]) =>
    study.readers.map((reader, j) => {
      const value = (grid[a]?.[j]?.value ?? 0) - (grid[b]?.[j]?.value ?? 0);
      const [i, k] = [a * r + j, b * r + j];
      const [own, other] = [at(covariance, i, i), at(covariance, k, k)];
      const variance = aboveRounding(own + other - 2 * at(covariance, i, k), own + other);
      return {
        reader,
        a: study.modalities[a] ?? '',
        b: study.modalities[b] ?? '',
        value,
        test: testedDifference(value, Math.sqrt(Math.max(0, variance)), Number.POSITIVE_INFINITY, level),
      };
    }),
  );
}

/** Normal interval over cases, cut to 0..1; exact where every case says the same and the variance nothing. */
function overCases(terms: CaseTerms, variance: number, level: number): TEstimate {
  const error = Math.sqrt(Math.max(0, variance));
  const estimate = cut(tEstimate(terms.value, error, Number.POSITIVE_INFINITY, level));
  return { ...estimate, interval: extremeInterval(terms, level) ?? estimate.interval };
}

function cut(estimate: TEstimate): TEstimate {
  const [low, high] = estimate.interval;
  return { ...estimate, interval: [Math.max(0, low), Math.min(1, high)] };
}

function standaloneResults(
  study: ReaderStudy,
  measure: Measure,
  grid: Grid<CaseTerms>,
  settings: MeasureSettings,
): MeasureResult['standalone'] {
  return study.standalone.map(({ modality, readings }) => {
    const terms = caseTerms(measure, study.cases, readings, settings.threshold);
    const differences = grid.map((cells, index) => {
      const covariance = cellCovariance([[...cells, terms]], settings.covariance);
      const values = cells.map(({ value }) => value);
      const tests = byScope((scope) =>
        againstProgram(values, terms.value, covariance, scope, settings.level),
      );
      return {
        a: study.modalities[index] ?? '',
        b: modality,
        value: values.reduce((sum, value) => sum + value, 0) / values.length - terms.value,
        byScope: tests,
        nonInferiority: settings.reference === modality ? inMargin(tests[settings.scope], settings) : null,
      };
    });
    const own = at(cellCovariance([[terms]], settings.covariance), 0, 0);
    return {
      modality,
      estimate: overCases(terms, own, settings.level),
      readersMinusProgram: differences,
    };
  });
}

/**
 * One figure of merit of a reader study: each reader, each modality, the differences, and the tests after Obuchowski
 * and Rockette and after Dorfman, Berbaum and Metz.
 *
 * @throws LUC_READERS_ONE_CLASS, LUC_READERS_DESIGN
 */
export function compareMeasure(
  study: ReaderStudy,
  measure: Measure,
  settings: MeasureSettings,
): MeasureResult {
  const { level } = settings;
  const grid = study.crossed.map((row) =>
    row.map(({ readings }) => caseTerms(measure, study.cases, readings, settings.threshold)),
  );
  const covariance = cellCovariance(grid, settings.covariance);
  const table = obuchowskiRockette(grid, covariance);
  const several = study.modalities.length > 1;
  const dbm = several && study.readers.length > 1 ? dbmTable(grid) : null;
  return {
    measure,
    name: measureNames[measure],
    readers: study.modalities.flatMap((modality, m) =>
      study.readers.flatMap((reader, r) => {
        const cell = m * study.readers.length + r;
        const terms = grid[m]?.[r];
        if (terms === undefined) return [];
        return {
          reader,
          modality,
          estimate: overCases(terms, at(covariance, cell, cell), level),
        };
      }),
    ),
    modalities: study.modalities.map((modality, m) => {
      const values = (grid[m] ?? []).map(({ value }) => value);
      const block = modalityBlock(covariance, grid, m);
      return {
        modality,
        value: values.reduce((sum, value) => sum + value, 0) / values.length,
        byScope: byScope((scope) => {
          const mean = readerMean(values, block, scope);
          return mean === null ? null : cut(tEstimate(mean.value, mean.standardError, mean.degrees, level));
        }),
      };
    }),
    readerDifferences: differencesOfReaders(study, grid, covariance, settings),
    obuchowskiRockette: several
      ? {
          meanSquares: table.meanSquares,
          variance: table.variance,
          cov1: table.cov1,
          cov2: table.cov2,
          cov3: table.cov3,
          byScope: byScope((scope) => modalityTest(table, scope)),
        }
      : null,
    dorfmanBerbaumMetz:
      dbm === null
        ? null
        : { meanSquares: dbm.meanSquares, byScope: byScope((scope) => dbmTest(dbm, scope)) },
    differences: modalityDifferences(study, grid, table, settings),
    standalone: standaloneResults(study, measure, grid, settings),
  };
}
