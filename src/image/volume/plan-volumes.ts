import { LucencyError } from '../../core/errors.js';
import { limitation } from '../../core/limitation.js';
import { type VolumeReaderKind, volumeKindFor } from '../../core/reader-kinds.js';
import type { Limitation } from '../../core/reading.js';
import type { GridSize, VoxelGrid } from '../../core/volume.js';
import { slicePlane, spacingMm, voxelToPatient } from '../../core/volume-geometry.js';
import type { FoundInput } from '../input/input-item.js';
import { commonFolder, lieTogether } from './input-name.js';
import { type FoundSeries, seriesName } from './series.js';
import { stackSlices } from './stack.js';
import { suvbwFactors } from './suv.js';
import type { StackedSeries, VolumePlan } from './volume-plan.js';
import { checkVoxelCount } from './voxel-limit.js';

export interface PlanOptions {
  /** As of `loadSeries`. */
  readonly maxVoxels?: number;
}

const ctKind = volumeKindFor('CT');
const petCtKind = volumeKindFor('PET/CT');

/** Fewest slices that are taken for a volume. */
const fewestSlices = 5;

type Outcome =
  | { readonly stacked: StackedSeries }
  | { readonly series: FoundSeries; readonly error: LucencyError };

function tryStack(series: FoundSeries, maxVoxels: number | undefined): Outcome {
  try {
    const name = seriesName(series);
    if (series.frames.length === 0 && series.localizers.length > 0) {
      throw new LucencyError('LUC_VOLUME_LOCALIZER', { series: name });
    }
    const stack = stackSlices(series, fewestSlices);
    const plane = slicePlane(stack);
    if (plane !== 'axial') throw new LucencyError('LUC_VOLUME_NOT_AXIAL', { series: name, plane });
    checkVoxelCount(name, stack.size, maxVoxels);
    return { stacked: { series, stack } };
  } catch (error) {
    if (error instanceof LucencyError) return { series, error };
    throw error;
  }
}

function firstInput({ frames, uid }: FoundSeries): string {
  return frames[0]?.source.input ?? uid;
}

function inputsOf(series: readonly FoundSeries[]): string[] {
  return series.flatMap(({ frames, faults, localizers }) => [
    ...frames.map(({ source }) => source.input),
    ...faults.map(({ input }) => input),
    ...localizers,
  ]);
}

function sizeOf({ frames }: FoundSeries): GridSize {
  const [first] = frames;
  return [first?.columns ?? 1, first?.rows ?? 1, Math.max(1, frames.length)];
}

/** The thinnest slices; of equal ones the most. */
function finest(candidates: readonly StackedSeries[]): StackedSeries | null {
  const [first, ...others] = candidates;
  if (!first) return null;
  return others.reduce((best, candidate) => {
    const difference = spacingMm(candidate.stack)[2] - spacingMm(best.stack)[2];
    if (Math.abs(difference) > 0.01) return difference < 0 ? candidate : best;
    return candidate.stack.slices.length > best.stack.slices.length ? candidate : best;
  }, first);
}

/** Corrected for attenuation before all others, then the one with the most slices. */
function bestPet(candidates: readonly StackedSeries[]): StackedSeries | null {
  const corrected = ({ series }: StackedSeries): boolean =>
    [...series.pet.values()].every(
      ({ correctedImage, units }) => units === 'GML' || correctedImage.includes('ATTN'),
    );
  const [first, ...others] = [...candidates].sort((a, b) => Number(corrected(b)) - Number(corrected(a)));
  if (!first) return null;
  const rank = corrected(first);
  return others
    .filter((candidate) => corrected(candidate) === rank)
    .reduce((best, other) => (other.stack.slices.length > best.stack.slices.length ? other : best), first);
}

function bounds(grid: VoxelGrid): { low: number[]; high: number[] } {
  const [columns, rows, slices] = grid.size;
  const corners = [0, columns - 1].flatMap((x) =>
    [0, rows - 1].flatMap((y) => [0, slices - 1].map((z) => voxelToPatient(grid, [x, y, z]))),
  );
  const of = (pick: (...values: number[]) => number): number[] =>
    [0, 1, 2].map((axis) => pick(...corners.map((corner) => corner[axis] ?? 0)));
  return { low: of(Math.min), high: of(Math.max) };
}

function overlap(a: VoxelGrid, b: VoxelGrid): boolean {
  const first = bounds(a);
  const second = bounds(b);
  return [0, 1, 2].every(
    (axis) =>
      (first.low[axis] ?? 0) < (second.high[axis] ?? 0) && (second.low[axis] ?? 0) < (first.high[axis] ?? 0),
  );
}

/** Why PET and CT cannot be laid over each other, or null. */
function mismatch(pet: StackedSeries, ct: StackedSeries): LucencyError | null {
  const series = seriesName(pet.series);
  const patients = { pet: pet.series.identity.patientId, ct: ct.series.identity.patientId };
  if (patients.pet !== undefined && patients.ct !== undefined && patients.pet !== patients.ct) {
    return new LucencyError('LUC_VOLUME_PATIENTS_DIFFER', { series, pet: patients.pet, ct: patients.ct });
  }
  const frame = pet.series.identity.frameOfReferenceUid;
  if (frame === undefined || frame !== ct.series.identity.frameOfReferenceUid) {
    return new LucencyError('LUC_VOLUME_FRAMES_DIFFER', { series });
  }
  return overlap(pet.stack, ct.stack) ? null : new LucencyError('LUC_VOLUME_APART', { series });
}

function sameStudy(a: FoundSeries, b: FoundSeries): boolean {
  const study = a.identity.studyInstanceUid;
  return study !== undefined && study === b.identity.studyInstanceUid;
}

function sameFrame(a: FoundSeries, b: FoundSeries): boolean {
  const frame = a.identity.frameOfReferenceUid;
  return frame !== undefined && frame === b.identity.frameOfReferenceUid;
}

/** CTs that may belong to a PET: of its study, else of its frame of reference, else beside it on the disk. */
function ctsFor(pet: StackedSeries, cts: readonly StackedSeries[]): StackedSeries[] {
  const ways: ((ct: FoundSeries) => boolean)[] = [
    (ct) => sameStudy(pet.series, ct),
    (ct) => sameFrame(pet.series, ct),
    (ct) => lieTogether(firstInput(pet.series), firstInput(ct)),
  ];
  for (const way of ways) {
    const found = cts.filter(({ series }) => way(series));
    if (found.length > 0) return found;
  }
  return [];
}

interface Pairing {
  readonly pet: StackedSeries;
  readonly ct: StackedSeries | null;
  readonly error: LucencyError | null;
}

function pair(pet: StackedSeries, cts: readonly StackedSeries[]): Pairing {
  const series = seriesName(pet.series);
  const candidates = ctsFor(pet, cts);
  const fitting = finest(candidates.filter((ct) => mismatch(pet, ct) === null));
  try {
    if (fitting) suvbwFactors(series, [...pet.series.pet.values()]);
    const [nearest] = candidates;
    const error = fitting
      ? null
      : nearest
        ? mismatch(pet, nearest)
        : new LucencyError('LUC_VOLUME_PET_WITHOUT_CT', { series });
    return { pet, ct: fitting, error };
  } catch (error) {
    if (error instanceof LucencyError) return { pet, ct: null, error };
    throw error;
  }
}

/** Names inputs after their folder; where two plans share one, after their first file. */
class InputNames {
  readonly #taken = new Set<string>();

  of(series: readonly FoundSeries[]): string {
    const inputs = inputsOf(series);
    const folder = commonFolder(inputs);
    const [first = folder] = [...inputs].sort();
    const name = this.#taken.has(folder) ? first : folder;
    this.#taken.add(name);
    return name;
  }
}

function studyKey({ identity, uid }: FoundSeries): string {
  return identity.studyInstanceUid ?? uid;
}

/** Series of one study that stand beside the one that is read. */
function notRead(read: readonly FoundSeries[], study: readonly FoundSeries[]): Limitation[] {
  const others = study.filter((series) => !read.includes(series)).map(seriesName);
  return others.length > 0 ? [limitation('LUC_VOLUME_SERIES_NOT_READ', { series: others.join('; ') })] : [];
}

/** Plans one study after another, and remembers which PET were paired. */
class Planner {
  readonly #names = new InputNames();
  readonly #outcomes: Outcome[];
  readonly #pairings: Pairing[];

  constructor(series: readonly FoundSeries[], { maxVoxels }: PlanOptions) {
    this.#outcomes = series.map((one) => tryStack(one, maxVoxels));
    const cts = this.#stacked('CT');
    this.#pairings = this.#stacked('PT').map((pet) => pair(pet, cts));
  }

  #stacked(modality: 'CT' | 'PT'): StackedSeries[] {
    return this.#outcomes.flatMap((outcome) =>
      'stacked' in outcome && outcome.stacked.series.modality === modality ? [outcome.stacked] : [],
    );
  }

  *plans(series: readonly FoundSeries[]): Generator<VolumePlan> {
    const studies = new Map<string, FoundSeries[]>();
    for (const one of series) studies.set(studyKey(one), [...(studies.get(studyKey(one)) ?? []), one]);
    const used = new Set<FoundSeries>();
    for (const study of studies.values()) yield* this.#study(study, used);
  }

  *#study(study: readonly FoundSeries[], used: Set<FoundSeries>): Generator<VolumePlan> {
    for (const { faults } of study) {
      for (const { input, error } of faults) yield { state: 'failed', input, error };
    }
    const pairings = this.#pairings.filter(({ pet }) => study.includes(pet.series));
    const pet = bestPet(pairings.flatMap(({ pet: one, ct }) => (ct ? [one] : [])));
    const paired = pairings.find((pairing) => pairing.pet === pet);
    if (paired?.ct) {
      used.add(paired.ct.series);
      yield this.#readable(petCtKind, paired.ct, paired.pet, study, []);
      return;
    }
    const refusedPet = pairings[0] ?? null;
    const ct = finest(this.#stacked('CT').filter(({ series }) => study.includes(series)));
    if (refusedPet?.error) yield this.#unread(petCtKind, refusedPet.pet.series, refusedPet.error);
    if (!ct) yield* this.#nothing(study);
    else if (!used.has(ct.series)) {
      const reason = refusedPet?.error?.message;
      const left = reason === undefined ? [] : [limitation('LUC_VOLUME_PET_LEFT_OUT', { reason })];
      const beside = study.filter((series) => series !== refusedPet?.pet.series);
      yield this.#readable(ctKind, ct, null, beside, left);
    }
  }

  #readable(
    kind: VolumeReaderKind,
    ct: StackedSeries,
    pet: StackedSeries | null,
    study: readonly FoundSeries[],
    more: readonly Limitation[],
  ): VolumePlan {
    const read = pet ? [ct.series, pet.series] : [ct.series];
    return {
      state: 'readable',
      kind,
      input: this.#names.of(read),
      study: ct.series.identity.studyInstanceUid ?? null,
      source: { format: 'dicom', ct, pet },
      limitations: [
        ...ct.stack.limitations,
        ...(pet?.stack.limitations ?? []),
        ...notRead(read, study),
        ...more,
      ],
    };
  }

  /** No series of the study makes a volume: said of the largest one. */
  *#nothing(study: readonly FoundSeries[]): Generator<VolumePlan> {
    const failures = this.#outcomes.flatMap((outcome) =>
      'error' in outcome && study.includes(outcome.series) ? [outcome] : [],
    );
    const [largest] = failures.sort((a, b) => b.series.frames.length - a.series.frames.length);
    if (!largest || (largest.series.frames.length === 0 && largest.series.faults.length > 0)) return;
    yield this.#unread(largest.series.modality === 'CT' ? ctKind : petCtKind, largest.series, largest.error);
  }

  #unread(kind: VolumeReaderKind, series: FoundSeries, error: LucencyError): VolumePlan {
    const input = this.#names.of([series]);
    // What the study is refused for; all else is a fault of its files.
    if (error.kind !== 'refusal') return { state: 'failed', input, error };
    const study = series.identity.studyInstanceUid ?? null;
    return { state: 'refused', kind, input, study, error, size: sizeOf(series) };
  }
}

/**
 * What is to be read of the series and NIfTI files that were found, and by which reader: of every study the PET with its
 * CT, else the CT with the thinnest axial slices. What cannot be read is said, study by study.
 */
export function planVolumes(
  series: readonly FoundSeries[],
  files: readonly FoundInput[],
  options: PlanOptions = {},
): VolumePlan[] {
  const dicom = [...new Planner(series, options).plans(series)];
  const nifti = files.map(
    (file): VolumePlan => ({
      state: 'readable',
      kind: ctKind,
      input: file.input,
      study: null,
      source: { format: 'nifti', file },
      limitations: [limitation('LUC_VOLUME_UNIT_ASSUMED')],
    }),
  );
  return [...dicom, ...nifti];
}
