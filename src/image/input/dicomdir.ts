import { readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { LucencyError } from '../../core/errors.js';
import { detectFormat } from '../detect-format.js';
import type { DataSet } from '../dicom/data-set.js';
import { directorySopClass } from '../dicom/decode-dicom.js';
import { openDicomFile } from '../dicom/dicom-file.js';
import { tag } from '../dicom/tags.js';
import { fileInput, readHead, readWhole } from './file-input.js';
import type { InputItem, InputLimits } from './input-item.js';

/** A DICOMDIR holds no pixels; this is far above the largest one of a medium. */
const maxDirectoryBytes = 2 ** 28;

/** True when the first bytes of a DICOM file say that it is a DICOMDIR (the meta group comes first). */
export function isDicomDirectory(head: Uint8Array): boolean {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
  const at = text.indexOf(directorySopClass);
  return at >= 0 && !/[\d.]/.test(text.charAt(at + directorySopClass.length));
}

/** File ids of the records in use (PS3.3 F.3.2.2): path components below the DICOMDIR's folder. */
function referencedFiles(directory: DataSet): string[][] {
  return directory
    .items(tag.DirectoryRecordSequence)
    .filter((record) => record.number(tag.RecordInUseFlag, 'US') !== 0)
    .map((record) => record.texts(tag.ReferencedFileId).filter((part) => part !== ''))
    .filter((parts) => parts.length > 0);
}

/** Names on discs differ from the DICOMDIR in case, a version (`;1`) or a trailing dot, after the system that reads it. */
function plainName(name: string): string {
  return name.replace(/;\d+$/, '').replace(/\.$/, '').toLowerCase();
}

/** Finds files by their components, tolerant of case; listings are read once. */
class MediumReader {
  private readonly listings = new Map<string, Promise<string[]>>();

  constructor(private readonly root: string) {}

  private list(folder: string): Promise<string[]> {
    const known = this.listings.get(folder);
    if (known) return known;
    const listing = readdir(folder).catch(() => []);
    this.listings.set(folder, listing);
    return listing;
  }

  private async walk(parts: readonly string[]): Promise<string | null> {
    let folder = this.root;
    for (const part of parts) {
      const names = await this.list(folder);
      const name = names.includes(part) ? part : names.find((other) => plainName(other) === plainName(part));
      if (name === undefined) return null;
      folder = path.join(folder, name);
    }
    return folder;
  }

  /** Path of a listed file; `missing`, or `outside` when its id or a link leads out of the medium. */
  async find(parts: readonly string[]): Promise<{ file: string } | 'missing' | 'outside'> {
    if (leaves(parts)) return 'outside';
    const file = await this.walk(parts);
    const real = file && (await realpath(file).catch(() => null));
    if (!file || !real) return 'missing';
    const relative = path.relative(await realpath(this.root), real);
    return relative === '' || relative.startsWith('..') || path.isAbsolute(relative) ? 'outside' : { file };
  }
}

/** Components that would lead out of the folder or are none. */
function leaves(parts: readonly string[]): boolean {
  return parts.some((part) => part === '.' || part === '..' || /[/\\:]/.test(part) || part.includes('\0'));
}

/**
 * The files that a DICOMDIR lists, in its order; what is missing or points elsewhere is reported by name.
 * @param faultsOnly when the files themselves come from walking the folder around it
 */
export async function* dicomdirItems(
  directoryFile: string,
  limits: InputLimits,
  faultsOnly: boolean,
): AsyncGenerator<InputItem> {
  const bytes = await readWhole(directoryFile);
  const { dataSet } = openDicomFile(bytes, { name: directoryFile, maxInflatedBytes: maxDirectoryBytes });
  const medium = new MediumReader(path.dirname(directoryFile));
  for (const parts of referencedFiles(dataSet)) {
    const file = parts.join('/');
    const input = path.join(path.dirname(directoryFile), ...parts);
    const details = { path: directoryFile, file };
    const found = await medium.find(parts);
    if (found === 'outside') {
      yield { input: directoryFile, error: new LucencyError('LUC_DICOM_DIRECTORY_TRAVERSAL', details) };
    } else if (found === 'missing') {
      yield { input, error: new LucencyError('LUC_DICOM_DIRECTORY_MISSING_FILE', details) };
    } else if (!faultsOnly) yield await listedItem(found.file, limits);
  }
}

async function listedItem(file: string, limits: InputLimits): Promise<InputItem> {
  const { maxFileBytes } = limits;
  try {
    const { head, size } = await readHead(file);
    if (detectFormat(head) !== 'dicom') throw new LucencyError('LUC_IMAGE_UNKNOWN_FORMAT', { path: file });
    if (size > maxFileBytes) {
      throw new LucencyError('LUC_IMAGE_FILE_TOO_LARGE', { path: file, size, limit: maxFileBytes });
    }
    return fileInput(file, size, 'dicom', limits);
  } catch (error) {
    if (error instanceof LucencyError) return { input: file, error };
    throw error;
  }
}
