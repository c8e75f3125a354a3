import type { DataSetValues } from '../data-set/encode.js';
import { type ResultContext, sourceReference } from '../results/result-context.js';

/** References to every image that the reading rests on: the one radiograph, or all slices of the series. */
export function readImages(context: ResultContext): DataSetValues[] {
  const { source, volume } = context;
  if (!volume) return [sourceReference(context)];
  const whole = new Map<string, number[]>();
  for (const slice of volume.slices) {
    if (!slice) continue;
    const frames = whole.get(slice.sopInstanceUid) ?? [];
    if (slice.frame !== null) frames.push(slice.frame);
    whole.set(slice.sopInstanceUid, frames);
  }
  return [...whole].map(([uid, frames]) => ({
    ReferencedSOPClassUID: source.sopClassUid,
    ReferencedSOPInstanceUID: uid,
    ReferencedFrameNumber: frames.length > 0 ? frames : undefined,
  }));
}

/** The same without frames: the instances. */
export function readInstances(context: ResultContext): DataSetValues[] {
  return readImages(context).map(({ ReferencedSOPClassUID, ReferencedSOPInstanceUID }) => ({
    ReferencedSOPClassUID,
    ReferencedSOPInstanceUID,
  }));
}

/** The Hierarchical SOP Instance Reference Macro (PS3.3 C.17.2.1) over the images read. */
export function evidence(context: ResultContext): DataSetValues[] {
  const { source } = context;
  const images = readInstances(context);
  return [
    {
      StudyInstanceUID: source.studyInstanceUid,
      ReferencedSeriesSequence: [
        { SeriesInstanceUID: source.seriesInstanceUid, ReferencedSOPSequence: images },
      ],
    },
  ];
}
