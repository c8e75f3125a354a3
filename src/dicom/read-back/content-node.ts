import type { DataSet } from '../../image/dicom/data-set.js';
import { tagOf } from '../data-set/attributes.js';

/** A code as a report states it; parts that are missing are empty. */
export interface StatedCode {
  readonly value: string;
  readonly scheme: string;
  readonly meaning: string;
}

/** A reference to an image, with the frames that are meant; none: all. */
export interface ImageReference {
  readonly sopInstanceUid: string;
  readonly frames: readonly number[];
}

/** One content item of a structured report as it was read; what it lacks is null or empty. */
export interface ContentNode {
  readonly valueType: string;
  readonly name: StatedCode | null;
  readonly code: StatedCode | null;
  readonly text: string | null;
  readonly number: { readonly value: number; readonly unit: StatedCode | null } | null;
  readonly graphic: { readonly type: string; readonly data: readonly number[] } | null;
  readonly image: ImageReference | null;
  readonly children: readonly ContentNode[];
}

function codeOf(item: DataSet | undefined): StatedCode | null {
  if (!item) return null;
  const value = item.text(tagOf('CodeValue')) ?? item.text(tagOf('LongCodeValue')) ?? '';
  const scheme = item.text(tagOf('CodingSchemeDesignator')) ?? '';
  return { value, scheme, meaning: item.text(tagOf('CodeMeaning')) ?? '' };
}

function numberOf(item: DataSet): ContentNode['number'] {
  const [measured] = item.items(tagOf('MeasuredValueSequence'));
  const value = measured?.number(tagOf('NumericValue'), 'DS') ?? null;
  if (!measured || value === null) return null;
  return { value, unit: codeOf(measured.items(tagOf('MeasurementUnitsCodeSequence'))[0]) };
}

function imageOf(item: DataSet): ImageReference | null {
  const [reference] = item.items(tagOf('ReferencedSOPSequence'));
  const sopInstanceUid = reference?.text(tagOf('ReferencedSOPInstanceUID')) ?? null;
  if (!reference || sopInstanceUid === null) return null;
  const frames = reference.numbers(tagOf('ReferencedFrameNumber'), 'IS').filter(Number.isInteger);
  return { sopInstanceUid, frames };
}

/** A content item and all below it. */
export function contentNode(item: DataSet): ContentNode {
  const type = item.text(tagOf('GraphicType'));
  return {
    valueType: item.text(tagOf('ValueType')) ?? '',
    name: codeOf(item.items(tagOf('ConceptNameCodeSequence'))[0]),
    code: codeOf(item.items(tagOf('ConceptCodeSequence'))[0]),
    text: item.wholeText(tagOf('TextValue')),
    number: numberOf(item),
    graphic: type === null ? null : { type, data: item.numbers(tagOf('GraphicData'), 'FL') },
    image: imageOf(item),
    children: item.items(tagOf('ContentSequence')).map(contentNode),
  };
}

/** The item and everything below it, from the top down. */
export function* descendants(node: ContentNode): Generator<ContentNode> {
  yield node;
  for (const child of node.children) yield* descendants(child);
}

/** Whether a code is the one meant; what it is called does not matter. */
export function isCode(
  stated: StatedCode | null,
  wanted: { readonly value: string; readonly scheme: string },
): boolean {
  return stated !== null && stated.value === wanted.value && stated.scheme === wanted.scheme;
}
