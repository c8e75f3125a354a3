import net from 'node:net';
import tls from 'node:tls';
import { LucencyError } from '../../../core/errors.js';
import { isTlsFault, secureContext, type TlsMaterial } from '../tls-files.js';
import { Connection } from './connection.js';

export interface ConnectOptions {
  readonly host: string;
  readonly port: number;
  /** Null for a plain connection. */
  readonly tls: TlsMaterial | null;
  readonly connectSeconds: number;
  readonly idleSeconds: number;
}

function open({ host, port, tls: material }: ConnectOptions): net.Socket {
  if (!material) return net.connect({ host, port });
  // A name is verified against the certificate; an address cannot be sent as a server name.
  const servername = net.isIP(host) === 0 ? { servername: host } : {};
  return tls.connect({ host, port, ...servername, ...secureContext(material) });
}

/** @throws LUC_DICOM_NET_UNREACHABLE, LUC_DICOM_NET_TLS */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const peer = `${options.host}:${options.port}`;
  const socket = open(options);
  try {
    await new Promise<void>((resolve, reject) => {
      const seconds = options.connectSeconds;
      socket.setTimeout(seconds * 1000, () => socket.destroy(new Error(`no answer within ${seconds} s`)));
      socket.once(options.tls ? 'secureConnect' : 'connect', resolve);
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('it closed the connection')));
    });
  } catch (error) {
    socket.destroy();
    const reason = error instanceof Error ? error.message : String(error);
    const code = options.tls && isTlsFault(error) ? 'TLS' : 'UNREACHABLE';
    throw new LucencyError(`LUC_DICOM_NET_${code}`, { peer, reason }, { cause: error });
  }
  socket.removeAllListeners('timeout').setTimeout(0);
  return new Connection(socket, options);
}
