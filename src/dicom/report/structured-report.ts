import { answer, concept } from '../codes/concepts.js';
import { procedureReported } from '../codes/modality.js';
import { derivedUid } from '../data-set/derived-uid.js';
import { type DataSetValues, elementsOf } from '../data-set/encode.js';
import { writeFile } from '../data-set/write-file.js';
import { commonValues, type ResultContext, verifierOf } from '../results/result-context.js';
import type { ResultObject } from '../results/result-object.js';
import { patientAndStudy } from '../source/source-image.js';
import { type ContentItem, codeValue, container, textValue, uidValue } from './content-items.js';
import { findingGroup } from './finding-group.js';
import { imageLibrary } from './image-library.js';
import { evidence } from './references.js';
import { qualitativeEvaluations, verdictGroup } from './verdict.js';

export const comprehensive3dSr = '1.2.840.10008.5.1.4.1.1.88.34';

/** Who observed (TID 1004): a device. */
function deviceObserver({ version }: ResultContext): ContentItem[] {
  return [
    codeValue('HAS OBS CONTEXT', concept.observerType, answer.device),
    uidValue('HAS OBS CONTEXT', concept.deviceObserverUid, derivedUid('lucency-device', version)),
    textValue('HAS OBS CONTEXT', concept.deviceObserverName, 'Lucency'),
    textValue('HAS OBS CONTEXT', concept.deviceObserverManufacturer, 'Lucency'),
    textValue('HAS OBS CONTEXT', concept.deviceObserverModel, 'Lucency'),
    textValue('HAS OBS CONTEXT', concept.deviceObserverSerialNumber, version),
  ];
}

/** The content tree: TID 1500, Imaging Measurement Report. Candidates, which are kept for evaluation, are left out. */
function contentTree(context: ResultContext): ContentItem {
  const { reading } = context;
  const shown = reading.findings.filter(({ certainty }) => certainty !== 'candidate');
  return container(
    null,
    concept.imagingMeasurementReport,
    [
      codeValue('HAS CONCEPT MOD', concept.language, answer.english),
      ...deviceObserver(context),
      codeValue('HAS CONCEPT MOD', concept.procedureReported, procedureReported[reading.kind]),
      imageLibrary(context),
      container('CONTAINS', concept.imagingMeasurements, [
        verdictGroup(context),
        ...shown.map((finding) => findingGroup(context, finding)),
      ]),
      qualitativeEvaluations(context),
    ],
    '1500',
  );
}

/** Who has checked the report, if anyone has (PS3.3 C.17.2). */
function verificationValues(context: ResultContext): DataSetValues {
  const verifier = verifierOf(context);
  if (verifier === null) {
    return {
      CompletionFlagDescription: 'Complete as computed; no physician has seen it',
      VerificationFlag: 'UNVERIFIED',
      PreliminaryFlag: 'PRELIMINARY',
    };
  }
  return {
    VerificationFlag: 'VERIFIED',
    PreliminaryFlag: 'FINAL',
    VerifyingObserverSequence: [
      {
        VerifyingOrganization: '',
        VerificationDateTime: `${context.date}${context.time}`,
        VerifyingObserverName: verifier,
        VerifyingObserverIdentificationCodeSequence: [],
      },
    ],
  };
}

/** The reading as a structured report (Comprehensive 3D SR, PS3.3 A.35.13). */
export function structuredReport(context: ResultContext): ResultObject {
  const sopInstanceUid = context.uid('SR');
  const values = {
    ...commonValues(context, 'SR', comprehensive3dSr, sopInstanceUid),
    ContentDate: context.date,
    ContentTime: context.time,
    ReferencedPerformedProcedureStepSequence: [],
    PerformedProcedureCodeSequence: [],
    CompletionFlag: 'COMPLETE',
    ...verificationValues(context),
    CurrentRequestedProcedureEvidenceSequence: evidence(context),
    ...contentTree(context),
  };
  const elements = [...patientAndStudy(context.source), ...elementsOf(values)];
  return {
    kind: 'SR',
    sopClassUid: comprehensive3dSr,
    sopInstanceUid,
    bytes: writeFile(comprehensive3dSr, sopInstanceUid, elements),
  };
}
