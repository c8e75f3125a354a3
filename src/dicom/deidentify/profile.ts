import { type ProfileAction, profileRows, type RetainLetter } from './basic-profile.js';
import { dummyTextTags, emptiedTextTags, keptTags, keptTextTags } from './kept-attributes.js';

/** Options of the profile: what is kept although the basic profile would take it away. */
export const retainOptions = {
  uids: { letter: 'u', code: '113110', meaning: 'Retain UIDs Option' },
  device: { letter: 'd', code: '113109', meaning: 'Retain Device Identity Option' },
  institution: { letter: 'i', code: '113112', meaning: 'Retain Institution Identity Option' },
  characteristics: { letter: 'p', code: '113108', meaning: 'Retain Patient Characteristics Option' },
  times: {
    letter: 't',
    code: '113106',
    meaning: 'Retain Longitudinal Temporal Information Full Dates Option',
  },
} as const satisfies Record<string, { letter: RetainLetter; code: string; meaning: string }>;

export type RetainOption = keyof typeof retainOptions;

export function isRetainOption(name: string): name is RetainOption {
  return name in retainOptions;
}

/** What is done with an attribute: an action of the profile, or one of those for what it does not list. */
export type Action =
  | ProfileAction
  /** Kept, its value being what its value representation allows. */
  | 'K'
  /** A short text, kept where it names no one. */
  | 'T'
  /** Kept by an option of the user's. */
  | 'retained';

interface Rule {
  readonly action: Action;
  readonly keptBy: string;
}

function rows(tags: string, action: Action, keptBy = ''): [number, Rule][] {
  return tags.split(' ').map((tag) => [Number.parseInt(tag, 16), { action, keptBy }]);
}

const rules: ReadonlyMap<number, Rule> = new Map([
  ...rows(keptTags, 'K'),
  ...rows(keptTextTags, 'T'),
  ...rows(dummyTextTags, 'D'),
  ...rows(emptiedTextTags, 'Z'),
  ...profileRows.flatMap(({ action, keptBy, tags }) => rows(tags, action, keptBy)),
]);

/**
 * What is to be done with an attribute. What no rule keeps is removed: private attributes, curves and overlays, whatever
 * the standard does not know or got to know later.
 */
export function actionOn(tag: number, retain: readonly RetainOption[]): Action {
  const rule = rules.get(tag);
  if (!rule) return 'X';
  return retain.some((name) => rule.keptBy.includes(retainOptions[name].letter)) ? 'retained' : rule.action;
}
