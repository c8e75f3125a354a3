// The public interface of the package: everything here keeps its name and meaning between minor versions.
export type { Box } from './core/box.js';
export { LucencyError } from './core/errors.js';
export type { HeatMap } from './core/heat-map.js';
export type { Radiograph } from './core/radiograph.js';
export type { Finding, Reading, StudySummary, Verdict } from './core/reading.js';
export { decodeImage } from './image/decode.js';
export type { DecodeOptions } from './image/decode-options.js';
export type { Card } from './models/card.js';
export {
  openReader,
  type ReadEvent,
  Reader,
  type ReaderOptions,
  type ReadManyOptions,
} from './radiograph/open-reader.js';
export type { ReadingResult } from './radiograph/reader.js';
export { summariseStudies } from './radiograph/study.js';
