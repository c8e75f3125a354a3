import path from 'node:path';
import type { Reading } from '../../core/reading.js';
import { writeWhole } from '../../files/output-file.js';
import { safeName, safePart } from '../../files/safe-name.js';
import type { PictureSet } from '../picture/picture-set.js';
import { type PictureEntry, runFolders } from './run-record.js';

/** Writes the pictures of one reading into the folder of its run and says where they lie. */
export async function writePictures(
  folder: string,
  reading: Reading,
  set: PictureSet,
): Promise<PictureEntry> {
  const name = safeName(reading.input, reading.frame);
  const pending: Promise<void>[] = [];
  const put = (place: string, content: Uint8Array): string => {
    pending.push(writeWhole(path.join(folder, place), content));
    return place;
  };
  const entry: PictureEntry = {
    input: reading.input,
    ...(reading.frame === undefined ? {} : { frame: reading.frame }),
    annotated: set.annotated ? put(`${runFolders.pictures}/${name}.png`, set.annotated) : null,
    view: put(`${runFolders.parts}/${name}.view.jpg`, set.view),
    thumbnail: put(`${runFolders.parts}/${name}.thumbnail.jpg`, set.thumbnail),
    heatMaps: set.heatMaps.map(({ model, findingId, method, top, overlay, picture }) => {
      const suffix = [method, safePart(model), findingId === null ? '' : `finding${findingId}`].filter(
        Boolean,
      );
      const file = `${name}.${suffix.join('.')}.png`;
      return {
        model,
        findingId,
        method,
        top,
        overlay: put(`${runFolders.parts}/${file}`, overlay),
        picture: picture ? put(`${runFolders.heatMaps}/${file}`, picture) : null,
      };
    }),
    panels: set.panels.map(({ name: panel, title, findingId, png }) => ({
      title,
      findingId,
      picture: put(`${runFolders.pictures}/${name}.${safePart(panel)}.png`, png),
    })),
  };
  await Promise.all(pending);
  return entry;
}
