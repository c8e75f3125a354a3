/** A picture that a sink of pictures drew: 8-bit RGB, row-major, three bytes a pixel. */
export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}
