import { largest } from '../core/extremes.js';
import type { HeatMap } from '../core/heat-map.js';
import type { Finding, FindingType } from '../core/reading.js';
import { calibrate, calibrateClasses, logit } from '../models/calibration.js';
import type { RegisteredModel } from '../models/registry.js';
import type { SessionHost } from '../models/session-host.js';
import type { NetworkRun } from '../models/session-thread.js';
import { predictionSet } from './conformal.js';
import { type DetectorPass, detectorOutputs, highestScore, mergePasses } from './detect.js';
import { detectorHeatMap, gradCam, gradCamOutputs, letterboxAffine } from './explain.js';
import type { PreparedCrops, PreparedFrame, PreparedTensor } from './prepare-messages.js';
import { certaintyOf, type Thresholds } from './verdict.js';

/** A set of more labels than this says too little for a type to be named. */
const mostLabels = 2;

/** One letterboxed pass of a network over a tensor. The tensor's values are copied: several networks share them. */
export async function runOn(
  host: SessionHost,
  model: RegisteredModel,
  tensor: PreparedTensor,
  outputs: string[],
): Promise<NetworkRun> {
  return host.run(model, tensor.data.slice(), 1, outputs);
}

/** The whole-image tensor that fits a network's input. */
export function tensorFor(frame: PreparedFrame, { card }: RegisteredModel): PreparedTensor {
  const tensor = frame.whole[card.input?.width ?? 0];
  if (!tensor) throw new RangeError(`no tensor was prepared for ${card.id}`);
  return tensor;
}

export interface Detection {
  readonly findings: Finding[];
  /** Highest raw score of the pass over the whole image, 0 to 1. */
  readonly rawScore: number;
  /** Calibrated probability of a fracture anywhere, of a detector that answers for the whole image; else null. */
  readonly imageProbability: number | null;
  readonly heatMaps: readonly HeatMap[];
  readonly milliseconds: number;
}

/** Locates fractures: whole image, then tiles, merged; scores calibrated; certainty by the card's thresholds. */
export async function detect(
  host: SessionHost,
  model: RegisteredModel,
  frame: PreparedFrame,
  thresholds: Thresholds,
  explain: boolean,
): Promise<Detection> {
  let milliseconds = 0;
  const pass = async (
    tensor: PreparedTensor,
    more: readonly string[],
  ): Promise<DetectorPass & { outputs: NetworkRun['outputs'] }> => {
    const run = await runOn(host, model, tensor, [...detectorOutputs, ...more]);
    milliseconds += run.milliseconds;
    const { boxes, scores } = run.outputs;
    if (!boxes || !scores)
      throw new RangeError(`${model.card.id} has not the outputs ${detectorOutputs.join(', ')}`);
    return { tensor, boxes, scores, outputs: run.outputs };
  };
  const { imageAnswer } = model.card;
  const answers = imageAnswer ? [imageAnswer.output, ...(explain ? gradCamOutputs : [])] : [];
  const whole = await pass(tensorFor(frame, model), answers);
  const passes: DetectorPass[] = [whole];
  for (const tile of frame.tiles) passes.push(await pass(tile, []));
  const findings = mergePasses(passes).map(({ box, rawScore }, index): Finding => {
    const score = calibrate(logit(rawScore), model.card.calibration);
    return { id: index + 1, box, score, certainty: certaintyOf(score, thresholds) };
  });
  const heatMaps = [
    ...(explain ? [detectorHeatMap(model.card.id, whole)] : []),
    ...(imageAnswer ? imageHeatMaps(model.card.id, whole.tensor, whole.outputs) : []),
  ];
  const logitOfImage = imageAnswer ? whole.outputs[imageAnswer.output]?.data[0] : undefined;
  const imageProbability =
    imageAnswer && logitOfImage !== undefined ? calibrate(logitOfImage, imageAnswer.calibration) : null;
  return { findings, rawScore: highestScore(whole), imageProbability, heatMaps, milliseconds };
}

/** Grad-CAM of an answer for the whole image; none where the run was not asked to explain. */
function imageHeatMaps(
  model: string,
  tensor: PreparedTensor,
  { features, alpha }: NetworkRun['outputs'],
): HeatMap[] {
  if (!features || !alpha) return [];
  const map = gradCam(features, alpha, 0, 0);
  const affine = letterboxAffine(map.width, map.height, tensor.size, tensor.placement);
  return [{ model, findingId: null, method: 'grad-cam', ...map, affine }];
}

export interface Classification {
  /** Calibrated probability of a fracture in the image. */
  readonly probability: number;
  readonly heatMaps: readonly HeatMap[];
  readonly milliseconds: number;
}

/** One classifier on the whole image. */
export async function classify(
  host: SessionHost,
  model: RegisteredModel,
  frame: PreparedFrame,
  explain: boolean,
): Promise<Classification> {
  const tensor = tensorFor(frame, model);
  const run = await runOn(host, model, tensor, explain ? ['logits', ...gradCamOutputs] : ['logits']);
  const probability = calibrate(run.outputs.logits?.data[0] ?? Number.NaN, model.card.calibration);
  const heatMaps = imageHeatMaps(model.card.id, tensor, run.outputs);
  return { probability, heatMaps, milliseconds: run.milliseconds };
}

export interface Typing {
  readonly types: FindingType[];
  readonly heatMaps: HeatMap[];
  readonly milliseconds: number;
}

/** Types findings from their crops, as one batch. */
export async function typeFindings(
  host: SessionHost,
  model: RegisteredModel,
  crops: PreparedCrops,
  findingIds: readonly number[],
  explain: boolean,
): Promise<Typing> {
  const { card } = model;
  const run = await host.run(
    model,
    crops.data,
    crops.areas.length,
    explain ? ['logits', ...gradCamOutputs] : ['logits'],
  );
  const { logits, features, alpha } = run.outputs;
  const classes = card.classes.length;
  const heatMaps: HeatMap[] = [];
  const types = crops.areas.map(({ left, top, side }, item): FindingType => {
    const values = logits?.data.slice(item * classes, (item + 1) * classes) ?? [];
    const ranked = calibrateClasses(values, card.calibration);
    const best = ranked.indexOf(largest(ranked));
    const probabilities = Object.fromEntries(card.classes.map((label, index) => [label, ranked[index] ?? 0]));
    if (features && alpha) {
      const map = gradCam(features, alpha, item, best);
      const affine = { scaleX: side / map.width, scaleY: side / map.height, offsetX: left, offsetY: top };
      heatMaps.push({
        model: card.id,
        findingId: findingIds[item] ?? null,
        method: 'grad-cam',
        ...map,
        affine,
      });
    }
    const set = predictionSet(probabilities, card.conformal);
    return { label: set.length > mostLabels ? null : (card.classes[best] ?? null), probabilities, set };
  });
  return { types, heatMaps, milliseconds: run.milliseconds };
}
