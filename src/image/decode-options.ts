export interface DecodeOptions {
  /** Name used in error messages; default `image`. */
  readonly name?: string;
  /**
   * Largest width x height that is decoded.
   * @default 67108864 (64 Mi pixels; twice the largest stitched long-leg films)
   */
  readonly maxPixels?: number;
  /**
   * `all`, or one frame (TIFF page) counted from 1.
   * @default 'all'
   */
  readonly frames?: 'all' | number;
}

export interface DecodeLimits {
  readonly name: string;
  readonly maxPixels: number;
  readonly frames: 'all' | number;
}

const defaultMaxPixels = 64 * 1024 * 1024;

export function withDefaults(options: DecodeOptions = {}): DecodeLimits {
  return {
    name: options.name ?? 'image',
    maxPixels: options.maxPixels ?? defaultMaxPixels,
    frames: options.frames ?? 'all',
  };
}
