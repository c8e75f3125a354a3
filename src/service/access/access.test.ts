import { describe, expect, it } from 'vitest';
import { type Act, acts } from '../words/permission.js';
import { type Role, roles } from '../words/role.js';
import { type Circumstances, decide, isAllowed } from './decide.js';
import { dutyInConflict } from './separate-duties.js';

const none: Circumstances = {
  own: false,
  released: false,
  enabled: false,
  reason: false,
  secondPerson: false,
};

/**
 * Written by hand, in the order patient, referrer, radiographer, resident, radiologist, lead, admin, auditor, machine.
 * `-` never; `S` everything of the site; `O` own; `R` own and released; `E` own, where the site says so; `e` all, where the site
 * says so; `w` all, with a reason; `2` all, with a second person; `K` with a key made for it.
 */
const expected: Readonly<Record<Act, string>> = {
  'study.view': /*             */ 'ROSSSS--K',
  'reading.view-unsigned': /*  */ '-EeSSS--K',
  'review.draft': /*           */ '---SSS---',
  'report.sign-preliminary': /**/ '---SSS---',
  'report.sign': /*            */ '----SS---',
  'report.correct': /*         */ '----Ow---',
  'result.release': /*         */ '----SS---',
  'study.send': /*             */ '--SSSS--K',
  'study.read-again': /*       */ '--SSSS--K',
  'urgency.change': /*         */ '-----S---',
  'accuracy.view': /*          */ '-----SS--',
  'accuracy.view-by-reader': /**/ '---OOS---',
  'account.manage': /*         */ '------S--',
  'setting.manage': /*         */ '------S--',
  'model.switch-off': /*       */ '----SSS--',
  'model.switch-on': /*        */ '-----22--',
  'audit.view': /*             */ 'O--OOS-S-',
  'emergency.view': /*         */ '-w-www---',
};

/** All that can be known of a thing, and which of it each letter above admits. */
const everyCircumstance: readonly Circumstances[] = Array.from({ length: 32 }, (_, bits) => ({
  own: (bits & 1) > 0,
  released: (bits & 2) > 0,
  enabled: (bits & 4) > 0,
  reason: (bits & 8) > 0,
  secondPerson: (bits & 16) > 0,
}));
const admits: Readonly<Record<string, (thing: Circumstances) => boolean>> = {
  '-': () => false,
  S: () => true,
  K: () => true,
  O: ({ own }) => own,
  R: ({ own, released }) => own && released,
  E: ({ own, enabled }) => own && enabled,
  e: ({ enabled }) => enabled,
  w: ({ reason }) => reason,
  2: ({ secondPerson }) => secondPerson,
};

describe('access', () => {
  it.each(acts.flatMap((act) => roles.map((role, index) => ({ act, role, letter: expected[act][index] }))))(
    '$act by $role is $letter',
    ({ act, role, letter }) => {
      const expectation = everyCircumstance.map((thing) => admits[letter ?? '']?.(thing));
      const actual = everyCircumstance.map((thing) =>
        isAllowed({ roles: [role], scopes: [act] }, act, thing),
      );
      expect(actual).toEqual(expectation);
    },
  );

  it('gives an account without a role nothing', () => {
    expect(acts.flatMap((act) => decide({ roles: [], scopes: [...acts] }, act))).toEqual([]);
  });

  it('gives a key nothing but what it was made for, and a person nothing by a scope', () => {
    const reached = (role: Role, scopes: Act[]) =>
      acts.filter((act) => isAllowed({ roles: [role], scopes }, act, none));
    expect(reached('machine', [])).toEqual([]);
    expect(reached('machine', ['study.send'])).toEqual(['study.send']);
    expect(reached('machine', ['report.sign', 'report.sign-preliminary', 'account.manage'])).toEqual([]);
    expect(reached('auditor', [...acts])).toEqual(['audit.view']);
  });

  it('adds up the roles of one account, each with its own condition', () => {
    const both = { roles: ['patient', 'radiographer'] as const, scopes: [] };
    expect(isAllowed(both, 'study.view', none)).toBe(true);
    expect(isAllowed(both, 'audit.view', none)).toBe(false);
    expect(isAllowed(both, 'audit.view', { ...none, own: true })).toBe(true);
  });
});

describe('separate duties', () => {
  it('are kept by every role by itself', () => {
    expect(roles.filter((role) => dutyInConflict([role]))).toEqual([]);
  });

  it('forbid one account to give out roles and to sign or see images', () => {
    const conflicting = roles.filter((role) => dutyInConflict(['admin', role]));
    expect(conflicting).toEqual([
      'patient',
      'referrer',
      'radiographer',
      'resident',
      'radiologist',
      'lead',
      'machine',
    ]);
    expect(dutyInConflict(['lead', 'radiologist', 'auditor'])).toBeNull();
  });
});
