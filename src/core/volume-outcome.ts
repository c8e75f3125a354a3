import type { LucencyError } from './errors.js';
import type { SeriesUse, VolumeReading } from './reading.js';
import { roundTimings } from './timings.js';
import type { Volume } from './volume.js';
import { spacingMm } from './volume-geometry.js';
import type { VolumeReader, VolumeReadingResult, VolumeStudy } from './volume-reading.js';

function seriesUse(volume: Volume): SeriesUse {
  const uid = volume.dicom?.seriesInstanceUid;
  const [width, height, depth] = volume.size;
  const [x, y, z] = spacingMm(volume);
  return {
    modality: volume.modality,
    ...(uid === undefined ? {} : { seriesInstanceUid: uid }),
    width,
    height,
    depth,
    spacingMm: [x, y, z],
  };
}

/** What every reading of a volume says of its study, whatever the verdict. `used`: the volumes that the reader reads. */
export function volumeFrame<Kind extends VolumeReader['kind']>(
  kind: Kind,
  { input, study, ct }: VolumeStudy,
  used: readonly Volume[],
): Pick<VolumeReading, 'schema' | 'input' | 'study' | 'image' | 'series'> & { kind: Kind } {
  const [width, height, depth] = ct.size;
  const [x, y] = spacingMm(ct);
  return {
    schema: 'lucency.reading/1',
    input,
    kind,
    ...(study === null ? {} : { study }),
    image: { width, height, depth, pixelSpacingMm: [y, x], region: null },
    series: used.map(seriesUse),
  };
}

/** The answer to a study outside of what a reader was validated for: `refused`, with the error's reason. */
export function refusedVolume(
  kind: VolumeReader['kind'],
  study: VolumeStudy,
  used: readonly Volume[],
  timings: Readonly<Record<string, number>>,
  error: LucencyError,
): VolumeReadingResult {
  const { ct, pet } = study;
  const reading: VolumeReading = {
    ...volumeFrame(kind, study, used),
    verdict: 'refused',
    refusal: { code: error.code, reason: `${error.message} ${error.advice}` },
    probability: null,
    findings: [],
    limitations: [...study.limitations],
    models: [],
    timingsMs: roundTimings({ ...timings, total: performance.now() - study.started }),
  };
  return { reading, ct, pet: pet && used.includes(pet) ? pet : null, heatMaps: [], ribs: [] };
}
