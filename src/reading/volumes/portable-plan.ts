import type { Limitation } from '../../core/reading.js';
import type { FoundInput } from '../../image/input/input-item.js';
import type { FrameHeader } from '../../image/volume/frame-header.js';
import type { FoundSeries } from '../../image/volume/series.js';
import type { ReadablePlan, StackedSeries } from '../../image/volume/volume-plan.js';

/** A file of a study as another thread knows it: its bytes are asked for by number. */
interface PortableFile extends Omit<FoundInput, 'read' | 'readStart'> {
  readonly number: number;
}

interface PortableSlice extends Omit<FrameHeader, 'source'> {
  readonly source: PortableFile;
}

interface PortableSeries {
  /** Without its frames: the stack holds those that are read. */
  readonly series: Omit<FoundSeries, 'frames' | 'faults'>;
  readonly stack: Omit<StackedSeries['stack'], 'slices'> & {
    readonly slices: readonly (PortableSlice | null)[];
  };
}

/** A plan that structured clones can carry to another thread. */
export interface PortablePlan {
  readonly kind: ReadablePlan['kind'];
  readonly input: string;
  readonly study: string | null;
  readonly limitations: readonly Limitation[];
  readonly source:
    | { readonly format: 'dicom'; readonly ct: PortableSeries; readonly pet: PortableSeries | null }
    | { readonly format: 'nifti'; readonly file: PortableFile };
}

/** Takes the files out of a plan. @returns the rest, and the files by the numbers that stand for them */
export function withoutFiles(plan: ReadablePlan): { plan: PortablePlan; files: readonly FoundInput[] } {
  const numbers = new Map<FoundInput, number>();
  const fileOf = (found: FoundInput): PortableFile => {
    const { input, study, format, size } = found;
    const number = numbers.get(found) ?? numbers.size;
    numbers.set(found, number);
    return { input, study, format, size, number };
  };
  const seriesOf = ({ series, stack }: StackedSeries): PortableSeries => {
    const { frames: _, faults: __, ...rest } = series;
    const slices = stack.slices.map((slice) => slice && { ...slice, source: fileOf(slice.source) });
    return { series: rest, stack: { ...stack, slices } };
  };
  const { state: _, source, ...rest } = plan;
  const portable: PortablePlan = {
    ...rest,
    source:
      source.format === 'nifti'
        ? { format: 'nifti', file: fileOf(source.file) }
        : { format: 'dicom', ct: seriesOf(source.ct), pet: source.pet && seriesOf(source.pet) },
  };
  return { plan: portable, files: [...numbers.keys()] };
}

/** The plan again. @param read gives the bytes of a file */
export function withFiles(
  { source, ...rest }: PortablePlan,
  read: (number: number) => Promise<Uint8Array>,
): ReadablePlan {
  const files = new Map<number, FoundInput>();
  const fileOf = ({ number, ...facts }: PortableFile): FoundInput => {
    const known = files.get(number);
    if (known) return known;
    const whole = (): Promise<Uint8Array> => read(number);
    const file = {
      ...facts,
      read: whole,
      readStart: async (limit: number) => (await whole()).subarray(0, limit),
    };
    files.set(number, file);
    return file;
  };
  const seriesOf = ({ series, stack }: PortableSeries): StackedSeries => ({
    series: { ...series, frames: [], faults: [] },
    stack: {
      ...stack,
      slices: stack.slices.map((slice) => slice && { ...slice, source: fileOf(slice.source) }),
    },
  });
  return {
    ...rest,
    state: 'readable',
    source:
      source.format === 'nifti'
        ? { format: 'nifti', file: fileOf(source.file) }
        : { format: 'dicom', ct: seriesOf(source.ct), pet: source.pet && seriesOf(source.pet) },
  };
}
