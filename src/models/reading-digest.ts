import { createHash } from 'node:crypto';
import type { Reading } from '../core/reading.js';

/**
 * Digest (SHA-256) of what a reading says, without where its files lay, how long it took, and who said it when: the same answer
 * to the same images has the same digest.
 */
export function readingDigest(reading: Reading): string {
  const { id, created, author, supersedes, verification, input, timingsMs, ...said } = reading;
  return createHash('sha256').update(JSON.stringify(said)).digest('hex');
}
