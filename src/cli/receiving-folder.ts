import path from 'node:path';
import { ObjectStore } from '../dicom/network/store/object-store.js';
import { lockFolder } from '../files/folder-lock.js';
import { makeFolders } from '../files/make-folders.js';
import { onOutput } from '../files/output-file.js';

const renewLockMs = 30_000;

export interface ReceivingFolder {
  readonly store: ObjectStore;
  release(): Promise<void>;
}

/**
 * Opens a folder of received objects for this process alone.
 * @throws LUC_OUTPUT_IN_USE, LUC_OUTPUT_UNWRITABLE, LUC_DICOM_NET_STORE_FAILED, LUC_DICOM_NET_DISK_FULL
 */
export async function openReceivingFolder(out: string): Promise<ReceivingFolder> {
  const folder = path.resolve(out);
  await onOutput(folder, () => makeFolders(folder));
  const lock = await lockFolder(folder);
  try {
    const store = await ObjectStore.open(folder);
    const renewal = setInterval(() => void lock.renew(), renewLockMs);
    return {
      store,
      release: async () => {
        clearInterval(renewal);
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
