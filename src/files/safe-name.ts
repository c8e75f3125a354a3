import { createHash } from 'node:crypto';

const LONGEST_STEM = 80;
const IMAGE_EXTENSION = /\.(dcm|dicom|ima|png|jpe?g|tiff?)$/i;

/**
 * File name, without extension, for what belongs to one image: the readable part of the input's name and a sum over
 * its whole path and frame. Plain ASCII, no separators, no leading dot, at most 110 bytes; two different inputs never
 * share a name, also on file systems that ignore case, and the same input always gets the same one.
 */
export function safeName(input: string, frame?: number): string {
  const sum = createHash('sha256')
    .update(`${input}\0${frame ?? ''}`)
    .digest('hex')
    .slice(0, 16);
  const last = input.split(/[/\\]/).filter(Boolean).at(-1) ?? '';
  const stem = safePart(last.replace(IMAGE_EXTENSION, ''));
  return [stem, frame === undefined ? '' : `frame${frame}`, sum].filter(Boolean).join('-');
}

/** A string cut down to letters, digits, dots, dashes and underscores; may be empty. */
export function safePart(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .slice(0, LONGEST_STEM)
    .replace(/^[.-]+|[.-]+$/g, '');
}

/** Whether a file name was made by `safeName`, possibly with suffixes such as ".resnet18-fracture.png". */
export function isSafeName(fileName: string): boolean {
  return /^[A-Za-z0-9._-]*[0-9a-f]{16}\.[A-Za-z0-9._-]+$/.test(fileName);
}
