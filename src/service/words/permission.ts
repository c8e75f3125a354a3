import type { Role } from './role.js';

/** Everything that access is decided on. */
export const acts = [
  'study.view',
  'reading.view-unsigned',
  'review.draft',
  'report.sign-preliminary',
  'report.sign',
  'report.correct',
  'result.release',
  'study.send',
  'study.read-again',
  'urgency.change',
  'accuracy.view',
  'accuracy.view-by-reader',
  'account.manage',
  'setting.manage',
  'model.switch-off',
  'model.switch-on',
  'audit.view',
  'emergency.view',
] as const;
export type Act = (typeof acts)[number];

/**
 * Over what a permission reaches. `own`: what is the person's, or assigned to the person; `site`: all of the site;
 * `scope`: all of the site, for a key that was made for this act.
 */
export type Reach = 'own' | 'site' | 'scope';

/**
 * What must hold besides. `released`: the result was released to the person; `enabled`: the site has switched it on;
 * `reason`: a reason is given, and someone looks at it later; `second-person`: another person agrees.
 */
export type Condition = 'released' | 'enabled' | 'reason' | 'second-person';

export interface Permission {
  readonly reach: Reach;
  readonly condition?: Condition;
}

const own: Permission = { reach: 'own' };
const site: Permission = { reach: 'site' };
const scope: Permission = { reach: 'scope' };
const siteWithReason: Permission = { reach: 'site', condition: 'reason' };

/** Who may do what; what is not here is refused. */
export const permissions: Readonly<Record<Act, Readonly<Partial<Record<Role, Permission>>>>> = {
  'study.view': {
    patient: { reach: 'own', condition: 'released' },
    referrer: own,
    radiographer: site,
    resident: site,
    radiologist: site,
    lead: site,
    machine: scope,
  },
  'reading.view-unsigned': {
    referrer: { reach: 'own', condition: 'enabled' },
    radiographer: { reach: 'site', condition: 'enabled' },
    resident: site,
    radiologist: site,
    lead: site,
    machine: scope,
  },
  'review.draft': { resident: site, radiologist: site, lead: site },
  'report.sign-preliminary': { resident: site, radiologist: site, lead: site },
  'report.sign': { radiologist: site, lead: site },
  'report.correct': { radiologist: own, lead: siteWithReason },
  'result.release': { radiologist: site, lead: site },
  'study.send': { radiographer: site, resident: site, radiologist: site, lead: site, machine: scope },
  'study.read-again': { radiographer: site, resident: site, radiologist: site, lead: site, machine: scope },
  'urgency.change': { lead: site },
  // Sums over the whole site; which reader they come from is an act of its own.
  'accuracy.view': { lead: site, admin: site },
  'accuracy.view-by-reader': { resident: own, radiologist: own, lead: site },
  'account.manage': { admin: site },
  'setting.manage': { admin: site },
  'model.switch-off': { radiologist: site, lead: site, admin: site },
  'model.switch-on': {
    lead: { reach: 'site', condition: 'second-person' },
    admin: { reach: 'site', condition: 'second-person' },
  },
  'audit.view': { patient: own, resident: own, radiologist: own, lead: site, auditor: site },
  'emergency.view': {
    referrer: siteWithReason,
    resident: siteWithReason,
    radiologist: siteWithReason,
    lead: siteWithReason,
  },
};
