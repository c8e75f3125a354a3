import path from 'node:path';
import { JsonLinesFile } from '../../files/json-lines.js';
import { runFiles } from './run-record.js';

/** The files of a run that grow line by line. */
export interface RunLines {
  readonly readings: JsonLinesFile;
  readonly failures: JsonLinesFile;
  readonly pictureList: JsonLinesFile;
}

/** Opens them, made if they are missing; torn last lines are cut off. @throws LUC_OUTPUT_* */
export async function openRunLines(folder: string): Promise<RunLines> {
  const opened: JsonLinesFile[] = [];
  const openOne = async (name: string): Promise<JsonLinesFile> => {
    const file = await JsonLinesFile.open(path.join(folder, name));
    opened.push(file);
    return file;
  };
  try {
    return {
      readings: await openOne(runFiles.readings),
      failures: await openOne(runFiles.failures),
      pictureList: await openOne(runFiles.pictureList),
    };
  } catch (error) {
    await Promise.all(opened.map((file) => file.close()));
    throw error;
  }
}

/** Closes them after what was still being written. */
export async function closeRunLines({ readings, failures, pictureList }: RunLines): Promise<void> {
  await Promise.all([readings.close(), failures.close(), pictureList.close()]);
}
