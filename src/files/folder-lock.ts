import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { LucencyError } from '../core/errors.js';
import { onOutput } from './output-file.js';

const LOCK_FILE = '.lucency-lock';
/** A lock that was not renewed for so long belongs to a process that is gone. */
const STALE_AFTER_MS = 5 * 60_000;
const RENEW_EVERY_MS = 30_000;

/** Keeps two processes from writing to one folder at the same time. */
export interface FolderLock {
  /** Says that its holder is alive; cheap enough to be called after each image. */
  renew(): Promise<void>;
  release(): Promise<void>;
}

/** @throws LUC_OUTPUT_IN_USE when a living process holds the folder */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const file = path.join(folder, LOCK_FILE);
  const mine = `process ${process.pid} on ${hostname()}`;
  for (let attempt = 0; !(await createLock(file, mine)); attempt++) {
    const owner = await livingOwner(file);
    if (owner !== null || attempt > 2) {
      throw new LucencyError('LUC_OUTPUT_IN_USE', { path: folder, owner: owner ?? 'unknown', lock: file });
    }
    await onOutput(file, () => rm(file, { force: true }));
  }
  let renewed = Date.now();
  return {
    async renew() {
      if (Date.now() - renewed < RENEW_EVERY_MS) return;
      renewed = Date.now();
      const now = new Date();
      await utimes(file, now, now).catch(() => undefined);
    },
    release: () => onOutput(file, () => rm(file, { force: true })),
  };
}

async function createLock(file: string, owner: string): Promise<boolean> {
  return onOutput(file, async () => {
    try {
      await writeFile(file, owner, { flag: 'wx' });
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      throw error;
    }
  });
}

/** Who holds the lock; null when its process has ended without releasing it. */
async function livingOwner(file: string): Promise<string | null> {
  const [owner, found] = await Promise.all([
    readFile(file, 'utf8').catch(() => ''),
    stat(file).catch(() => null),
  ]);
  if (!found || Date.now() - found.mtimeMs > STALE_AFTER_MS) return null;
  const [, pid, host] = /^process (\d+) on (.*)$/.exec(owner) ?? [];
  if (pid !== undefined && host === hostname() && !isAlive(Number(pid))) return null;
  return owner;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
