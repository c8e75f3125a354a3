import { largest } from '../core/extremes.js';
import type { HeatMap } from '../core/heat-map.js';
import type { Radiograph } from '../core/radiograph.js';
import type { Finding, FindingType, RadiographReading, Reading } from '../core/reading.js';
import { roundTimings } from '../core/timings.js';
import { calibrate, combine, logit } from '../models/calibration.js';
import { modelUse } from '../models/registry.js';
import type { SessionHost } from '../models/session-host.js';
import { answeringModel, type Ensemble, membersOf, thresholdsOf } from './ensemble.js';
import type { PrepareHost } from './prepare-host.js';
import type { EarlyRefusal, PreparedFrame, PreparePlan } from './prepare-messages.js';
import { classify, type Detection, detect, runOn, tensorFor, typeFindings } from './reading-steps.js';
import { answerRegion, regionOutputs } from './region.js';
import { conclude, recordOf, verdictOf } from './verdict.js';

// Crops of one batch: enough to keep the cores busy, few enough to keep memory flat.
const cropsPerBatch = 8;

/** What a sink needs of one read image. Heat maps are there only when asked for. */
export interface RadiographResult {
  readonly reading: Reading;
  readonly radiograph: Radiograph;
  readonly heatMaps: readonly HeatMap[];
}

export interface ReadingOptions {
  /** Also keep what the networks proposed below the doubtful threshold, for evaluation. */
  readonly allCandidates: boolean;
  /** Also compute Grad-CAM of every classifier and type, and the detector's heat map. */
  readonly explain: boolean;
}

export interface FrameSource {
  readonly input: string;
  /** Folder of a picture; DICOM images carry their study themselves. */
  readonly study: string | null;
  readonly started: number;
}

/** The tensors that an ensemble needs of every frame. */
export function preparePlanOf({ region, detector, classifiers }: Ensemble): PreparePlan {
  const networks = [region, ...(detector ? [detector] : []), ...classifiers];
  return {
    sizes: [...new Set(networks.map(({ card }) => card.input?.width ?? 0))],
    detectorSize: detector?.card.input?.width ?? null,
  };
}

/**
 * Reads prepared frames: region, location, classification, verdict, type, explanation, in this order. Each step's
 * time in the networks stands in the reading's `timingsMs`.
 */
export class FrameReader {
  readonly #host: SessionHost;
  readonly #ensemble: Ensemble;

  constructor(host: SessionHost, ensemble: Ensemble) {
    this.#host = host;
    this.#ensemble = ensemble;
  }

  /** Loads every network, so that the first image does not wait for them one by one. */
  async load(): Promise<void> {
    const networks = membersOf(this.#ensemble).filter(({ card }) => card.file !== null);
    await this.#host.load(networks);
  }

  /**
   * @param frame a decoded frame with the tensors of `preparePlanOf`
   * @param prepare thread that cuts the crops of findings
   * @throws LUC_MODEL_RUN_FAILED, LUC_MODEL_MISSING, LUC_MODEL_TAMPERED
   */
  async read(
    frame: PreparedFrame,
    source: FrameSource,
    prepare: PrepareHost,
    options: ReadingOptions,
  ): Promise<RadiographResult> {
    const timings: Record<string, number> = { ...frame.timingsMs };
    if (frame.refusal) return this.#refused(frame, source, timings, frame.refusal, null);

    const regionRun = await runOn(
      this.#host,
      this.#ensemble.region,
      tensorFor(frame, this.#ensemble.region),
      regionOutputs(this.#ensemble.region),
    );
    timings.region = regionRun.milliseconds;
    const { label, probability: regionProbability, refusal } = answerRegion(this.#ensemble.region, regionRun);
    const region = { label, probability: regionProbability };
    if (refusal) {
      const why = { code: refusal.code, reason: `${refusal.message} ${refusal.advice}` };
      return this.#refused(frame, source, timings, why, region);
    }

    const heatMaps: HeatMap[] = [];
    const probabilities: Record<string, number> = {};
    const detection = await this.#detect(frame, label, options, timings, heatMaps, probabilities);
    await this.#classify(frame, options, timings, heatMaps, probabilities);
    const answer = this.#answer(probabilities, label, detection);
    const {
      verdict,
      findings: concluded,
      limitations,
    } = conclude(answer.verdict, detection?.findings ?? null);
    const shown = concluded.filter((finding) => finding.certainty !== 'candidate');
    const typed = await this.#type(frame, source, prepare, shown, options, timings, heatMaps);
    const findings = options.allCandidates
      ? concluded.map((finding) => typed.get(finding.id) ?? finding)
      : [...typed.values()];

    const record = recordOf(answeringModel(this.#ensemble).card, verdict, label);
    const reading: Reading = {
      ...this.#frameOf(frame, source, region),
      verdict,
      probability: answer.probability,
      ...(record ? { record } : {}),
      probabilities,
      findings,
      ...(limitations.length > 0 ? { limitations: [...limitations] } : {}),
      models: membersOf(this.#ensemble).map(modelUse),
      timingsMs: roundTimings({ ...timings, total: performance.now() - source.started }),
    };
    return { reading, radiograph: frame.radiograph, heatMaps };
  }

  async #detect(
    frame: PreparedFrame,
    region: string,
    options: ReadingOptions,
    timings: Record<string, number>,
    heatMaps: HeatMap[],
    probabilities: Record<string, number>,
  ): Promise<Detection | null> {
    const { detector, combiner } = this.#ensemble;
    if (!detector) return null;
    const detection = await detect(
      this.#host,
      detector,
      frame,
      thresholdsOf(detector, region),
      options.explain,
    );
    timings.detect = detection.milliseconds;
    for (const map of detection.heatMaps) heatMaps.push(map);
    const ofBoxes = combiner?.card.combiner?.detectorImageCalibration ?? detector.card.calibration;
    probabilities[detector.card.id] =
      detection.imageProbability ?? calibrate(logit(detection.rawScore), ofBoxes);
    return detection;
  }

  async #classify(
    frame: PreparedFrame,
    options: ReadingOptions,
    timings: Record<string, number>,
    heatMaps: HeatMap[],
    probabilities: Record<string, number>,
  ): Promise<void> {
    for (const model of this.#ensemble.classifiers) {
      const answer = await classify(this.#host, model, frame, options.explain);
      timings.classify = (timings.classify ?? 0) + answer.milliseconds;
      probabilities[model.card.id] = answer.probability;
      for (const map of answer.heatMaps) heatMaps.push(map);
    }
  }

  #answer(
    probabilities: Readonly<Record<string, number>>,
    region: string,
    detection: Detection | null,
  ): { probability: number; verdict: Reading['verdict'] } {
    const answering = answeringModel(this.#ensemble);
    const { combiner, task } = answering.card;
    const fused = combiner ? combine(probabilities, combiner) : null;
    const probability = fused ?? probabilities[answering.card.id] ?? 0;
    // A detector alone answers by its boxes: its thresholds are those of boxes.
    const score =
      task === 'detect' && detection
        ? largest(
            detection.findings.map((finding) => finding.score),
            0,
          )
        : probability;
    return { probability, verdict: verdictOf(score, thresholdsOf(answering, region)) };
  }

  async #type(
    frame: PreparedFrame,
    source: FrameSource,
    prepare: PrepareHost,
    shown: readonly Finding[],
    options: ReadingOptions,
    timings: Record<string, number>,
    heatMaps: HeatMap[],
  ): Promise<Map<number, Finding>> {
    const { type } = this.#ensemble;
    const input = type?.card.input;
    const boxes = shown.flatMap(({ box }) => (box ? [box] : []));
    if (!type || !input || boxes.length === 0) return new Map(shown.map((finding) => [finding.id, finding]));
    const cropOptions = {
      context: input.context ?? 2,
      minimumSide: input.minimumSide ?? 1,
      size: input.width,
    };
    const types: FindingType[] = [];
    timings.type = 0;
    for (let start = 0; start < boxes.length; start += cropsPerBatch) {
      const crops = await prepare.crops(
        frame,
        boxes.slice(start, start + cropsPerBatch),
        cropOptions,
        source.input,
      );
      const ids = shown.slice(start, start + cropsPerBatch).map((finding) => finding.id);
      const typing = await typeFindings(this.#host, type, crops, ids, options.explain);
      timings.type += typing.milliseconds;
      for (const added of typing.types) types.push(added);
      for (const added of typing.heatMaps) heatMaps.push(added);
    }
    return new Map(
      shown.map((finding, index) => {
        const found = types[index];
        return [finding.id, found ? { ...finding, type: found } : finding];
      }),
    );
  }

  #refused(
    frame: PreparedFrame,
    source: FrameSource,
    timings: Record<string, number>,
    refusal: EarlyRefusal,
    region: Reading['image']['region'],
  ): RadiographResult {
    const reading: Reading = {
      ...this.#frameOf(frame, source, region),
      verdict: 'refused',
      refusal,
      probability: null,
      findings: [],
      models: region ? [modelUse(this.#ensemble.region)] : [],
      timingsMs: roundTimings({ ...timings, total: performance.now() - source.started }),
    };
    return { reading, radiograph: frame.radiograph, heatMaps: [] };
  }

  #frameOf(
    { radiograph }: PreparedFrame,
    source: FrameSource,
    region: Reading['image']['region'],
  ): Pick<RadiographReading, 'schema' | 'input' | 'kind' | 'frame' | 'study' | 'image'> {
    const { width, height, pixelSpacingMm, spacingSource, frame, frames, dicom } = radiograph;
    const study = dicom?.studyInstanceUid ?? source.study;
    return {
      schema: 'lucency.reading/1',
      input: source.input,
      kind: 'radiograph',
      ...(frames > 1 ? { frame } : {}),
      ...(study === null ? {} : { study }),
      image: {
        width,
        height,
        pixelSpacingMm: pixelSpacingMm ? [pixelSpacingMm[0], pixelSpacingMm[1]] : null,
        spacingSource,
        region,
      },
    };
  }
}
