import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { LucencyError } from '../../../core/errors.js';
import type { ObjectStore } from '../store/object-store.js';
import { secureContext, type TlsMaterial } from '../tls-files.js';
import { acceptAssociation } from '../upper-layer/accept.js';
import type { Association } from '../upper-layer/association.js';
import { Connection } from '../upper-layer/connection.js';
import type { ProposedContext } from '../upper-layer/pdu.js';
import type { OnNetworkEvent } from './network-event.js';
import type { PeerRule } from './peer-rule.js';
import { scpPolicy } from './scp-policy.js';
import { serveAssociation } from './serve-association.js';

export interface StorageScpOptions {
  readonly store: ObjectStore;
  /** Our AE title; calls for another are refused. */
  readonly aeTitle: string;
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Who may send; null for anyone. */
  readonly peers: readonly PeerRule[] | null;
  /** Null for plain connections. With authorities, peers must show a certificate of theirs. */
  readonly tls: TlsMaterial | null;
  /** @default 64 */
  readonly maxAssociations?: number;
  /**
   * Longest time from a connection to its association request, and for a refused peer to close.
   * @default 30
   */
  readonly artimSeconds?: number;
  /**
   * Longest silence of a peer within an association.
   * @default 300
   */
  readonly idleSeconds?: number;
  readonly onEvent: OnNetworkEvent;
}

/** Connections beyond those that are served: they wait for their refusal. */
const waitingRoom = 16;
/** Refused services that a log line names. */
const mostNamedServices = 3;

function refusedServices(peer: string, refused: readonly ProposedContext[]): LucencyError {
  const named = refused
    .slice(0, mostNamedServices)
    .map(({ abstractSyntax, transferSyntaxes }) => `${abstractSyntax} in ${transferSyntaxes.join(' or ')}`);
  const services = `${named.join('; ')}${refused.length > mostNamedServices ? '; ...' : ''}`;
  return new LucencyError('LUC_DICOM_NET_CONTEXT_REFUSED', { peer, count: refused.length, services });
}

/** A DICOM node that takes objects: Storage and Verification as SCP. */
export class StorageScp {
  readonly #options: Required<StorageScpOptions>;
  readonly #server: net.Server;
  readonly #connections = new Set<Connection>();
  readonly #served = new Set<Promise<void>>();
  #associations = 0;

  private constructor(options: Required<StorageScpOptions>) {
    this.#options = options;
    this.#server = this.#createServer();
    this.#server.maxConnections = options.maxAssociations + waitingRoom;
  }

  /** @throws LUC_DICOM_NET_LISTEN */
  static async listen(options: StorageScpOptions): Promise<StorageScp> {
    const scp = new StorageScp({ maxAssociations: 64, artimSeconds: 30, idleSeconds: 300, ...options });
    const { host, port } = options;
    try {
      scp.#server.listen(port, host);
      await once(scp.#server, 'listening');
    } catch (error) {
      const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      throw new LucencyError('LUC_DICOM_NET_LISTEN', { host, port, reason }, { cause: error });
    }
    return scp;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : this.#options.port;
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.#connections.size;
  }

  #createServer(): net.Server {
    const { tls: material, onEvent, artimSeconds } = this.#options;
    const take = (socket: net.Socket): void => {
      const served = this.#serve(socket).finally(() => this.#served.delete(served));
      this.#served.add(served);
    };
    if (!material) return net.createServer({ pauseOnConnect: false }, take);
    const server = tls.createServer(
      {
        ...secureContext(material),
        requestCert: material.authorities !== null,
        rejectUnauthorized: material.authorities !== null,
        handshakeTimeout: artimSeconds * 1000,
      },
      take,
    );
    server.on('tlsClientError', (cause, socket) => {
      const peer = `${socket.remoteAddress ?? '?'}:${socket.remotePort ?? '?'}`;
      const error = new LucencyError('LUC_DICOM_NET_TLS', { peer, reason: cause.message }, { cause });
      onEvent({ kind: 'failure', peer, error });
    });
    return server;
  }

  async #serve(socket: net.Socket): Promise<void> {
    const connection = new Connection(socket, this.#options);
    this.#connections.add(connection);
    try {
      await this.#associate(connection);
    } catch (cause) {
      const { peer } = connection;
      const error =
        cause instanceof LucencyError
          ? cause
          : new LucencyError('LUC_DICOM_NET_INTERNAL', { peer, reason: String(cause) }, { cause });
      this.#options.onEvent({ kind: 'failure', peer, error });
    } finally {
      connection.destroy();
      this.#connections.delete(connection);
    }
  }

  async #associate(connection: Connection): Promise<void> {
    const { maxAssociations, onEvent, artimSeconds } = this.#options;
    let seated = false;
    const takeSeat = (): boolean => {
      if (this.#associations >= maxAssociations) return false;
      this.#associations++;
      seated = true;
      return true;
    };
    try {
      const policy = scpPolicy({ ...this.#options, takeSeat });
      const { association, refused } = await acceptAssociation(connection, { policy, artimSeconds });
      const sender = { peer: association.peer, aeTitle: association.parties.callingAeTitle };
      onEvent({ kind: 'opened', ...sender });
      if (refused.length > 0) {
        onEvent({ kind: 'contexts-refused', error: refusedServices(sender.peer, refused), ...sender });
      }
      await this.#count(association, sender);
    } finally {
      if (seated) this.#associations--;
    }
  }

  async #count(association: Association, sender: { peer: string; aeTitle: string }): Promise<void> {
    const { store, onEvent } = this.#options;
    let objects = 0;
    try {
      await serveAssociation(association, {
        store,
        onEvent: (event) => {
          if (event.kind === 'object') objects++;
          onEvent(event);
        },
      });
    } finally {
      onEvent({ kind: 'closed', objects, ...sender });
    }
  }

  /**
   * Takes no more associations, and waits for those that are open.
   * @param graceSeconds after which they are ended
   */
  async close(graceSeconds: number): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    const deadline = setTimeout(() => {
      for (const connection of this.#connections) connection.destroy();
    }, graceSeconds * 1000);
    await Promise.all(this.#served);
    clearTimeout(deadline);
    await closed;
  }
}
