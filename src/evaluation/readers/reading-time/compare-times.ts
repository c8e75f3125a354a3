import { LucencyError } from '../../../core/errors.js';
import { quantile } from '../../bootstrap/bca.js';
import { at } from '../../matrix.js';
import { type TestedDifference, testedDifference } from '../inference.js';
import { modalityPairs } from '../modality-pairs.js';
import type { ReaderStudy } from '../reader-study.js';
import type { ReadingTimes } from '../readers.schema.js';
import { bootstrapTimes } from './bootstrap-times.js';
import { type CrossedFit, fitCrossedIntercepts, type TimedReading } from './crossed-intercepts.js';
import { type TimePair, timePairs } from './paired-times.js';

export interface TimeSettings {
  /** Modality that the others are compared with; null compares each with each. */
  readonly reference: string | null;
  readonly level: number;
  /** Adds a random effect of reader by modality: readers may profit differently. */
  readonly randomSlopes: boolean;
  readonly replicates: number;
  readonly seed: number;
}

type Ratio = ReadingTimes['differences'][number]['ratio'];

function pairedTest(differences: readonly number[], level: number): TestedDifference | null {
  const n = differences.length;
  if (n < 2) return null;
  const mean = differences.reduce((sum, value) => sum + value, 0) / n;
  const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return testedDifference(mean, Math.sqrt(variance / n), n - 1, level);
}

function secondsOf(study: ReaderStudy, modality: number): Float64Array {
  const all =
    study.crossed[modality]?.flatMap(({ readings }) => readings.map(({ seconds }) => seconds)) ?? [];
  return Float64Array.from(all.filter((seconds) => seconds !== null)).sort();
}

function logReadings(study: ReaderStudy): TimedReading[] {
  return study.crossed.flatMap((row, modality) =>
    row.flatMap(({ readings }, reader) =>
      readings.flatMap(({ seconds }, index) =>
        seconds === null ? [] : [{ reader, case: index, modality, y: Math.log(seconds) }],
      ),
    ),
  );
}

interface MixedModel {
  readonly fit: CrossedFit | null;
  readonly reason: string | null;
  /** Degrees of freedom of a difference of modalities. */
  readonly degrees: number;
}

/**
 * With reader-by-modality effects the readers are the sample, (modalities - 1)(readers - 1) degrees; without them the
 * residual degrees of the crossed layout.
 */
function mixedModel(study: ReaderStudy, readings: readonly TimedReading[], slopes: boolean): MixedModel {
  const sizes = {
    readers: study.readers.length,
    cases: study.cases.length,
    modalities: study.modalities.length,
  };
  const timedCases = new Set(readings.map((reading) => reading.case)).size;
  const degrees = slopes
    ? (sizes.modalities - 1) * (sizes.readers - 1)
    : readings.length - sizes.modalities - (sizes.readers - 1) - (timedCases - 1);
  if (sizes.readers < 2) return { fit: null, reason: 'there is only one reader', degrees };
  if (degrees < 1) return { fit: null, reason: 'there are too few times', degrees };
  try {
    return { fit: fitCrossedIntercepts(readings, sizes, slopes), reason: null, degrees };
  } catch (error) {
    if (error instanceof LucencyError) return { fit: null, reason: error.message, degrees };
    throw error;
  }
}

function ratioOf({ fit, degrees }: MixedModel, a: number, b: number, level: number): Ratio {
  if (fit === null) return null;
  const variance = at(fit.covariance, a, a) + at(fit.covariance, b, b) - 2 * at(fit.covariance, a, b);
  const log = testedDifference(
    (fit.means[a] ?? 0) - (fit.means[b] ?? 0),
    Math.sqrt(variance),
    degrees,
    level,
  );
  if (log === null) return null;
  const [low, high] = log.interval;
  return { ...log, value: Math.exp(log.value), interval: [Math.exp(low), Math.exp(high)] };
}

function readerTests(study: ReaderStudy, pairs: readonly TimePair[], level: number) {
  return study.readers.map((reader, number) => {
    const own = pairs.filter((pair) => pair.reader === number).map(({ a, b }) => a - b);
    return { reader, pairs: own.length, seconds: pairedTest(own, level) };
  });
}

/**
 * Reading times of the modalities: each reader paired over cases, the readers as the sample, a stratified bootstrap of
 * the cases, and a mixed model of ln(seconds), which suits times better than a mean does.
 *
 * Null when no reading has a time.
 */
export function compareTimes(study: ReaderStudy, settings: TimeSettings): ReadingTimes | null {
  const readings = logReadings(study);
  if (readings.length === 0) return null;
  const { level, randomSlopes } = settings;
  const model = mixedModel(study, readings, randomSlopes);
  const interaction = randomSlopes ? ' + (1 | reader:modality)' : '';
  return {
    modalities: study.modalities.map((modality, index) => {
      const seconds = secondsOf(study, index);
      return {
        modality,
        readings: seconds.length,
        medianSeconds: quantile(seconds, 0.5),
        quartiles: [quantile(seconds, 0.25), quantile(seconds, 0.75)],
        meanSeconds: seconds.reduce((sum, value) => sum + value, 0) / seconds.length,
      };
    }),
    differences: modalityPairs(study.modalities, settings.reference).map(([a, b]) => {
      const pairs = timePairs(study, a, b);
      const byReader = readerTests(study, pairs, level);
      const means = byReader.flatMap(({ seconds }) => (seconds === null ? [] : [seconds.value]));
      return {
        a: study.modalities[a] ?? '',
        b: study.modalities[b] ?? '',
        pairs: pairs.length,
        readers: byReader,
        acrossReaders: pairedTest(means, level),
        bootstrap: bootstrapTimes(pairs, study.cases, settings),
        ratio: ratioOf(model, a, b, level),
      };
    }),
    mixedModel:
      model.fit === null
        ? null
        : {
            formula: `ln(seconds) ~ modality + (1 | reader) + (1 | case)${interaction}`,
            variances: model.fit.variances,
            restrictedLogLikelihood: model.fit.restrictedLogLikelihood,
          },
    mixedModelReason: model.reason,
  };
}
