import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildFileHeader, fileHeaderOf } from '../src/dicom/network/store/file-header.js';
import { dataSetOf, secondaryCapture } from '../src/dicom/network/testing/node.js';
import { hasOrthanc, type Orthanc, startOrthanc } from '../src/dicom/network/testing/orthanc.js';
import { freePort, runProgram } from '../src/dicom/network/testing/programs.js';

const bin = fileURLToPath(new URL('../bin/lucency.js', import.meta.url));
const realFiles = fileURLToPath(
  new URL('../../shared/data/dicom/radiograph-transfer-syntaxes/', import.meta.url),
);
const study = '2.25.4711';
let work: string;
let objects: string;
let files: string[];
let orthanc: Orthanc;
let movePort: number;

const lucency = (...args: string[]) => runProgram(process.execPath, [bin, ...args]);

async function dataSetBytes(file: string): Promise<Buffer> {
  return (await readFile(file)).subarray((await fileHeaderOf(file)).length);
}

/** Whether the fetched study holds the very bytes that were sent. */
async function holdsWhatWasSent(folder: string): Promise<boolean> {
  const fetched = path.join(folder, 'studies', study);
  const names = await readdir(fetched);
  if (names.length !== files.length) return false;
  for (const file of files) {
    const { sopInstanceUid } = await fileHeaderOf(file);
    const bytes = await dataSetBytes(path.join(fetched, `${sopInstanceUid}.dcm`));
    if (!bytes.equals(await dataSetBytes(file))) return false;
  }
  return true;
}

async function emptyArchive(): Promise<void> {
  for (const id of (await (await fetch(`${orthanc.rest}/studies`)).json()) as string[]) {
    await fetch(`${orthanc.rest}/studies/${id}`, { method: 'DELETE' });
  }
}

/** Instances that the archive holds, each as it stores it. */
async function archivedDataSets(): Promise<Buffer[]> {
  const ids = (await (await fetch(`${orthanc.rest}/instances`)).json()) as string[];
  const sets: Buffer[] = [];
  for (const id of ids) {
    const file = path.join(work, 'archived.dcm');
    const answer = await fetch(`${orthanc.rest}/instances/${id}/file`);
    await writeFile(file, Buffer.from(await answer.arrayBuffer()));
    sets.push(await dataSetBytes(file));
  }
  return sets;
}

describe.skipIf(!hasOrthanc)(
  'an archive (Orthanc; skipped when it or its DICOMweb plugin is not installed)',
  () => {
    beforeAll(async () => {
      work = await mkdtemp(path.join(tmpdir(), 'lucency-archive-'));
      objects = path.join(work, 'objects');
      await mkdir(objects);
      files = [];
      for (let index = 0; index < 4; index++) {
        const sopInstanceUid = `2.25.${500 + index}`;
        const ids = {
          sopClassUid: secondaryCapture,
          sopInstanceUid,
          transferSyntaxUid: '1.2.840.10008.1.2.1',
        };
        const pixels = Buffer.alloc(300_001 + index, index + 1);
        const file = path.join(objects, `${index}.dcm`);
        const dataSet = dataSetOf({ sopInstanceUid, studyInstanceUid: study, pixels });
        await writeFile(file, Buffer.concat([buildFileHeader(ids, 'TESTER'), dataSet]));
        files.push(file);
      }
      movePort = await freePort();
      orthanc = await startOrthanc(movePort);
    });
    afterAll(async () => {
      await orthanc?.stop();
      await rm(work, { recursive: true, force: true });
    });
    beforeEach(emptyArchive);

    const dimse = () => `ORTHANC@127.0.0.1:${orthanc.dicomPort}`;

    it('answers our C-ECHO', async () => {
      expect((await lucency('send', '--echo', '--to', dimse())).status).toBe(0);
    });

    it('stores by C-STORE what we send, byte for byte, and gives it back by C-FIND and C-MOVE', async () => {
      const sent = await lucency('send', objects, '--to', dimse());
      expect([sent.status, sent.output]).toEqual([0, expect.stringContaining('4 object(s) sent')]);
      const archived = await archivedDataSets();
      for (const file of files) {
        const bytes = await dataSetBytes(file);
        expect(archived.some((set) => set.equals(bytes))).toBe(true);
      }

      const listed = await lucency('fetch', '--from', dimse(), '--patient-id', 'P1', '--list', '--json');
      expect(JSON.parse(listed.output)).toMatchObject({
        studyInstanceUid: study,
        patientId: 'P1',
        instances: 4,
      });

      const out = path.join(work, 'moved');
      const fetched = await lucency(
        ...['fetch', '--from', dimse(), '--study', study, '--out', out, '--json'],
        ...['--host', '127.0.0.1', '--port', String(movePort)],
      );
      expect([fetched.status, fetched.output]).toEqual([
        0,
        expect.stringContaining('"completed":4,"failed":0'),
      ]);
      expect(await holdsWhatWasSent(out)).toBe(true);

      const nowhere = await lucency(
        ...['fetch', '--from', dimse(), '--study', study, '--out', path.join(work, 'nowhere')],
        ...['--aet', 'UNKNOWN', '--host', '127.0.0.1', '--port', '0'],
      );
      expect(nowhere.status).toBe(1);
    });

    it('stores by STOW-RS what we send, byte for byte, and gives it back by QIDO-RS and WADO-RS', async () => {
      const sent = await lucency('send', objects, '--to', orthanc.web);
      expect([sent.status, sent.output]).toEqual([0, expect.stringContaining('4 object(s) sent')]);
      const archived = await archivedDataSets();
      expect(archived).toHaveLength(4);

      const listed = await lucency('fetch', '--from', orthanc.web, '--study', study, '--list', '--json');
      expect(JSON.parse(listed.output)).toMatchObject({
        studyInstanceUid: study,
        patientName: 'PHANTOM^ONE',
        instances: 4,
      });

      const out = path.join(work, 'retrieved');
      const args = ['fetch', '--from', orthanc.web, '--patient-id', 'P1', '--out', out, '--json'];
      const fetched = await lucency(...args);
      expect([fetched.status, fetched.output]).toEqual([
        0,
        expect.stringContaining('"completed":4,"failed":0'),
      ]);
      expect(await holdsWhatWasSent(out)).toBe(true);
      const [first = ''] = await readdir(path.join(out, 'studies', study));
      await rm(path.join(out, 'studies', study, first));
      expect((await lucency(...args)).status).toBe(0);
      expect(await holdsWhatWasSent(out)).toBe(true);
    });

    it('says so when nothing matches', async () => {
      for (const from of [dimse(), orthanc.web]) {
        const answer = await lucency('fetch', '--from', from, '--study', '2.25.1', '--list');
        expect([answer.status, answer.output]).toEqual([
          1,
          expect.stringContaining('LUC_DICOM_NET_NO_STUDY'),
        ]);
      }
    });

    it('takes a real radiograph in eight transfer syntaxes', async (context) => {
      const names = await readdir(realFiles).catch(() => []);
      if (names.length === 0) context.skip('the data of ../shared is not here');
      const sent = await lucency('send', realFiles, '--to', dimse());
      expect([sent.status, sent.output]).toEqual([
        0,
        expect.stringContaining(`${names.length} object(s) sent`),
      ]);
    });
  },
);
