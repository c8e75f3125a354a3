import type { FoundInput } from '../input/input-item.js';
import {
  imageElements,
  type TestElement,
  type TestFileOptions,
  type TestValue,
  writeDicom,
} from './dicom-writer.js';

/** One slice of a test series; what is not given is that of an upright axial CT with 2 mm slices. */
export interface TestSlice {
  readonly modality?: 'CT' | 'PT';
  readonly study?: string;
  readonly series?: string;
  readonly frameOfReference?: string;
  readonly patient?: string;
  readonly instance?: number;
  readonly position?: readonly [number, number, number];
  readonly orientation?: readonly number[];
  readonly width?: number;
  readonly height?: number;
  readonly signed?: boolean;
  readonly slope?: number;
  readonly intercept?: number;
  readonly pixels?: TestValue;
  readonly more?: readonly TestElement[];
  readonly file?: TestFileOptions;
}

const sopClasses = { CT: '1.2.840.10008.5.1.4.1.1.2', PT: '1.2.840.10008.5.1.4.1.1.128' };

/** Elements of a later list replace those of an earlier one. */
function merged(...lists: readonly (readonly TestElement[])[]): TestElement[] {
  return [...new Map(lists.flat().map((element) => [element[0], element])).values()];
}

/** A CT or PET file of 4 x 3 pixels unless told otherwise. */
export function sliceFile(slice: TestSlice): Uint8Array {
  const { modality = 'CT', instance = 1, width = 4, height = 3, position = [0, 0, 2 * instance] } = slice;
  const pixels = slice.pixels ?? Array.from({ length: width * height }, (_, at) => at + instance);
  const series = slice.series ?? `1.2.${modality === 'CT' ? 1 : 2}`;
  const elements = merged(
    imageElements({ width, height, signed: slice.signed ?? false, pixels }),
    [
      [0x0008_0016, 'UI', sopClasses[modality]],
      [0x0008_0018, 'UI', `${series}.${instance}`],
      [0x0008_0060, 'CS', modality],
      [0x0010_0020, 'LO', slice.patient ?? 'P1'],
      [0x0020_000d, 'UI', slice.study ?? '1.2'],
      [0x0020_000e, 'UI', series],
      [0x0020_0013, 'IS', String(instance)],
      [0x0020_0032, 'DS', position.join('\\')],
      [0x0020_0037, 'DS', (slice.orientation ?? [1, 0, 0, 0, 1, 0]).join('\\')],
      [0x0020_0052, 'UI', slice.frameOfReference ?? '1.2.9'],
      [0x0028_0030, 'DS', '0.8\\0.5'],
      [0x0028_1052, 'DS', String(slice.intercept ?? 0)],
      [0x0028_1053, 'DS', String(slice.slope ?? 1)],
    ],
    slice.more ?? [],
  );
  return writeDicom(elements, slice.file ?? {});
}

/** Bytes as an input that was found. */
export function memoryInput(input: string, bytes: Uint8Array): FoundInput {
  return {
    input,
    study: null,
    format: 'dicom',
    size: bytes.length,
    read: async () => bytes,
    readStart: async (limit) => bytes.subarray(0, limit),
  };
}

/** The files of a series in a folder, `count` slices from instance 1, each made by `slice`. */
export function seriesInputs(
  folder: string,
  count: number,
  slice: (instance: number) => TestSlice | null = () => ({}),
): FoundInput[] {
  return Array.from({ length: count }, (_, index) => index + 1).flatMap((instance) => {
    const made = slice(instance);
    return made ? [memoryInput(`${folder}/${instance}.dcm`, sliceFile({ instance, ...made }))] : [];
  });
}
