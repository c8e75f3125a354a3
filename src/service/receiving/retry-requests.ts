import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { isUid } from '../../dicom/network/store/object-identity.js';
import { makeFolders } from '../../files/make-folders.js';
import { onOutput, writeDurably } from '../../files/output-file.js';
import { StudyResultFolder } from './study-result.js';

/** A study that was given up, and what of it. */
export interface GivenUpStudy {
  readonly study: string;
  readonly files: readonly string[];
  /** When it was given up last, ISO 8601. */
  readonly at: string;
  /** Tries of the last time. */
  readonly tries: number;
}

const folderOf = (receivingFolder: string): string => path.join(receivingFolder, 'retry');

/** The studies of a receiving folder that were given up and not asked for again since. */
export async function listGivenUp(receivingFolder: string): Promise<GivenUpStudy[]> {
  const studies = await readdir(path.join(receivingFolder, 'results')).catch(() => []);
  const found: GivenUpStudy[] = [];
  for (const study of studies.sort()) {
    const { givenUp = [] } = await new StudyResultFolder(receivingFolder, study).state();
    const last = givenUp.at(-1);
    if (!last) continue;
    const files = givenUp.flatMap((one) => one.files);
    found.push({ study, files, at: last.at, tries: last.tries });
  }
  return found;
}

/**
 * Asks for a given-up study to be tried again. A node that runs on the folder takes the request within seconds, one that does not
 * when it starts.
 * @throws LUC_OUTPUT_*
 */
export async function requestRetry(receivingFolder: string, study: string): Promise<void> {
  const folder = folderOf(receivingFolder);
  await onOutput(folder, () => makeFolders(folder));
  await writeDurably(path.join(folder, study), '');
}

/** Studies that someone wants to be tried again. */
export async function retryRequests(receivingFolder: string): Promise<string[]> {
  return (await readdir(folderOf(receivingFolder)).catch(() => [])).filter(isUid);
}

/** Takes a request: the study is as if nothing of what was given up had been tried. @returns whether anything was */
export async function takeRetryRequest(receivingFolder: string, study: string): Promise<boolean> {
  const results = new StudyResultFolder(receivingFolder, study);
  const { givenUp = [], lastTry: _, ...state } = await results.state();
  const again = new Set(givenUp.flatMap(({ files }) => files));
  if (again.size > 0) {
    const analysed = state.analysed.filter((name) => !again.has(name));
    await results.writeState({ ...state, analysed, tries: 0 });
  }
  await rm(path.join(folderOf(receivingFolder), study), { force: true });
  return again.size > 0;
}
