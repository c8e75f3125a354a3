import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { ErrorCode } from '../../core/error-catalogue.js';
import { type ErrorDetails, LucencyError } from '../../core/errors.js';
import { detectionBytes } from '../detect-format.js';
import { isDicomDirectory } from './dicomdir.js';
import { fileError } from './file-input.js';
import {
  claimsToBeImage,
  type FailedInput,
  type InputItem,
  type InputLimits,
  readableFormat,
  studyOf,
} from './input-item.js';
import { type ZipMember, zipMembers } from './zip.js';

/** Below this size a member is harmless however well it packs: one blank image of 64 MiB packs a thousandfold. */
const ratioMatters = 64 * 1024 * 1024;

function refusal(input: string, code: ErrorCode, details: ErrorDetails): FailedInput {
  return { input, error: new LucencyError(code, { path: input, ...details }) };
}

/** Why a member may not be read, or null. */
function memberFault(
  archive: string,
  input: string,
  member: ZipMember,
  limits: InputLimits,
): FailedInput | null {
  if (member.nameFault !== null) return refusal(archive, 'LUC_ARCHIVE_TRAVERSAL', { member: member.name });
  if (member.isSymbolicLink) return refusal(input, 'LUC_ARCHIVE_SYMLINK', {});
  if (member.isEncrypted) return refusal(input, 'LUC_ARCHIVE_ENCRYPTED', {});
  if (member.method !== 0 && member.method !== 8) {
    return refusal(input, 'LUC_ARCHIVE_UNSUPPORTED_METHOD', { method: member.method });
  }
  if (member.size > limits.maxFileBytes) {
    return refusal(input, 'LUC_IMAGE_FILE_TOO_LARGE', { size: member.size, limit: limits.maxFileBytes });
  }
  if (member.size > ratioMatters && member.size > limits.maxArchiveRatio * member.packedSize) {
    const ratio = Math.round(member.size / Math.max(member.packedSize, 1));
    return refusal(input, 'LUC_ARCHIVE_BOMB', { reason: `a member grows ${ratio} times` });
  }
  return null;
}

async function memberItem(
  archive: string,
  input: string,
  member: ZipMember,
  limits: InputLimits,
): Promise<InputItem | null> {
  const fault = memberFault(archive, input, member, limits);
  if (fault) return fault;
  const claims = claimsToBeImage(member.name);
  if (member.size === 0) return claims ? refusal(input, 'LUC_IMAGE_EMPTY', {}) : null;
  const head = await member.readHead(detectionBytes);
  const format = readableFormat(head, limits);
  if (format === 'zip') return refusal(input, 'LUC_ARCHIVE_NESTED', {});
  if (format === null) return claims ? refusal(input, 'LUC_IMAGE_UNKNOWN_FORMAT', {}) : null;
  // The files that a DICOMDIR lists are members themselves.
  if (format === 'dicom' && isDicomDirectory(head)) return null;
  const study = studyOf(input, path.posix.dirname(input), format, limits);
  return {
    input,
    study,
    format,
    size: member.size,
    read: () => member.read(),
    readStart: (limit) => member.readStart(limit),
  };
}

/**
 * Calls every member by another name: an archive may hold several of one, and each is an image of its own, told apart by
 * its place.
 */
function memberNames(archive: string): (member: ZipMember) => string {
  const taken = new Set<string>();
  let place = 0;
  return ({ name }) => {
    place += 1;
    let input = `${archive}/${name}`;
    if (taken.has(input)) input = `${input} (member ${place})`;
    while (taken.has(input)) input += "'";
    taken.add(input);
    return input;
  };
}

/** Adds up the members and says why the archive as a whole is a bomb, or null. */
function bombWatch(archiveSize: number, limits: InputLimits): (member: ZipMember) => string | null {
  let members = 0;
  let packed = 0;
  let unpacked = 0;
  return (member) => {
    members += 1;
    packed += member.packedSize;
    unpacked += member.size;
    if (members > limits.maxArchiveMembers) return `more than ${limits.maxArchiveMembers} members`;
    if (unpacked > limits.maxArchiveBytes) return `more than ${limits.maxArchiveBytes} bytes`;
    // Members that share the same packed bytes are the trick of the quine and overlap bombs.
    return packed > archiveSize ? 'its members overlap' : null;
  };
}

/**
 * The images in a zip archive, in the archive's order; nothing is unpacked to disk. Members that are dangerous or cannot
 * be read are reported one by one, and the rest is still read; archives inside the archive are not opened.
 */
export async function* archiveItems(archive: string, limits: InputLimits): AsyncGenerator<InputItem> {
  try {
    const { size } = await stat(archive).catch((error) => {
      throw fileError(error, archive);
    });
    const bomb = bombWatch(size, limits);
    const nameOf = memberNames(archive);
    for await (const member of zipMembers(archive)) {
      const reason = bomb(member);
      if (reason !== null) {
        yield refusal(archive, 'LUC_ARCHIVE_BOMB', { reason });
        return;
      }
      if (member.isFolder) continue;
      const input = nameOf(member);
      const item = await memberItem(archive, input, member, limits).catch((error: unknown) => {
        if (error instanceof LucencyError) return { input, error };
        throw error;
      });
      if (item) yield item;
      else limits.onSkipped(input);
    }
  } catch (error) {
    if (!(error instanceof LucencyError)) throw error;
    yield { input: archive, error };
  }
}
