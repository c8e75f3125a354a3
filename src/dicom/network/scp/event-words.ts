import path from 'node:path';
import type { NetworkEvent } from './network-event.js';

/** One line of the log. Holds AE titles, addresses and UIDs; nothing of the patient. */
export function eventLine(event: NetworkEvent): string {
  switch (event.kind) {
    case 'opened':
      return `${event.aeTitle} (${event.peer}): association opened`;
    case 'closed':
      return `${event.aeTitle} (${event.peer}): association closed, ${event.objects} object(s) taken`;
    case 'object': {
      const { kind, identity, bytes } = event.object;
      const what = kind === 'stored' ? 'stored' : 'was there already';
      return `${event.aeTitle} (${event.peer}): ${identity.sopInstanceUid} ${what}, ${bytes} bytes`;
    }
    case 'object-refused':
      return `${event.aeTitle} (${event.peer}): ${event.uid} refused. ${event.error.toLine()}`;
    case 'contexts-refused':
      return `${event.aeTitle} (${event.peer}): ${event.error.toLine()}`;
    case 'failure':
      return `${event.peer}: ${event.error.toLine()}`;
  }
}

/** What machines are told of an object, the contract `lucency.received/1`; null for events that concern none. */
export function eventRecord(event: NetworkEvent, folder: string): object | null {
  const schema = 'lucency.received/1';
  if (event.kind === 'object') {
    const { kind, file, identity, bytes } = event.object;
    const { peer, aeTitle } = event;
    return { schema, kind, file: path.relative(folder, file), bytes, ...identity, peer, aeTitle };
  }
  if (event.kind === 'object-refused') {
    const { uid: sopInstanceUid, error, peer, aeTitle } = event;
    return { schema, kind: 'refused', sopInstanceUid, code: error.code, peer, aeTitle };
  }
  return null;
}
