import { stat } from 'node:fs/promises';
import { LucencyError } from '../core/errors.js';
import { archiveItems } from './input/archive.js';
import { dicomdirItems, isDicomDirectory } from './input/dicomdir.js';
import { fileError, fileInput, readHead } from './input/file-input.js';
import { walkFolder } from './input/folder.js';
import {
  claimsToBeImage,
  type InputItem,
  type InputLimits,
  type InputOptions,
  readableFormat,
  withInputDefaults,
} from './input/input-item.js';

async function* directoryItems(file: string, named: boolean, limits: InputLimits): AsyncGenerator<InputItem> {
  let found = 0;
  for await (const item of dicomdirItems(file, limits, !named)) {
    found += 1;
    yield item;
  }
  if (found === 0 && named) throw new LucencyError('LUC_DICOM_DIRECTORY_EMPTY', { path: file });
}

/** `named`: given by the user, so that every fault of it must be told; else come upon in a folder. */
async function* fileItems(file: string, named: boolean, limits: InputLimits): AsyncGenerator<InputItem> {
  try {
    const { head, size } = await readHead(file);
    const mustTell = named || claimsToBeImage(file);
    const format = readableFormat(head, limits);
    if (format === 'zip') {
      let found = 0;
      for await (const item of archiveItems(file, limits)) {
        found += 1;
        yield item;
      }
      if (found === 0 && named) throw new LucencyError('LUC_ARCHIVE_NO_IMAGES', { path: file });
    } else if (format === 'dicom' && isDicomDirectory(head)) {
      yield* directoryItems(file, named, limits);
    } else if (format !== null) {
      if (size > limits.maxFileBytes) {
        throw new LucencyError('LUC_IMAGE_FILE_TOO_LARGE', { path: file, size, limit: limits.maxFileBytes });
      }
      yield fileInput(file, size, format, limits);
    } else if (mustTell) {
      throw new LucencyError(size === 0 ? 'LUC_IMAGE_EMPTY' : 'LUC_IMAGE_UNKNOWN_FORMAT', { path: file });
    } else limits.onSkipped(file);
  } catch (error) {
    yield { input: file, error: fileError(error, file) };
  }
}

async function* folderItems(folder: string, limits: InputLimits): AsyncGenerator<InputItem> {
  let found = 0;
  for await (const entry of walkFolder(folder)) {
    if ('error' in entry) {
      found += 1;
      yield entry;
      continue;
    }
    for await (const item of fileItems(entry.file, false, limits)) {
      found += 1;
      yield item;
    }
  }
  if (found === 0) {
    yield { input: folder, error: new LucencyError('LUC_IMAGE_FOLDER_EMPTY', { path: folder }) };
  }
}

/**
 * Finds the images in files, folders (recursive, in a fixed order), DICOMDIRs and zip archives; content decides what is
 * an image. Lazy: a folder of any size is walked as its items are taken. Never throws: what cannot be read becomes an
 * item with its error, and the rest follows. Files in folders and archives that are no images are passed over and told
 * to `onSkipped`, unless their name claims an image.
 */
export async function* findInputs(
  paths: readonly string[],
  options?: InputOptions,
): AsyncGenerator<InputItem> {
  const limits = withInputDefaults(options);
  for (const path of paths) {
    const info = await stat(path).catch((error: unknown) => fileError(error, path));
    if (info instanceof LucencyError) yield { input: path, error: info };
    else if (info.isDirectory()) yield* folderItems(path, limits);
    else yield* fileItems(path, true, limits);
  }
}
