// The public interface of the package: everything here keeps its name and meaning between minor versions.
export type { Box } from './core/box.js';
export { LucencyError } from './core/errors.js';
export type { HeatMap } from './core/heat-map.js';
export type { Radiograph } from './core/radiograph.js';
export type {
  Author,
  Finding,
  InfectionReading,
  RadiographReading,
  Reading,
  RibsReading,
  StudySummary,
  Verdict,
  Verification,
} from './core/reading.js';
export type { Volume } from './core/volume.js';
export type {
  VolumeReader,
  VolumeReaderOptions,
  VolumeReadingResult,
  VolumeReadOptions,
  VolumeStudy,
} from './core/volume-reading.js';
export { type Deidentified, type DeidentifyOptions, deidentify } from './dicom/deidentify/deidentify.js';
export { WebServer, type WebServerOptions } from './dicom/network/web/web-server.js';
export { type KnownImage, type ReadReportOptions, readReport } from './dicom/read-back/read-report.js';
export type { ResultObject } from './dicom/results/result-object.js';
export { type ResultInput, resultObjects } from './dicom/results/result-objects.js';
export { decodeImage } from './image/decode.js';
export type { DecodeOptions } from './image/decode-options.js';
export { findInputs } from './image/inputs.js';
export type { Card } from './models/card.js';
export type { RadiographResult } from './radiograph/frame-reader.js';
export {
  openRadiographReader,
  type RadiographEvent,
  RadiographReader,
  type RadiographReaderOptions,
  type RadiographReadOptions,
} from './radiograph/open-reader.js';
export { summariseStudies } from './radiograph/study.js';
export { type ReadStudiesOptions, readStudies, type StudyEvent } from './reading/read-studies.js';
export { openReaders, Readers, type ReadersOptions } from './reading/readers.js';
export type { DrawOptions, ReadingOutcome, SeenRadiograph, SeenVolume } from './reading/reading-outcome.js';
export type { DicomResultOptions } from './reading/results/dicom-results.js';
export { DicomFolderSink } from './reading/sinks/dicom-folder.js';
export { RunFolderSink } from './reading/sinks/run-folder.js';
export { pathsSource } from './reading/sources/paths.js';
export type { StudySource } from './reading/sources/study-source.js';
export { type WebStudyOptions, webStudySource } from './reading/sources/web-study.js';
