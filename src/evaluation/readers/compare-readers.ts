import { LucencyError } from '../../core/errors.js';
import { compareMeasure, type MeasureSettings } from './compare-measure.js';
import { availableMeasures, type Measure, measureNames } from './figure-of-merit.js';
import type { ReaderStudy } from './reader-study.js';
import type { MeasureResult, ReaderComparison } from './readers.schema.js';
import { compareTimes } from './reading-time/compare-times.js';

export interface CompareOptions {
  /** Default: all that the data allow. */
  readonly measures?: readonly Measure[];
  /** Default: random readers and random cases; fixed readers where there is only one. */
  readonly scope?: MeasureSettings['scope'];
  /** Default: jackknife. */
  readonly covariance?: MeasureSettings['covariance'];
  /** Calls a case diseased at this score or above; default: the recorded calls. */
  readonly threshold?: number;
  /** Modality that the others are compared with. */
  readonly reference?: string;
  /** Non-inferiority margin, in units of the measure; needs a reference. */
  readonly margin?: number;
  /** Default .95. */
  readonly level?: number;
  /** Random effect of reader by modality in the model of reading times; default false. */
  readonly timeSlopes?: boolean;
  /** Bootstrap of reading times; default 2000 and 1. */
  readonly replicates?: number;
  readonly seed?: number;
}

function design(reason: string, remedy: string): LucencyError {
  return new LucencyError('LUC_READERS_DESIGN', { reason, remedy });
}

function chooseMeasures(study: ReaderStudy, options: CompareOptions): Measure[] {
  const available = availableMeasures(study, options.threshold ?? null);
  const wanted = options.measures ?? available;
  const impossible = wanted.find((measure) => !available.includes(measure));
  if (impossible !== undefined) {
    const remedy =
      impossible === 'wafroc'
        ? 'Give the columns lesion and lesions.'
        : impossible === 'auc'
          ? 'Give a score for every reading.'
          : 'Give a call for every reading, or a threshold on the score (--threshold).';
    throw design(`the table does not hold what the ${measureNames[impossible]} needs`, remedy);
  }
  if (wanted.length === 0)
    throw design('no measure can be computed', 'Give scores or calls for every reading.');
  return [...wanted];
}

function checkReference(study: ReaderStudy, { reference, margin }: CompareOptions): void {
  const known = [...study.modalities, ...study.standalone.map(({ modality }) => modality)];
  if (reference !== undefined && !known.includes(reference)) {
    throw design(`there is no modality ${reference}`, `Choose one of ${known.join(', ')}.`);
  }
  if (margin === undefined) return;
  if (!(margin > 0 && margin < 1))
    throw design(`the margin is ${margin}`, 'Give a margin between 0 and 1, such as 0.05.');
  if (reference === undefined) {
    throw design('a non-inferiority margin needs a reference modality', 'Name it with --reference.');
  }
}

function warningsOf(study: ReaderStudy, scope: MeasureSettings['scope']): string[] {
  const warnings: string[] = [];
  if (study.readers.length === 1) {
    warnings.push('There is only one reader: results hold for this reader and say nothing of others.');
  } else if (study.readers.length < 4 && scope !== 'fixed-readers-random-cases') {
    warnings.push(
      `Only ${study.readers.length} readers: how much readers differ is poorly known, and intervals for random readers are wide or unstable.`,
    );
  }
  return warnings;
}

/** An analysis that some cells of the table prevent is named, not passed over. */
function lostMeasures(study: ReaderStudy, { measures, threshold }: CompareOptions): string[] {
  if (measures !== undefined) return [];
  const available = availableMeasures(study, threshold ?? null);
  const all = [...study.crossed.flat(), ...study.standalone].flatMap(({ readings }) => readings);
  const lost = (measure: Measure, missing: number, what: string) =>
    missing > 0 && missing < all.length && !available.includes(measure)
      ? [
          `No ${measureNames[measure]}: ${missing} of ${all.length} readings have no ${what}. Fill them in, or leave those cases out.`,
        ]
      : [];
  return [
    ...lost('auc', all.filter(({ score }) => score === null).length, 'score'),
    ...lost('wafroc', all.filter(({ marks }) => marks === null).length, 'marks'),
    ...(threshold === undefined
      ? lost('sensitivity', all.filter(({ call }) => call === null).length, 'call')
      : []),
  ];
}

/** Chance can make readers look more alike than they are; the interval for random readers is too narrow then. */
function narrowRandomReaders({ name, differences }: MeasureResult): string[] {
  return differences.flatMap(({ a, b, byScope }) => {
    const random = byScope['random-readers-random-cases'];
    const fixed = byScope['fixed-readers-random-cases'];
    if (random === null || fixed === null || random.standardError >= fixed.standardError) return [];
    return [
      `${name}, ${a} against ${b}: the standard error for random readers is below that for these readers only, because the readers happened to change alike. Quote the fixed-reader interval as well.`,
    ];
  });
}

/**
 * Multi-reader multi-case comparison of modalities: every measure that the data allow, and the reading times.
 *
 * @throws LUC_READERS_DESIGN, LUC_READERS_ONE_CLASS
 */
export function compareReaders(study: ReaderStudy, options: CompareOptions = {}): ReaderComparison {
  checkReference(study, options);
  const oneReader = study.readers.length === 1;
  if (oneReader && options.scope !== undefined && options.scope !== 'fixed-readers-random-cases') {
    throw design('random readers need at least two readers', 'Use --readers fixed.');
  }
  const settings: MeasureSettings = {
    scope: options.scope ?? (oneReader ? 'fixed-readers-random-cases' : 'random-readers-random-cases'),
    covariance: options.covariance ?? 'jackknife',
    threshold: options.threshold ?? null,
    reference: options.reference ?? null,
    margin: options.margin ?? null,
    level: options.level ?? 0.95,
  };
  const measures = chooseMeasures(study, options).map((measure) => compareMeasure(study, measure, settings));
  const diseased = study.cases.filter(({ truth }) => truth === 1).length;
  return {
    schema: 'lucency.readers/1',
    input: study.path,
    level: settings.level,
    readers: [...study.readers],
    modalities: [...study.modalities],
    standalone: study.standalone.map(({ modality }) => modality),
    cases: { diseased, normal: study.cases.length - diseased },
    scope: settings.scope,
    covariance: settings.covariance,
    threshold: settings.threshold,
    reference: settings.reference,
    margin: settings.margin,
    measures,
    readingTimes: compareTimes(study, {
      reference: settings.reference,
      level: settings.level,
      randomSlopes: options.timeSlopes ?? false,
      replicates: options.replicates ?? 2000,
      seed: options.seed ?? 1,
    }),
    warnings: [
      ...warningsOf(study, settings.scope),
      ...lostMeasures(study, options),
      ...measures.flatMap(narrowRandomReaders),
    ],
  };
}
