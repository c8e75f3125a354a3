import { open } from 'node:fs/promises';

async function flush(path: string): Promise<void> {
  // Windows cannot open folders, and its file system journals renames itself.
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Brings the entries of folders to the disk. A flush that has begun may miss an entry that was made since, so a caller
 * waits for the next one, which serves all who wait by then: many associations share one flush.
 */
export class FolderSync {
  readonly #running = new Map<string, Promise<void>>();
  readonly #next = new Map<string, Promise<void>>();

  sync(path: string): Promise<void> {
    const waiting = this.#next.get(path);
    if (waiting) return waiting;
    const before = (this.#running.get(path) ?? Promise.resolve()).catch(() => undefined);
    const next = before.then(() => {
      this.#next.delete(path);
      const running = flush(path);
      this.#running.set(path, running);
      return running.finally(() => {
        if (this.#running.get(path) === running) this.#running.delete(path);
      });
    });
    this.#next.set(path, next);
    return next;
  }
}
