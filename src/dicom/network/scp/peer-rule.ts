import { isIP } from 'node:net';

/** A peer that may send: its AE title, and its address where one is stated. */
export interface PeerRule {
  readonly aeTitle: string;
  /** IP address; null for any. */
  readonly address: string | null;
}

/** AE titles (PS3.5 6.2): 1 to 16 printable characters without backslash. */
export function isAeTitle(text: string): boolean {
  return /^[\x20-\x5b\x5d-\x7e]{1,16}$/.test(text) && text.trim() !== '';
}

/** `AE` or `AE@address`; null when it is neither. */
export function parsePeerRule(text: string): PeerRule | null {
  const at = text.indexOf('@');
  const aeTitle = (at < 0 ? text : text.slice(0, at)).trim();
  const address = at < 0 ? null : text.slice(at + 1).trim();
  if (!isAeTitle(aeTitle) || (address !== null && isIP(address) === 0)) return null;
  return { aeTitle, address };
}

/** Sockets that take both kinds write an IPv4 address as `::ffff:10.0.0.1`. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}

export function mayAssociate(rules: readonly PeerRule[], aeTitle: string, address: string): boolean {
  return rules.some(
    (rule) => rule.aeTitle === aeTitle && (rule.address === null || rule.address === plainAddress(address)),
  );
}
