import { type Act, type Permission, permissions } from '../words/permission.js';
import type { Role } from '../words/role.js';

/** Who asks. */
export interface Actor {
  readonly roles: readonly Role[];
  /** Acts that a machine's key was made for; counts for the role `machine` alone. */
  readonly scopes: readonly Act[];
}

/**
 * Every permission under which the actor may do the act, one per role that has it; empty: refused. A row may be seen, and an
 * act done, when one of them admits it: when its reach takes the row in and its condition holds.
 */
export function decide(actor: Actor, act: Act): readonly Permission[] {
  return actor.roles.flatMap((role) => {
    const permission = permissions[act][role];
    if (!permission) return [];
    return permission.reach === 'scope' && !actor.scopes.includes(act) ? [] : [permission];
  });
}

/** What is known of the one thing that an act is about. */
export interface Circumstances {
  /** It is the actor's, or assigned to the actor. */
  readonly own: boolean;
  /** Its result was released to the actor. */
  readonly released: boolean;
  /** The site has switched on what it may switch on. */
  readonly enabled: boolean;
  /** The actor has given a reason, and it is recorded. */
  readonly reason: boolean;
  /** Another person has agreed. */
  readonly secondPerson: boolean;
}

function holds({ condition }: Permission, circumstances: Circumstances): boolean {
  switch (condition) {
    case undefined:
      return true;
    case 'second-person':
      return circumstances.secondPerson;
    default:
      return circumstances[condition];
  }
}

/** Whether the actor may do the act to one thing of the actor's site. */
export function isAllowed(actor: Actor, act: Act, circumstances: Circumstances): boolean {
  return decide(actor, act).some(
    (permission) => (permission.reach !== 'own' || circumstances.own) && holds(permission, circumstances),
  );
}
