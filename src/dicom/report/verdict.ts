import { readerKinds, type Sought } from '../../core/reader-kinds.js';
import type { Reading } from '../../core/reading.js';
import type { Code } from '../codes/code.js';
import { answer, concept, unit } from '../codes/concepts.js';
import { type ResultContext, sourceReference, verifierOf } from '../results/result-context.js';
import { algorithm } from './algorithm.js';
import {
  type ContentItem,
  codeValue,
  container,
  imageReference,
  numberValue,
  polygon3d,
  polyline,
  textValue,
  uidValue,
} from './content-items.js';
import { percentOf } from './percent.js';
import { boxContours, boxCorners } from './regions.js';

/** What readers look for, as codes. */
export const soughtCodes: Readonly<Record<Sought, Code>> = {
  fracture: answer.fractureOfBone,
  infection: answer.infection,
};

/** What a reader of this kind looks for. */
export function soughtFinding(kind: Reading['kind']): Code {
  return soughtCodes[readerKinds[kind].sought];
}

const verdictAnswers: Readonly<Record<Reading['verdict'], Code>> = {
  fracture: answer.detected,
  infection: answer.detected,
  doubt: answer.inconclusive,
  'no-fracture': answer.notDetected,
  'no-infection': answer.notDetected,
  refused: answer.testNotDone,
};

const verdictSentences: Readonly<Record<Reading['verdict'], string>> = {
  fracture: 'Fracture detected',
  infection: 'Infection detected',
  doubt: 'Doubtful: cannot be ruled out',
  'no-fracture': 'No fracture found, which does not mean that there is none',
  'no-infection': 'No infection found, which does not mean that there is none',
  refused: 'Not read',
};

/** What must stand wherever a result is shown: who answers for it, if anyone does. */
export function notice(context: Pick<ResultContext, 'reading'>): string {
  const verifier = verifierOf(context);
  const state =
    verifier === null ? 'not verified by a physician, not for diagnosis' : `verified by ${verifier}`;
  return `AI output, ${state}. Decision support and research; not a medical device.`;
}

/**
 * What the probability of the whole was inferred from: all of the image, or the middle slice of a volume. A region is
 * given because OHIF (3.12) shows no report at all that holds a measurement without one.
 */
function wholeRegion(context: ResultContext): ContentItem {
  const { reading, volume } = context;
  const { width, height } = reading.image;
  if (!volume) {
    return polyline(
      'INFERRED FROM',
      concept.imageRegion,
      boxCorners([0, 0, width, height]),
      sourceReference(context),
    );
  }
  const middle = Math.floor(volume.grid.size[2] / 2);
  const [outline = []] = boxContours(volume.grid, [0, 0, middle, width, height, 1]);
  return polygon3d('INFERRED FROM', concept.imageRegion, outline, volume.frameOfReferenceUid);
}

/** Verdict of the whole image as a measurement group (TID 1501): its answer and its probability. */
export function verdictGroup(context: ResultContext): ContentItem {
  const { reading } = context;
  const sought = soughtFinding(reading.kind);
  const source = context.volume ? null : sourceReference(context);
  return container(
    'CONTAINS',
    concept.measurementGroup,
    [
      textValue('HAS OBS CONTEXT', concept.trackingIdentifier, 'Lucency verdict'),
      uidValue('HAS OBS CONTEXT', concept.trackingUid, context.uid('verdict')),
      codeValue('CONTAINS', concept.finding, sought),
      ...algorithm(context),
      source && imageReference('CONTAINS', concept.sourceOfMeasurement, source),
      reading.probability === null
        ? null
        : numberValue('CONTAINS', concept.probability, percentOf(reading.probability), unit.percent, [
            wholeRegion(context),
          ]),
      codeValue('CONTAINS', sought, verdictAnswers[reading.verdict]),
    ],
    '1501',
  );
}

/** The verdict for people: answer, sentence, why it was refused, what limits it, and the notice. */
export function qualitativeEvaluations(context: ResultContext): ContentItem {
  const { reading } = context;
  return container('CONTAINS', concept.qualitativeEvaluations, [
    codeValue('CONTAINS', soughtFinding(reading.kind), verdictAnswers[reading.verdict]),
    textValue('CONTAINS', concept.conclusion, verdictSentences[reading.verdict]),
    reading.refusal ? textValue('CONTAINS', concept.comment, reading.refusal.reason) : null,
    ...(reading.limitations ?? []).map(({ text }) => textValue('CONTAINS', concept.comment, text)),
    textValue('CONTAINS', concept.comment, notice(context)),
  ]);
}
