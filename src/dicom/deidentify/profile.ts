import { type ProfileAction, profileRows, type RetainLetter } from './basic-profile.js';

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

interface Rule {
  readonly action: ProfileAction;
  readonly keptBy: string;
}

const rules: ReadonlyMap<number, Rule> = new Map(
  profileRows.flatMap(({ action, keptBy, tags }) =>
    tags.split(' ').map((tag): [number, Rule] => [Number.parseInt(tag, 16), { action, keptBy }]),
  ),
);

/** Curves (50xx), overlay data and comments (60xx) are taken away in every repeat of the group. */
function isRepeatingGraphic(tag: number): boolean {
  const group = tag >>> 16;
  const element = tag & 0xffff;
  if ((group & 0xff00) === 0x5000) return true;
  return (group & 0xff00) === 0x6000 && (element === 0x3000 || element === 0x4000);
}

/** What is to be done with an attribute; null: it stays. Private attributes, whose meaning is unknown, go. */
export function actionOn(tag: number, retain: readonly RetainOption[]): ProfileAction | null {
  if ((tag >>> 16) % 2 === 1 || isRepeatingGraphic(tag)) return 'X';
  const rule = rules.get(tag);
  if (!rule) return null;
  return retain.some((name) => rule.keptBy.includes(retainOptions[name].letter)) ? null : rule.action;
}
