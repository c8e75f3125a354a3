import { LucencyError } from '../core/errors.js';
import type { Finding, Reading, Verdict } from '../core/reading.js';
import { roundTimings } from '../core/timings.js';
import type { Volume } from '../core/volume.js';
import { mapBox } from '../core/volume-geometry.js';
import { refusedVolume, volumeFrame } from '../core/volume-outcome.js';
import type {
  VolumeReadingResult,
  VolumeReadOptions,
  VolumeReadSettings,
  VolumeStudy,
} from '../core/volume-reading.js';
import { calibrate } from '../models/calibration.js';
import { thresholdFor } from '../models/operating-points.js';
import { modelUse, type RegisteredModel } from '../models/registry.js';
import type { NetworkRunner } from '../models/session-host.js';
import { gradCam3d, gradCamOutputs } from './explain.js';
import type { HottestRegion } from './hottest-region.js';
import { readingLimitations } from './limitations.js';
import { limbRefusal } from './not-a-limb.js';
import { coarseCt, regionSpacing, regionTensor } from './region-tensor.js';
import { suvSummary } from './suvmax-rule.js';

/** Reads PET/CT studies of limbs: where uptake is highest near bone or metal, and whether that is an infection. */
export class InfectionReader {
  readonly #networks: NetworkRunner;
  readonly #model: RegisteredModel;
  readonly #options: VolumeReadSettings;

  constructor(networks: NetworkRunner, model: RegisteredModel, options: VolumeReadSettings) {
    this.#networks = networks;
    this.#model = model;
    this.#options = options;
  }

  /** @throws LUC_MODEL_* when the network cannot be run */
  async read(
    study: VolumeStudy,
    { onProgress }: Pick<VolumeReadOptions, 'onProgress'> = {},
  ): Promise<VolumeReadingResult> {
    const timings: Record<string, number> = { ...study.timingsMs };
    const { ct, pet } = study;
    if (!pet) {
      return this.#refused(study, timings, new LucencyError('LUC_INFECTION_NO_PET', { input: study.input }));
    }
    if (pet.unit !== 'SUVbw' || ct.unit !== 'HU') {
      const details = { pet: pet.unit, ct: ct.unit };
      return this.#refused(study, timings, new LucencyError('LUC_INFECTION_UNIT', details));
    }
    onProgress?.(0, 'region');
    let started = performance.now();
    const coarse = coarseCt(ct);
    const refusal = limbRefusal(ct, coarse, regionSpacing);
    if (refusal) return this.#refused(study, timings, refusal);
    const seen = regionTensor(coarse, pet);
    timings.region = performance.now() - started;
    if (!seen) return this.#refused(study, timings, new LucencyError('LUC_INFECTION_NO_REGION'));

    onProgress?.(0.5, 'network');
    started = performance.now();
    const outputs = this.#options.explain ? ['logits', ...gradCamOutputs] : ['logits'];
    const run = await this.#networks.run(this.#model, seen.data, 1, outputs);
    timings.classify = performance.now() - started;
    const { card } = this.#model;
    const probability = calibrate(run.outputs.logits?.data[0] ?? Number.NaN, card.calibration);
    const verdict = this.#verdictOf(probability);
    const findings = this.#findings(ct, pet, seen.region, probability, verdict);
    const { features, alpha } = run.outputs;
    const findingId = findings[0]?.id ?? null;
    const heatMaps = features && alpha ? [gradCam3d(card.id, findingId, features, alpha, seen.grid)] : [];
    onProgress?.(1, 'network');
    const reading: Reading = {
      ...volumeFrame('infection', study, volumesOf(study)),
      verdict,
      probability,
      probabilities: { [card.id]: probability },
      findings,
      limitations: [...study.limitations, ...readingLimitations(coarse, pet, seen)],
      suv: suvSummary(seen.region),
      models: [modelUse(this.#model)],
      timingsMs: roundTimings({ ...timings, total: performance.now() - study.started }),
    };
    return { reading, ct, pet, heatMaps, ribs: [] };
  }

  #verdictOf(probability: number): Verdict {
    const { card } = this.#model;
    const definite = thresholdFor(card, 'definite', null);
    const doubtful = thresholdFor(card, 'doubtful', null);
    if (definite !== null && probability >= definite) return 'infection';
    return doubtful !== null && probability >= doubtful ? 'doubt' : 'no-infection';
  }

  #findings(
    ct: Volume,
    pet: Volume,
    region: HottestRegion,
    probability: number,
    verdict: Verdict,
  ): Finding[] {
    if (verdict === 'no-infection' && !this.#options.allCandidates) return [];
    const certainty = { infection: 'definite', doubt: 'doubtful' } as const;
    const box = mapBox(pet, ct, region.petBox);
    const { suvMax, metabolicVolumeMl } = region.measures;
    return [
      {
        id: 1,
        box3d: [...box],
        centerMm: [...region.centreMm],
        score: probability,
        certainty: verdict === 'infection' || verdict === 'doubt' ? certainty[verdict] : 'candidate',
        suv: region.measures,
        description: `hottest uptake near bone or metal, SUVmax ${suvMax.toFixed(1)}, ${metabolicVolumeMl.toFixed(1)} ml`,
      },
    ];
  }

  #refused(study: VolumeStudy, timings: Record<string, number>, error: LucencyError): VolumeReadingResult {
    return refusedVolume('infection', study, volumesOf(study), timings, error);
  }
}

function volumesOf({ ct, pet }: VolumeStudy): Volume[] {
  return pet ? [ct, pet] : [ct];
}
