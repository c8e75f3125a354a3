import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Remembers which study an instance was stored under, so that the same instance UID in another study is noticed. One small
 * file per instance, made without waiting for the disk: losing one in a power failure loses no object, only this notice.
 */
export class InstanceIndex {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  #path(sopInstanceUid: string): string {
    const shard = createHash('sha256').update(sopInstanceUid).digest('hex').slice(0, 2);
    return path.join(this.#folder, shard, sopInstanceUid);
  }

  /** The study that this instance was noted for; null when there is none. */
  async studyOf(sopInstanceUid: string): Promise<string | null> {
    const text = await readFile(this.#path(sopInstanceUid), 'utf8').catch(() => '');
    return text === '' ? null : text;
  }

  async note(sopInstanceUid: string, studyInstanceUid: string): Promise<void> {
    const file = this.#path(sopInstanceUid);
    await writeFile(file, studyInstanceUid).catch(async () => {
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, studyInstanceUid);
    });
  }
}
