import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFolders } from '../../../files/make-folders.js';

/**
 * Remembers which study an instance was stored under, so that the same instance UID in another study is noticed. One small
 * file per instance, made without waiting for the disk: losing one in a power failure loses no object, only this notice.
 */
export class InstanceIndex {
  readonly #folder: string;
  /** Notes on their way to the file system. */
  readonly #writing = new Map<string, string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  #path(sopInstanceUid: string): string {
    const shard = createHash('sha256').update(sopInstanceUid).digest('hex').slice(0, 2);
    return path.join(this.#folder, shard, sopInstanceUid);
  }

  /** The study that this instance was noted for; null when there is none. */
  async studyOf(sopInstanceUid: string): Promise<string | null> {
    const writing = this.#writing.get(sopInstanceUid);
    if (writing !== undefined) return writing;
    const text = await readFile(this.#path(sopInstanceUid), 'utf8').catch(() => '');
    return text === '' ? null : text;
  }

  /** Notes the study; nobody waits until it is written. */
  note(sopInstanceUid: string, studyInstanceUid: string): void {
    this.#writing.set(sopInstanceUid, studyInstanceUid);
    void this.#write(this.#path(sopInstanceUid), studyInstanceUid)
      // A full disk is told of where an object does not fit; this is only a notice.
      .catch(() => undefined)
      .finally(() => this.#writing.delete(sopInstanceUid));
  }

  async #write(file: string, text: string): Promise<void> {
    await writeFile(file, text).catch(async () => {
      await makeFolders(path.dirname(file));
      await writeFile(file, text);
    });
  }
}
