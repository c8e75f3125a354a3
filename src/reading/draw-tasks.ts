// Loaded by worker threads: drawing and encoding results takes as long as a network's run.
import type { Reading } from '../core/reading.js';
import type { VolumeReadingResult } from '../core/volume-reading.js';
import type { ResultObject } from '../dicom/results/result-object.js';
import { HandedOver } from '../models/threads/thread-task.js';
import type { RadiographResult } from '../radiograph/frame-reader.js';
import { drawPictures, type PictureSet, type PictureSetOptions } from '../report/picture/picture-set.js';
import { drawVolumePictures } from '../report/volume/volume-pictures.js';
import { type DicomResultOptions, dicomResults } from './results/dicom-results.js';
import { type VolumeObjectsInput, volumeObjects } from './results/volume-dicom-results.js';

function own(bytes: Uint8Array): ArrayBuffer[] {
  const { buffer } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength ? [buffer] : [];
}

function handOver(objects: ResultObject[]): HandedOver<ResultObject[]> {
  return new HandedOver(
    objects,
    objects.flatMap(({ bytes }) => own(bytes)),
  );
}

export interface DrawRadiographInput extends RadiographResult {
  readonly options: PictureSetOptions;
}

export function drawRadiograph({
  radiograph,
  reading,
  heatMaps,
  options,
}: DrawRadiographInput): Promise<PictureSet> {
  return drawPictures(radiograph, reading, heatMaps, options);
}

export function drawVolume(result: VolumeReadingResult): Promise<PictureSet> {
  return drawVolumePictures(result);
}

export interface RadiographObjectsInput extends RadiographResult {
  readonly options: DicomResultOptions;
}

export async function encodeRadiograph({ options, ...result }: RadiographObjectsInput) {
  return handOver(await dicomResults(result, options));
}

export function encodeVolume(input: VolumeObjectsInput & { readonly reading: Reading }) {
  return handOver(volumeObjects(input));
}
