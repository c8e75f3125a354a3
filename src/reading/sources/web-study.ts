import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LucencyError } from '../../core/errors.js';
import { WebArchive } from '../../dicom/network/archive/web-archive.js';
import { ObjectStore } from '../../dicom/network/store/object-store.js';
import type { WebServer } from '../../dicom/network/web/web-server.js';
import type { InputItem } from '../../image/input/input-item.js';
import { findInputs } from '../../image/inputs.js';
import { withoutOwnResults } from './own-result.js';
import type { StudySource } from './study-source.js';

const tries = 5;

export interface WebStudyOptions {
  readonly server: WebServer;
  readonly studyInstanceUid: string;
  readonly signal?: AbortSignal;
}

/** Named after the study and its instances, as the archive knows them, not after where they lie meanwhile. */
function named(item: InputItem, folder: string): InputItem {
  return { ...item, input: path.relative(folder, item.input).split(path.sep).join('/') };
}

/**
 * One study of a DICOMweb archive (QIDO-RS, WADO-RS). Its instances lie in a folder of their own while it is read, so that memory
 * does not grow with it; an instance that cannot be had is an item with its error.
 */
export function webStudySource({ server, studyInstanceUid, signal }: WebStudyOptions): StudySource {
  const folders: string[] = [];
  return {
    async *inputs(onPassedOver) {
      try {
        const folder = await mkdtemp(path.join(tmpdir(), 'lucency-study-'));
        folders.push(folder);
        const refused: InputItem[] = [];
        const store = await ObjectStore.open(folder);
        const archive = new WebArchive({
          server,
          store,
          tries,
          signal: signal ?? new AbortController().signal,
          onRefused: (instance, error) => refused.push({ input: `${studyInstanceUid}/${instance}`, error }),
        });
        const { completed, failed } = await archive.fetch(studyInstanceUid, () => undefined);
        if (completed + failed === 0) {
          const error = new LucencyError('LUC_DICOM_NET_NO_STUDY', { peer: server.name });
          yield { input: studyInstanceUid, error };
          return;
        }
        const unsaid = failed - refused.length;
        if (unsaid > 0) {
          const details = { study: studyInstanceUid, count: unsaid, peer: server.name };
          refused.push({
            input: studyInstanceUid,
            error: new LucencyError('LUC_DICOM_NET_INSTANCES_MISSING', details),
          });
        }
        if (completed > 0) {
          const study = path.join(store.studiesFolder, studyInstanceUid);
          const found = findInputs([study], { onSkipped: onPassedOver });
          for await (const item of withoutOwnResults(found, onPassedOver))
            yield named(item, store.studiesFolder);
        }
        yield* refused;
      } catch (error) {
        if (!(error instanceof LucencyError)) throw error;
        yield { input: studyInstanceUid, error };
      }
    },
    async close() {
      for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
    },
  };
}
