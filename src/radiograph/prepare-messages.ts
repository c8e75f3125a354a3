import type { Box } from '../core/box.js';
import type { Radiograph } from '../core/radiograph.js';

/** How a square tensor lies over the image: `tensor x = image x * scale + left` (for tiles, image x from the tile). */
export interface Placement {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

/** A network input made from a whole image or a tile of it: `size * size` values, 0 to 1. */
export interface PreparedTensor {
  readonly data: Float32Array<ArrayBuffer>;
  readonly size: number;
  readonly placement: Placement;
  /** Part of the image that it shows. */
  readonly area: Box;
}

/** Black and white of an image: grey values (0 to 65535) that map to 0 and 1. */
export interface GreyRange {
  readonly lo: number;
  readonly hi: number;
}

/** Why an image was refused before any network ran. */
export interface EarlyRefusal {
  readonly code: string;
  readonly reason: string;
}

/** One decoded frame with all that the networks need of it. Pixels lie in shared memory: no copy between threads. */
export interface PreparedFrame {
  readonly radiograph: Radiograph;
  readonly range: GreyRange;
  readonly refusal: EarlyRefusal | null;
  /** Whole-image tensors by side; empty when refused. */
  readonly whole: Readonly<Record<number, PreparedTensor>>;
  readonly tiles: readonly PreparedTensor[];
  readonly timingsMs: { readonly decode: number; readonly prepare: number };
}

/** What is to be made of every frame. */
export interface PreparePlan {
  /** Sides of the whole-image inputs. */
  readonly sizes: readonly number[];
  /** Side of the detector's input, for tiles; null when no detector runs. */
  readonly detectorSize: number | null;
}

export interface CropOptions {
  readonly context: number;
  readonly minimumSide: number;
  readonly size: number;
}

/** Crops around boxes as one batch `[n, 1, size, size]`, and where each lies in the image. */
export interface PreparedCrops {
  readonly data: Float32Array<ArrayBuffer>;
  readonly areas: ReadonlyArray<{ readonly left: number; readonly top: number; readonly side: number }>;
}

export interface ImageRequest {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly plan: PreparePlan;
}

export interface CropRequest {
  readonly radiograph: Radiograph;
  readonly range: GreyRange;
  readonly boxes: readonly Box[];
  readonly options: CropOptions;
}
