import type { Box } from '../../core/box.js';
import type { AnatomyName, View } from '../anatomy/anatomies.js';
import type { FractureParameters, FractureType } from '../fracture/types.js';

/** A simulated fracture as it shows in the image; pixels of the image. */
export interface SimulatedFracture {
  readonly type: FractureType;
  readonly bone: string;
  readonly box: Box;
  /** Outline of the fracture zone: `[x, y]` corners. */
  readonly polygon: ReadonlyArray<readonly [number, number]>;
  /** What shaped the fracture in space. */
  readonly parameters: FractureParameters;
}

/** A simulated radiograph with its exact truth. */
export interface SimulatedRadiograph {
  readonly seed: number;
  readonly anatomy: AnatomyName;
  readonly view: View;
  readonly laterality: 'L' | 'R';
  readonly width: number;
  readonly height: number;
  /** Row-major grey values 0 to 4095, bright bone. */
  readonly pixels: Uint16Array;
  /** `[row spacing, column spacing]` at the detector, mm. */
  readonly pixelSpacingMm: readonly [number, number];
  readonly fractures: readonly SimulatedFracture[];
  readonly cast: boolean;
  readonly metal: boolean;
}
