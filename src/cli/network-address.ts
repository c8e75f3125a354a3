import { LucencyError } from '../core/errors.js';
import { type Address, parseAddress } from '../dicom/network/delivery/address.js';
import type { Destination } from '../dicom/network/delivery/destination.js';
import { DimseDestination } from '../dicom/network/delivery/dimse-destination.js';
import { StowDestination } from '../dicom/network/delivery/stow-destination.js';
import type { TlsMaterial } from '../dicom/network/tls-files.js';
import type { Peer } from '../dicom/network/upper-layer/request.js';
import { WebServer } from '../dicom/network/web/web-server.js';

/** Environment variable that holds the Authorization header for DICOMweb: arguments can be seen by other users. */
export const authorizationVariable = 'LUCENCY_DICOMWEB_AUTHORIZATION';

export interface ReachOptions {
  /** Our AE title. */
  readonly aeTitle: string;
  readonly tls: TlsMaterial | null;
  readonly connectSeconds: number;
  readonly idleSeconds: number;
}

export type Remote =
  | { readonly kind: 'dimse'; readonly peer: Peer }
  | { readonly kind: 'web'; readonly server: WebServer };

/** @throws LUC_USAGE_INVALID */
export function remoteOf(text: string, options: ReachOptions): Remote {
  const address: Address = parseAddress(text);
  const { aeTitle: callingAeTitle, tls, connectSeconds, idleSeconds } = options;
  if (address.kind === 'web') {
    const authorization = process.env[authorizationVariable] ?? null;
    if (authorization !== null && address.url.protocol !== 'https:') {
      const reason = `${authorizationVariable} is only sent over https.`;
      throw new LucencyError('LUC_USAGE_INVALID', { reason });
    }
    return { kind: 'web', server: new WebServer({ url: address.url, tls, authorization, idleSeconds }) };
  }
  const { aeTitle: calledAeTitle, host, port } = address;
  return {
    kind: 'dimse',
    peer: { host, port, calledAeTitle, callingAeTitle, tls, connectSeconds, idleSeconds },
  };
}

export function destinationOf(remote: Remote): Destination {
  return remote.kind === 'web' ? new StowDestination(remote.server) : new DimseDestination(remote.peer);
}
