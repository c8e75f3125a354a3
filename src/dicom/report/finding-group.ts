import type { Finding } from '../../core/reading.js';
import { snomed } from '../codes/code.js';
import { answer, concept, unit } from '../codes/concepts.js';
import { fractureTypeCode, typeProbabilityName } from '../codes/fracture-types.js';
import { type ResultContext, sourceReference } from '../results/result-context.js';
import { algorithm } from './algorithm.js';
import {
  type ContentItem,
  codeValue,
  container,
  numberValue,
  polygon3d,
  polyline,
  textValue,
  uidValue,
} from './content-items.js';
import { findingSite } from './finding-site.js';
import { percentOf } from './percent.js';
import { boxContours, boxCorners } from './regions.js';
import { soughtFinding } from './verdict.js';

const certainties = {
  definite: answer.definite,
  doubtful: answer.possible,
  candidate: answer.belowThreshold,
} as const;

function region(context: ResultContext, { box, box3d }: Finding): ContentItem[] {
  if (box) {
    return [polyline('CONTAINS', concept.imageRegion, boxCorners(box), sourceReference(context))];
  }
  const { volume, source } = context;
  if (!box3d || !volume) return [];
  return [
    ...boxContours(volume.grid, box3d).map((contour) =>
      polygon3d('CONTAINS', concept.volumeSurface, contour, volume.frameOfReferenceUid),
    ),
    uidValue('CONTAINS', concept.sourceSeriesForSegmentation, source.seriesInstanceUid),
  ];
}

function types({ type, displacement }: Finding): ContentItem[] {
  return [
    ...(type && type.label !== null ? type.set : []).map((label) =>
      codeValue('CONTAINS', concept.associatedMorphology, fractureTypeCode(label)),
    ),
    ...(displacement?.set ?? []).map((label) =>
      codeValue('CONTAINS', concept.displacement, fractureTypeCode(label)),
    ),
  ];
}

function probabilities({ score, type, displacement, suv }: Finding): ContentItem[] {
  const named = type?.label === null ? {} : type?.probabilities;
  const byLabel = Object.entries({ ...named, ...displacement?.probabilities });
  return [
    numberValue('CONTAINS', concept.probability, percentOf(score), unit.percent),
    ...byLabel.map(([label, probability]) =>
      numberValue('CONTAINS', typeProbabilityName(label), percentOf(probability), unit.percent),
    ),
    ...(suv
      ? [
          numberValue('CONTAINS', concept.suvbw, suv.suvMax, unit.suvbw, [
            codeValue('HAS CONCEPT MOD', concept.derivation, snomed('56851009', 'Maximum')),
          ]),
        ]
      : []),
  ];
}

/**
 * One finding as a measurement group: planar (TID 1410) on radiographs, volumetric (TID 1411) in volumes. The tracking
 * UID is the same whenever the same reading is written.
 */
export function findingGroup(context: ResultContext, finding: Finding): ContentItem {
  const { site, side } = findingSite(context, finding);
  const children: (ContentItem | null)[] = [
    textValue('HAS OBS CONTEXT', concept.trackingIdentifier, `Lucency finding ${finding.id}`),
    uidValue('HAS OBS CONTEXT', concept.trackingUid, context.uid('finding', finding.id)),
    codeValue('CONTAINS', concept.finding, soughtFinding(context.reading.kind)),
    site &&
      codeValue('HAS CONCEPT MOD', concept.findingSite, site, [
        side && codeValue('HAS CONCEPT MOD', concept.laterality, side),
      ]),
    ...algorithm(context),
    ...region(context, finding),
    ...probabilities(finding),
    codeValue('CONTAINS', concept.certainty, certainties[finding.certainty]),
    ...types(finding),
    finding.description === undefined ? null : textValue('CONTAINS', concept.comment, finding.description),
  ];
  return container('CONTAINS', concept.measurementGroup, children, finding.box ? '1410' : '1411');
}
