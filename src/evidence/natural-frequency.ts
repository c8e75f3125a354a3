/** What a result means for one person, from the accuracy of a test and the chance before it. */
export interface AfterTest {
  /** Share of people with a positive result who have the condition (positive predictive value). */
  readonly positive: number;
  /** Share of people with a clear result who do not have it (negative predictive value). */
  readonly clear: number;
}

/** A rate with bounds, where the source gives them. */
export interface Rate {
  readonly value: number;
  readonly interval: readonly [number, number] | null;
}

/**
 * Bayes' rule. All rates 0 to 1.
 * @param before chance of the condition before the test
 */
export function afterTest(sensitivity: number, specificity: number, before: number): AfterTest {
  const found = sensitivity * before;
  const missed = (1 - sensitivity) * before;
  const falseAlarm = (1 - specificity) * (1 - before);
  const cleared = specificity * (1 - before);
  return {
    positive: found + falseAlarm > 0 ? found / (found + falseAlarm) : Number.NaN,
    clear: cleared + missed > 0 ? cleared / (cleared + missed) : Number.NaN,
  };
}

/** Both predictive values with the widest bounds that the intervals of the two rates allow. */
export function afterTestWithBounds(
  sensitivity: Rate,
  specificity: Rate,
  before: number,
): { positive: Rate; clear: Rate } {
  const middle = afterTest(sensitivity.value, specificity.value, before);
  if (!sensitivity.interval || !specificity.interval) {
    return {
      positive: { value: middle.positive, interval: null },
      clear: { value: middle.clear, interval: null },
    };
  }
  const low = afterTest(sensitivity.interval[0], specificity.interval[0], before);
  const high = afterTest(sensitivity.interval[1], specificity.interval[1], before);
  return {
    positive: { value: middle.positive, interval: [low.positive, high.positive] },
    clear: { value: middle.clear, interval: [low.clear, high.clear] },
  };
}

/** Whole people of each kind among `people` tested: found, missed, false alarms, cleared. */
export function peopleOf(sensitivity: number, specificity: number, before: number, people: number) {
  const ill = Math.round(before * people);
  const found = Math.round(sensitivity * ill);
  const cleared = Math.round(specificity * (people - ill));
  return { ill, found, missed: ill - found, cleared, falseAlarms: people - ill - cleared };
}

/** The share of ill people at which a test of this sensitivity and specificity reaches a given F1; 0 to 1. */
export function prevalenceFromF1(sensitivity: number, specificity: number, f1: number): number {
  // F1 = 2TP / (2TP + FP + FN), solved for the prevalence in TP, FP and FN.
  const falseAlarm = 1 - specificity;
  return (f1 * falseAlarm) / (2 * sensitivity - f1 * (sensitivity + 1 - falseAlarm));
}
