import { InvalidArgumentError } from 'commander';
import { isAeTitle, type PeerRule, parsePeerRule } from '../dicom/network/scp/peer-rule.js';
import { readTlsFiles, type TlsMaterial } from '../dicom/network/tls-files.js';

/** Parser of an option that takes an AE title. */
export function aeTitle(text: string): string {
  if (!isAeTitle(text)) throw new InvalidArgumentError('An AE title has 1 to 16 characters, no backslash.');
  return text.trim();
}

/** Parser of an option that takes a port; 0 stands for any free one. */
export function portNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < 0 || value > 65_535) {
    throw new InvalidArgumentError('A port is a whole number up to 65535.');
  }
  return value;
}

/** Parser of a repeatable option that takes a peer, `AE` or `AE@address`. */
export function peerRules(text: string, earlier: readonly PeerRule[] = []): PeerRule[] {
  const rule = parsePeerRule(text);
  if (!rule) throw new InvalidArgumentError('Write AE or AE@address, the address being an IP address.');
  return [...earlier, rule];
}

export interface TlsFlags {
  tls?: boolean;
  tlsKey?: string;
  tlsCert?: string;
  tlsCa?: string;
}

/** PEM files of the flags; null when no secure connection is asked for. @throws LUC_DICOM_NET_TLS_FILE */
export async function tlsOf(flags: TlsFlags): Promise<TlsMaterial | null> {
  const { tls, tlsKey, tlsCert, tlsCa } = flags;
  if (!tls && tlsKey === undefined && tlsCert === undefined && tlsCa === undefined) return null;
  return readTlsFiles({ key: tlsKey ?? null, certificate: tlsCert ?? null, authorities: tlsCa ?? null });
}
