export interface DecodeOptions {
  /** Name used in error messages; default `image`. */
  readonly name?: string;
  /**
   * Largest width x height that is decoded.
   * @default 67108864 (64 Mi pixels; twice the largest stitched long-leg films)
   */
  readonly maxPixels?: number;
  /**
   * Most frames (TIFF pages) of one file.
   * @default 2000
   */
  readonly maxFrames?: number;
  /**
   * `all`, or one frame (TIFF page) counted from 1.
   * @default 'all'
   */
  readonly frames?: 'all' | number;
}

export interface DecodeLimits {
  readonly name: string;
  readonly maxPixels: number;
  readonly maxFrames: number;
  readonly frames: 'all' | number;
}

const defaultMaxPixels = 64 * 1024 * 1024;

/** Far more than a series of radiographs or a cine run has. */
const defaultMaxFrames = 2000;

export function withDefaults(options: DecodeOptions = {}): DecodeLimits {
  return {
    name: options.name ?? 'image',
    maxPixels: options.maxPixels ?? defaultMaxPixels,
    maxFrames: options.maxFrames ?? defaultMaxFrames,
    frames: options.frames ?? 'all',
  };
}
