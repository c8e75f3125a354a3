import type { Finding } from '../../core/reading.js';
import { bodyPartCode, regionCode, rib } from '../codes/anatomy.js';
import type { Code } from '../codes/code.js';
import { answer } from '../codes/concepts.js';
import { tagOf } from '../data-set/attributes.js';
import { type ResultContext, sourceText } from '../results/result-context.js';

/** The first code of the source's Anatomic Region Sequence, if it is whole and of a published scheme. */
function statedRegion({ source }: ResultContext): Code | null {
  const [item] = source.dataSet.items(tagOf('AnatomicRegionSequence'));
  const value = item?.text(tagOf('CodeValue'));
  const scheme = item?.text(tagOf('CodingSchemeDesignator'));
  const meaning = item?.text(tagOf('CodeMeaning'));
  return value && meaning && scheme === 'SCT' ? { value, scheme, meaning } : null;
}

/** Where the image was taken: as its header states, else as the region network said; null where neither is known. */
export function imagedRegion(context: ResultContext): Code | null {
  const stated = statedRegion(context);
  if (stated) return stated;
  const bodyPart = sourceText(context, 'BodyPartExamined');
  const named = bodyPart === null ? null : bodyPartCode(bodyPart);
  const { region } = context.reading.image;
  return named ?? (region ? regionCode(region.label) : null);
}

const lateralities: Readonly<Record<string, Code>> = {
  L: answer.left,
  R: answer.right,
  B: answer.both,
};

/** Side as the header states it (of the image, else of the series); null where it does not. */
export function imagedSide(context: ResultContext): Code | null {
  const stated = sourceText(context, 'ImageLaterality') ?? sourceText(context, 'Laterality');
  return (stated !== null && lateralities[stated]) || null;
}

/** Site and side of a finding: its rib, else what the image shows. */
export function findingSite(
  context: ResultContext,
  { rib: place }: Finding,
): { site: Code | null; side: Code | null } {
  if (place) return { site: rib, side: place.side === 'left' ? answer.left : answer.right };
  return { site: imagedRegion(context), side: imagedSide(context) };
}
