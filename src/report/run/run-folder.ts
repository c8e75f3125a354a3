import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder, onOutput } from '../../files/output-file.js';
import { isSafeName } from '../../files/safe-name.js';
import { runFiles, runFolders } from './run-record.js';

/** Whether a folder holds any file of a run. */
export async function holdsRun(folder: string): Promise<boolean> {
  const found = await Promise.all(
    Object.values(runFiles).map((name) =>
      stat(path.join(folder, name)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}

/** Removes the files of a run, and nothing that Lucency did not write. */
export async function clearRun(folder: string): Promise<void> {
  await onOutput(folder, async () => {
    for (const name of Object.values(runFiles)) await rm(path.join(folder, name), { force: true });
    for (const name of Object.values(runFolders)) {
      const inside = path.join(folder, name);
      await makeFolder(inside);
      for (const file of await readdir(inside)) if (isSafeName(file)) await rm(path.join(inside, file));
    }
  });
}
