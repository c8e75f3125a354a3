import { createHash } from 'node:crypto';

/** A UID under 2.25 (PS3.5 B.2) that is the same for the same words. */
export function derivedUid(...words: readonly (string | number)[]): string {
  const digest = createHash('sha256').update(JSON.stringify(words)).digest('hex');
  return `2.25.${BigInt(`0x${digest.slice(0, 32)}`)}`;
}
