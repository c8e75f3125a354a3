import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { LucencyError } from '../../core/errors.js';
import { printable } from '../../core/printable.js';
import { type Deidentified, deidentify } from '../../dicom/deidentify/deidentify.js';
import { isRetainOption, type RetainOption, retainOptions } from '../../dicom/deidentify/profile.js';
import { makeFolders } from '../../files/make-folders.js';
import { onOutput, writeNew } from '../../files/output-file.js';
import { detectFormat } from '../../image/detect-format.js';
import { findInputs } from '../../image/inputs.js';
import { faultLine, toStderr, toStdout } from '../terminal.js';

interface Flags {
  out: string;
  keyFile?: string;
  retain?: RetainOption[];
  pixelsChecked?: boolean;
}

function retained(text: string): RetainOption[] {
  return text.split(',').map((name) => {
    if (isRetainOption(name)) return name;
    throw new InvalidArgumentError(`The options are ${Object.keys(retainOptions).join(', ')}.`);
  });
}

async function keyOf({ keyFile }: Flags): Promise<string> {
  // Without a key of the user's no one, we included, can tell which copy is of which original.
  if (keyFile === undefined) return randomBytes(32).toString('hex');
  try {
    return (await readFile(keyFile, 'utf8')).trim();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LucencyError('LUC_IMAGE_UNREADABLE', { path: keyFile, reason }, { cause });
  }
}

/**
 * Writes a copy under its new SOP Instance UID, which is digits and dots. A file that is there already stays: another
 * object of that UID gets a number, the same object is not written again.
 */
async function writeCopy(folder: string, { sopInstanceUid, bytes }: Deidentified): Promise<string> {
  for (let number = 1; ; number += 1) {
    const file = path.join(folder, `${sopInstanceUid}${number === 1 ? '' : `-${number}`}.dcm`);
    if (await writeNew(file, bytes)) return file;
    const there = await onOutput(file, () => readFile(file));
    if (there.equals(bytes)) return file;
  }
}

/** `lucency deidentify PATH... --out DIR`: copies of DICOM files without who the patient is. */
export function deidentifyCommand(): Command {
  return new Command('deidentify')
    .description('copy DICOM files without who the patient is, by the basic profile of DICOM PS3.15')
    .argument('[path...]', 'files, folders, DICOMDIRs or zip archives')
    .requiredOption('--out <folder>', 'write the copies there, named by their new SOP Instance UID')
    .option('--key-file <file>', 'secret by which the same patient gets the same pseudonym in every run')
    .option('--retain <options>', `keep these: ${Object.keys(retainOptions).join(', ')}`, retained)
    .option('--pixels-checked', 'also copy images that may show text: someone has looked at their pixels')
    .action(async (paths: string[], flags: Flags) => {
      if (paths.length === 0) throw new LucencyError('LUC_USAGE_NO_INPUT');
      const key = await keyOf(flags);
      await onOutput(flags.out, () => makeFolders(flags.out));
      let failures = 0;
      for await (const item of findInputs(paths)) {
        try {
          if ('error' in item) throw item.error;
          const bytes = await item.read();
          if (detectFormat(bytes) !== 'dicom') {
            throw new LucencyError('LUC_DEIDENTIFY_NO_DICOM', { path: item.input });
          }
          const copy = await deidentify(bytes, {
            key,
            name: item.input,
            retain: flags.retain ?? [],
            pixelsChecked: flags.pixelsChecked ?? false,
          });
          const file = await writeCopy(flags.out, copy);
          toStdout(`${printable(item.input)}: ${file}\n`);
        } catch (error) {
          if (!(error instanceof LucencyError) || error.kind === 'output') throw error;
          failures++;
          toStderr(`${faultLine(item.input, error)}\n`);
        }
      }
      process.exitCode = failures > 0 ? 1 : 0;
    });
}
