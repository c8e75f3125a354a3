import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { LucencyError } from '../../../core/errors.js';
import { FolderSync } from '../../../files/folder-sync.js';
import { makeFolders } from '../../../files/make-folders.js';
import { InstanceIndex } from './instance-index.js';
import { KeyedQueue } from './keyed-queue.js';
import { isUid, type ObjectIdentity, readObjectIdentity } from './object-identity.js';
import { PartFile } from './part-file.js';
import { contentSum, haveSameContent } from './same-content.js';

/** An object on its way in. */
export interface IncomingObject {
  /** As the sender announced it. */
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  readonly transferSyntaxUid: string;
  /** File header to write in front of the data set. */
  readonly header: Buffer;
  readonly dataSet: AsyncIterable<Buffer>;
}

export interface StoredObject {
  /** `stored`: new. `duplicate`: it was there already, byte for byte. */
  readonly kind: 'stored' | 'duplicate';
  readonly file: string;
  readonly identity: ObjectIdentity;
  readonly bytes: number;
}

const folders = { incoming: '.incoming', index: '.index', studies: 'studies', quarantine: 'quarantine' };

const mostRememberedFolders = 10_000;

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

function storeError(error: unknown, folder: string): unknown {
  if (!isSystemError(error)) return error;
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT' || error.code === 'EFBIG') {
    return new LucencyError('LUC_DICOM_NET_DISK_FULL', { path: folder }, { cause: error });
  }
  const reason = error.code ?? error.message;
  return new LucencyError('LUC_DICOM_NET_STORE_FAILED', { path: folder, reason }, { cause: error });
}

/**
 * A folder of received objects: `studies/<Study Instance UID>/<SOP Instance UID>.dcm`. An object is gathered aside, brought
 * to the disk, renamed into its place and the folder brought to the disk; only then is it said to be stored. So what was
 * said to be stored outlives a crash or power failure, and no half file ever stands where a reader looks.
 */
export class ObjectStore {
  /** Absolute path. */
  readonly folder: string;
  readonly #sync = new FolderSync();
  readonly #queue = new KeyedQueue();
  readonly #index: InstanceIndex;
  /** Folders whose own entry is known to be on the disk. */
  readonly #foldersOnDisk = new Set<string>();

  private constructor(folder: string) {
    this.folder = folder;
    this.#index = new InstanceIndex(path.join(folder, folders.index));
  }

  /**
   * Opens a folder, made if it is missing, and removes what an earlier crash left half received. One process at a time.
   * @throws LUC_DICOM_NET_STORE_FAILED, LUC_DICOM_NET_DISK_FULL
   */
  static async open(folder: string): Promise<ObjectStore> {
    const store = new ObjectStore(path.resolve(folder));
    try {
      for (const name of Object.values(folders)) {
        await makeFolders(path.join(store.folder, name));
      }
      const incoming = path.join(store.folder, folders.incoming);
      for (const name of await readdir(incoming)) await rm(path.join(incoming, name), { force: true });
      await store.#sync.sync(store.folder);
    } catch (error) {
      throw storeError(error, store.folder);
    }
    return store;
  }

  get studiesFolder(): string {
    return path.join(this.folder, folders.studies);
  }

  /**
   * Receives one object. When this resolves, the object is on the disk, whole.
   * @throws LUC_DICOM_NET_DUPLICATE_DIFFERS (the object is then kept in quarantine), LUC_DICOM_NET_OBJECT_INVALID,
   * LUC_DICOM_NET_DISK_FULL, LUC_DICOM_NET_STORE_FAILED, and what reading `dataSet` throws; nothing of it is kept then
   */
  async receive(incoming: IncomingObject): Promise<StoredObject> {
    if (!isUid(incoming.sopInstanceUid)) {
      throw new LucencyError('LUC_DICOM_NET_OBJECT_INVALID', { reason: 'its SOP Instance UID is no UID' });
    }
    let part: PartFile | null = null;
    try {
      part = await PartFile.create(path.join(this.folder, folders.incoming, `${randomUUID()}.part`));
      await part.add(incoming.header);
      for await (const piece of incoming.dataSet) await part.add(piece);
      await part.flush();
      const identity = await readObjectIdentity(part, incoming.header.length, incoming.transferSyntaxUid);
      if (
        identity.sopInstanceUid !== incoming.sopInstanceUid ||
        identity.sopClassUid !== incoming.sopClassUid
      ) {
        throw new LucencyError('LUC_DICOM_NET_OBJECT_MISMATCH');
      }
      const whole = part;
      return await this.#queue.run(identity.sopInstanceUid, () =>
        this.#settle(whole, identity, incoming.header.length),
      );
    } catch (error) {
      await part?.discard();
      throw storeError(error, this.folder);
    }
  }

  async #settle(part: PartFile, identity: ObjectIdentity, headerLength: number): Promise<StoredObject> {
    const { sopInstanceUid, studyInstanceUid } = identity;
    const file = this.#fileOf(studyInstanceUid, sopInstanceUid);
    // An object that was there already is the exception, so the disk need not wait for the answer.
    const [present] = await Promise.all([this.find(studyInstanceUid, sopInstanceUid), part.sync()]);
    if (present === null) {
      await part.close();
      await this.#place(part.path, file);
      this.#index.note(sopInstanceUid, studyInstanceUid);
      return { kind: 'stored', file, identity, bytes: part.size };
    }
    if (await haveSameContent(part.path, present)) {
      await part.discard();
      return { kind: 'duplicate', file: present, identity, bytes: part.size };
    }
    await part.close();
    const sum = await contentSum(part.path, headerLength);
    const name = `${sopInstanceUid}-${sum.slice(0, 16)}.dcm`;
    await this.#place(part.path, path.join(this.folder, folders.quarantine, name));
    throw new LucencyError('LUC_DICOM_NET_DUPLICATE_DIFFERS', { uid: sopInstanceUid, file: name });
  }

  #fileOf(studyInstanceUid: string, sopInstanceUid: string): string {
    return path.join(this.studiesFolder, studyInstanceUid, `${sopInstanceUid}.dcm`);
  }

  /** The file of an instance that is there already, be it under another study; null when there is none. */
  async find(studyInstanceUid: string, sopInstanceUid: string): Promise<string | null> {
    const file = this.#fileOf(studyInstanceUid, sopInstanceUid);
    const exists = (candidate: string): Promise<boolean> =>
      stat(candidate).then(
        () => true,
        () => false,
      );
    if (await exists(file)) return file;
    const study = await this.#index.studyOf(sopInstanceUid);
    const elsewhere = study === null || !isUid(study) ? file : this.#fileOf(study, sopInstanceUid);
    return elsewhere !== file && (await exists(elsewhere)) ? elsewhere : null;
  }

  /** Renames a file that is on the disk into its place, and brings the new name to the disk, too. */
  async #place(from: string, to: string): Promise<void> {
    const folder = path.dirname(to);
    await this.#makeFolders(folder);
    await rename(from, to);
    await this.#sync.sync(folder);
  }

  async #makeFolders(folder: string): Promise<void> {
    if (this.#foldersOnDisk.has(folder)) return;
    await makeFolders(folder);
    await this.#sync.sync(path.dirname(folder));
    if (this.#foldersOnDisk.size >= mostRememberedFolders) this.#foldersOnDisk.clear();
    this.#foldersOnDisk.add(folder);
  }
}
