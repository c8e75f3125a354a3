import type { Reading } from '../core/reading.js';
import { packageVersion } from '../models/package-version.js';
import { readingDigest } from '../models/reading-digest.js';

let version: string | null = null;

/**
 * A reading as it is given out: with the digest of what it says, when and by whom it was made. Nobody has checked it yet.
 * @param created @default now
 */
export function issued(reading: Reading, created: Date = new Date()): Reading {
  version ??= packageVersion();
  return {
    ...reading,
    id: readingDigest(reading),
    created: created.toISOString(),
    author: { kind: 'software', name: 'Lucency', version },
    verification: 'unverified',
  };
}
