import { type ResultFiles, writeResultFolder } from '../report/tables/result-folder.js';
import { type Table, tableText } from '../report/tables/table.js';
import { outJson, toStderr, toStdout } from './terminal.js';

export interface ResultFlags {
  readonly json?: boolean;
  readonly out?: string;
  readonly force?: boolean;
}

/** A result of a statistical command: the document, how a person reads it, and what goes into a folder. */
export interface PrintableResult {
  readonly document: object;
  readonly tables: readonly Table[];
  readonly warnings: readonly string[];
  files(): Promise<ResultFiles>;
}

/**
 * Writes the folder first, so that a failure there leaves standard output empty; then prints one JSON document with
 * `--json`, else the tables. Warnings of the tables follow them; in JSON they are part of the document.
 *
 * @throws LUC_USAGE_OUTPUT_EXISTS, LUC_OUTPUT_*
 */
export async function printResult(result: PrintableResult, { json, out, force }: ResultFlags): Promise<void> {
  if (out !== undefined) {
    const files = await result.files();
    await writeResultFolder(out, files, force ?? false);
    toStderr(`Written to ${out}: ${Object.keys(files).join(', ')}\n`);
  }
  if (json) {
    outJson(result.document);
    return;
  }
  const warnings = result.warnings.map((warning) => `Note: ${warning}`).join('\n');
  const text = [...result.tables.map(tableText), ...(warnings === '' ? [] : [warnings])].join('\n\n');
  toStdout(`${text}\n`);
}
