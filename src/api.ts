// The public interface of the package: everything here keeps its name and meaning between minor versions.
export type { Box } from './core/box.js';
export { LucencyError } from './core/errors.js';
export type { HeatMap } from './core/heat-map.js';
export type { Radiograph } from './core/radiograph.js';
export type { Finding, Reading, StudySummary, Verdict } from './core/reading.js';
export type { Volume } from './core/volume.js';
export type { VolumeReaderOptions, VolumeReadingResult } from './core/volume-reading.js';
export { type Deidentified, type DeidentifyOptions, deidentify } from './dicom/deidentify/deidentify.js';
export { type KnownImage, type ReadReportOptions, readReport } from './dicom/read-back/read-report.js';
export type { ResultObject } from './dicom/results/result-object.js';
export { type ResultInput, resultObjects } from './dicom/results/result-objects.js';
export { decodeImage } from './image/decode.js';
export type { DecodeOptions } from './image/decode-options.js';
export { findInputs } from './image/inputs.js';
export { VolumeSorter } from './image/volume/volume-sorter.js';
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
export { type DicomResultOptions, dicomResults } from './reading/results/dicom-results.js';
export { type ReadVolumesOptions, readVolumes, type VolumeEvent } from './reading/volumes/read-volumes.js';
export { VolumeReaders } from './reading/volumes/volume-readers.js';
