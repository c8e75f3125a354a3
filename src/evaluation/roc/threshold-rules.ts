import { LucencyError } from '../../core/errors.js';
import { cutPoints } from './curve.js';
import { requireBothClasses, type ScoredSet } from './scored-set.js';

/** How a threshold is chosen on a set that is not the set reported. */
export type ThresholdRule =
  | { readonly kind: 'youden' | 'closest-top-left' | 'max-f1' }
  | { readonly kind: 'sensitivity' | 'specificity'; readonly atLeast: number };

/** What `parseThresholdRule` takes, for messages and help. */
export const thresholdRuleForms = 'youden, closest-top-left, max-f1, sensitivity>=X, specificity>=X';

/**
 * Reads the name of a rule, such as `youden` or `sensitivity>=0.95`.
 *
 * @throws LUC_EVALUATION_THRESHOLD_RULE
 */
export function parseThresholdRule(text: string): ThresholdRule {
  const name = text.trim().toLowerCase();
  if (name === 'youden' || name === 'closest-top-left' || name === 'max-f1') return { kind: name };
  const bound = /^(sensitivity|specificity)\s*>=\s*(\d*\.?\d+)$/.exec(name);
  const atLeast = Number(bound?.[2]);
  if (bound && atLeast > 0 && atLeast <= 1) {
    return { kind: bound[1] === 'sensitivity' ? 'sensitivity' : 'specificity', atLeast };
  }
  throw new LucencyError('LUC_EVALUATION_THRESHOLD_RULE', { rule: text, forms: thresholdRuleForms });
}

interface Candidate {
  readonly threshold: number;
  readonly sensitivity: number;
  readonly specificity: number;
  readonly f1: number;
}

/**
 * Cuts lie half way between neighbouring scores, so that a score that moves in its last digit stays on its side. The
 * outermost cuts are not offered: at them the model is not used at all.
 */
function candidates(set: ScoredSet): Candidate[] {
  const points = cutPoints(set);
  return points.slice(1).map((point, index) => {
    const below = points[index + 2]?.threshold;
    const sensitivity = point.truePositives / set.positives;
    return {
      threshold: below === undefined ? point.threshold : (point.threshold + below) / 2,
      sensitivity,
      specificity: 1 - point.falsePositives / set.negatives,
      f1: (2 * point.truePositives) / (point.truePositives + point.falsePositives + set.positives),
    };
  });
}

function goodness(rule: ThresholdRule, candidate: Candidate): number {
  const { sensitivity, specificity, f1 } = candidate;
  if ('atLeast' in rule) {
    const [bound, prize] =
      rule.kind === 'sensitivity' ? [sensitivity, specificity] : [specificity, sensitivity];
    return bound >= rule.atLeast ? prize : Number.NEGATIVE_INFINITY;
  }
  if (rule.kind === 'youden') return sensitivity + specificity - 1;
  if (rule.kind === 'max-f1') return f1;
  return -((1 - sensitivity) ** 2 + (1 - specificity) ** 2);
}

/**
 * The threshold that the rule picks on a set: items that score at least that much are called positive. Among equally
 * good cuts the highest threshold wins. Use it on a set that is not the set reported: a threshold chosen on the
 * reported set makes its figures too good.
 *
 * Source of Youden's index: Cancer 1950;3:32-35.
 * @throws LUC_EVALUATION_ONE_CLASS; LUC_EVALUATION_THRESHOLD_UNREACHABLE when no cut meets the rule
 */
export function chooseThreshold(set: ScoredSet, rule: ThresholdRule): number {
  requireBothClasses(set, 'a threshold');
  let best = Number.NEGATIVE_INFINITY;
  let threshold: number | null = null;
  for (const candidate of candidates(set)) {
    const value = goodness(rule, candidate);
    if (value > best) {
      best = value;
      threshold = candidate.threshold;
    }
  }
  if (threshold === null) {
    const text = 'atLeast' in rule ? `${rule.kind}>=${rule.atLeast}` : rule.kind;
    throw new LucencyError('LUC_EVALUATION_THRESHOLD_UNREACHABLE', { rule: text });
  }
  return threshold;
}
