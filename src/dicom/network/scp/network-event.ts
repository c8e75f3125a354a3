import type { LucencyError } from '../../../core/errors.js';
import type { StoredObject } from '../store/object-store.js';

interface Sender {
  readonly peer: string;
  readonly aeTitle: string;
}

/** What happens at a node. Holds AE titles, addresses and UIDs; nothing of the patient. */
export type NetworkEvent =
  | ({ readonly kind: 'opened' } & Sender)
  | ({ readonly kind: 'closed'; readonly objects: number } & Sender)
  | ({ readonly kind: 'object'; readonly object: StoredObject } & Sender)
  /** An object that is not stored; its sender was told so. */
  | ({ readonly kind: 'object-refused'; readonly uid: string; readonly error: LucencyError } & Sender)
  | ({ readonly kind: 'contexts-refused'; readonly error: LucencyError } & Sender)
  /** An association that was refused or broke. */
  | { readonly kind: 'failure'; readonly peer: string; readonly error: LucencyError };

export type OnNetworkEvent = (event: NetworkEvent) => void;
