import type { Act } from '../words/permission.js';
import type { Role } from '../words/role.js';
import { decide } from './decide.js';

/** What whoever gives out roles never does. */
const apartFromGranting: readonly Act[] = [
  'report.sign',
  'report.sign-preliminary',
  'study.view',
  'reading.view-unsigned',
  'emergency.view',
];

/**
 * The act that an account with these roles would hold beside giving out roles, although it must lie with another person; null
 * where there is none. Otherwise one person alone could make a radiologist and sign as one, or let itself see images.
 */
export function dutyInConflict(roles: readonly Role[]): Act | null {
  const holds = (act: Act) => decide({ roles, scopes: [act] }, act).length > 0;
  return holds('account.manage') ? (apartFromGranting.find(holds) ?? null) : null;
}
