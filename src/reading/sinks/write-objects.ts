import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { ResultObject } from '../../dicom/results/result-object.js';
import { makeFolders } from '../../files/make-folders.js';
import { onOutput, writeWhole } from '../../files/output-file.js';

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/**
 * Writes objects into one folder as `<kind>-<SOP instance UID>.dcm`, each whole, on the disk when this resolves, or not at all. One that is there already is
 * left as it is: the UID says that it was made of the same reading, and an instance must never change.
 *
 * @returns the paths, in the order of the objects
 * @throws LUC_OUTPUT_FULL, LUC_OUTPUT_UNWRITABLE, LUC_OUTPUT_LINK
 */
export async function writeObjects(folder: string, objects: readonly ResultObject[]): Promise<string[]> {
  await onOutput(folder, () => makeFolders(folder));
  const paths: string[] = [];
  for (const { kind, sopInstanceUid, bytes } of objects) {
    const file = path.join(folder, `${kind}-${sopInstanceUid}.dcm`);
    if (!(await exists(file))) await writeWhole(file, bytes, { durable: true });
    paths.push(file);
  }
  return paths;
}
