import type { LucencyError } from '../../core/errors.js';
import { detectFormat, type FileFormat } from '../detect-format.js';

/** One image file (or archive member) that was found; nothing of it but its first bytes has been read. */
export interface FoundInput {
  /** As the Reading contract names it: the path as given; an archive member is `archive.zip/path/in/archive`. */
  readonly input: string;
  /** What ties the views of one study: the picture itself or its folder; null for DICOM, whose StudyInstanceUID does it. */
  readonly study: string | null;
  /** What its first bytes say that it is. */
  readonly format: FileFormat;
  /** Bytes, unpacked. */
  readonly size: number;
  /** Reads it whole. Rejects with LUC_IMAGE_UNREADABLE, LUC_IMAGE_NOT_FOUND or LUC_ARCHIVE_CORRUPT. */
  read(): Promise<Uint8Array>;
  /** Reads its first bytes, at most `limit`. Rejects as `read` does. */
  readStart(limit: number): Promise<Uint8Array>;
}

/** Something that was named, or that looks like an image, and cannot be read. */
export interface FailedInput {
  readonly input: string;
  readonly error: LucencyError;
}

export type InputItem = FoundInput | FailedInput;

export interface InputOptions {
  /**
   * Largest file or archive member that is read, in bytes.
   * @default 1073741824 (1 GiB)
   */
  readonly maxFileBytes?: number;
  /**
   * Most members of one archive.
   * @default 100000
   */
  readonly maxArchiveMembers?: number;
  /**
   * Most bytes that the members of one archive may unpack to, together.
   * @default 68719476736 (64 GiB)
   */
  readonly maxArchiveBytes?: number;
  /**
   * Largest ratio of unpacked to packed size of a member of more than 64 MiB; blank images pack well, but not so large.
   * @default 200
   */
  readonly maxArchiveRatio?: number;
  /**
   * Also find volumes that are no DICOM (NIfTI). @default false
   */
  readonly volumes?: boolean;
  /**
   * The pictures of a folder are views of one study. Nothing in a picture says whose it is, and a folder often holds
   * many patients. @default false: each is a study of its own
   */
  readonly folderStudies?: boolean;
  /** Told of every file in a folder or archive that was passed over because it is no image. */
  readonly onSkipped?: (input: string) => void;
}

export type InputLimits = Required<InputOptions>;

export function withInputDefaults(options: InputOptions = {}): InputLimits {
  return {
    maxFileBytes: options.maxFileBytes ?? 2 ** 30,
    maxArchiveMembers: options.maxArchiveMembers ?? 100_000,
    maxArchiveBytes: options.maxArchiveBytes ?? 2 ** 36,
    maxArchiveRatio: options.maxArchiveRatio ?? 200,
    volumes: options.volumes ?? false,
    folderStudies: options.folderStudies ?? false,
    onSkipped: options.onSkipped ?? (() => undefined),
  };
}

/** What ties an input to other views: see `FoundInput.study`. `folder`: that of the file or archive member. */
export function studyOf(
  input: string,
  folder: string,
  format: FileFormat,
  { folderStudies }: Pick<InputLimits, 'folderStudies'>,
): string | null {
  if (format === 'dicom' || format === 'nifti') return null;
  return folderStudies ? folder : input;
}

/** What a file is, of the formats that are asked for; null for all else. */
export function readableFormat(head: Uint8Array, { volumes }: InputLimits): FileFormat | null {
  const format = detectFormat(head);
  return format === 'nifti' && !volumes ? null : format;
}

const imageExtension = /\.(dcm|dicom|png|jpe?g|tiff?)$/i;

/**
 * True when a name promises an image. Files in folders that are no image are passed over, but one that claims to be an
 * image and is not (a failed export, say) must be reported.
 */
export function claimsToBeImage(name: string): boolean {
  return imageExtension.test(name);
}
