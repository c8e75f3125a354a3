import { LucencyError } from '../core/errors.js';
import { largest } from '../core/extremes.js';
import type { Certainty, Finding, Reading, Verdict } from '../core/reading.js';
import { roundTimings } from '../core/timings.js';
import type { Volume } from '../core/volume.js';
import { boxCentreMm, inPatientOrder, mapBox } from '../core/volume-geometry.js';
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
import { findRibs, type RibMap } from './find-ribs.js';
import { boxOf, makeFinding } from './finding.js';
import { ribLimitations } from './limitations.js';
import { chestRefusal } from './not-a-chest.js';
import { leastProbability, type Proposal, proposals } from './propose.js';
import { scoreRibs } from './score-rib.js';
import {
  beyondEnds,
  extendLine,
  framesAlong,
  networkSection,
  type StraightRib,
  straighten,
} from './straighten.js';
import { summarise } from './summary.js';

/** As many candidates as a reading lists at most. */
const mostCandidates = 100;

interface Scored {
  readonly rib: number;
  readonly proposal: Proposal;
  readonly score: number;
  readonly certainty: Certainty;
}

/** Reads chest CTs: finds and numbers the ribs, straightens them, and looks for fractures along each. */
export class RibReader {
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
    if (study.ct.unit !== 'HU') {
      return this.#refused(study, timings, new LucencyError('LUC_RIBS_UNIT', { unit: study.ct.unit }));
    }
    onProgress?.(0, 'ribs');
    let started = performance.now();
    const ct = inPatientOrder(study.ct);
    const map = findRibs(ct);
    timings.ribs = performance.now() - started;
    const refusal = chestRefusal(ct, map);
    if (refusal || !map) {
      return this.#refused(
        study,
        timings,
        refusal ?? new LucencyError('LUC_RIBS_NOT_CHEST', { reason: 'no spine' }),
      );
    }

    onProgress?.(0.4, 'straighten');
    started = performance.now();
    const straight = map.ribs.map(({ pointsMm }) =>
      straighten(
        ct,
        framesAlong(extendLine(pointsMm, beyondEnds, beyondEnds), map.chestCentre),
        networkSection,
      ),
    );
    timings.straighten = performance.now() - started;

    const scored = await this.#score(straight, timings, (share) =>
      onProgress?.(0.5 + 0.5 * share, 'network'),
    );
    const findings = scored.map((entry, i) => this.#finding(i + 1, entry, study.ct, ct, map, straight));
    const shown = findings.filter(({ certainty }) => certainty !== 'candidate');
    const probability = largest(
      findings.map(({ score }) => score),
      0,
    );
    const reading: Reading = {
      ...volumeFrame('ribs', study, [study.ct]),
      verdict: verdictOf(shown),
      probability,
      probabilities: { [this.#model.card.id]: probability },
      findings: this.#options.allCandidates ? findings : shown,
      limitations: [...study.limitations, ...ribLimitations(ct, map, straight)],
      ribs: summarise(map.ribs, shown),
      models: [modelUse(this.#model)],
      timingsMs: roundTimings({ ...timings, total: performance.now() - study.started }),
    };
    return { reading, ct: study.ct, pet: null, heatMaps: [], ribs: map.ribs };
  }

  async #score(
    straight: readonly StraightRib[],
    timings: Record<string, number>,
    onProgress: (share: number) => void,
  ): Promise<Scored[]> {
    const { card } = this.#model;
    const { answers, milliseconds } = await scoreRibs(this.#networks, this.#model, straight, onProgress);
    timings.detect = milliseconds;
    const certaintyOf = (score: number): Certainty => {
      if (score >= (thresholdFor(card, 'definite', null) ?? 1)) return 'definite';
      return score >= (thresholdFor(card, 'doubtful', null) ?? 1) ? 'doubtful' : 'candidate';
    };
    return answers
      .flatMap((answer, rib) =>
        proposals(answer, beyondEnds).map((proposal): Scored => {
          const score = calibrate(proposal.logit, card.calibration);
          return { rib, proposal, score, certainty: certaintyOf(score) };
        }),
      )
      .filter(({ score }) => score >= leastProbability)
      .sort((a, b) => b.score - a.score)
      .slice(0, mostCandidates);
  }

  #finding(
    id: number,
    { rib, proposal, score, certainty }: Scored,
    reported: Volume,
    ct: Volume,
    map: RibMap,
    straight: readonly StraightRib[],
  ): Finding {
    const line = map.ribs[rib];
    if (!line) throw new RangeError(`there is no rib ${rib}`);
    const frames = straight[rib]?.frames.slice(proposal.first, proposal.last + 1) ?? [];
    const box = boxOf(ct, frames);
    const centre = frames[Math.floor(frames.length / 2)]?.pointMm ?? boxCentreMm(ct, box);
    return makeFinding({
      id,
      rib: line,
      proposal,
      box: mapBox(ct, reported, box),
      centreMm: centre,
      score,
      certainty,
      chestCentre: map.chestCentre,
    });
  }

  #refused(study: VolumeStudy, timings: Record<string, number>, error: LucencyError): VolumeReadingResult {
    return refusedVolume('ribs', study, [study.ct], timings, error);
  }
}

function verdictOf(shown: readonly Finding[]): Verdict {
  if (shown.some(({ certainty }) => certainty === 'definite')) return 'fracture';
  return shown.length > 0 ? 'doubt' : 'no-fracture';
}
