import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { affineOf } from '../../core/affine.js';
import type { Destination, Outcome } from '../../dicom/network/delivery/destination.js';
import { splitIncomingFile } from '../../dicom/network/store/incoming-file.js';
import { ObjectStore } from '../../dicom/network/store/object-store.js';
import { ctSeries } from '../../phantom/output/series/ct-series.js';
import { writeLimbs } from '../../phantom/output/write-limbs.js';
import { openReaders, type Readers } from '../../reading/readers.js';
import { Outbox } from './outbox.js';
import { StudyAnalyser } from './study-analyser.js';
import { StudyResultFolder } from './study-result.js';

const seed = 5;
let work: string;
let folder: string;
let store: ObjectStore;
let readers: Readers;
let notes: string[];
beforeAll(async () => {
  work = await mkdtemp(path.join(tmpdir(), 'lucency-limb-'));
  await writeLimbs(work, { count: 1, seed, infected: 1 });
  readers = await openReaders({ threads: 1 });
});
afterAll(async () => {
  await readers.close();
  await rm(work, { recursive: true, force: true });
});
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lucency-volumes-'));
  store = await ObjectStore.open(folder);
  notes = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Puts objects into the store as if they had come over the network. @returns their study */
async function receive(objects: Iterable<Uint8Array>): Promise<string> {
  let study = '';
  for (const object of objects) {
    async function* bytes() {
      yield Buffer.from(object);
    }
    const { header, headerBytes, dataSet } = await splitIncomingFile(bytes(), 'slice');
    const { identity } = await store.receive({ ...header, header: headerBytes, dataSet });
    study = identity.studyInstanceUid;
  }
  return study;
}

async function limb(series: 'CT' | 'PT'): Promise<Buffer[]> {
  const where = path.join(work, `limb-${seed}`, series);
  return Promise.all((await readdir(where)).map((name) => readFile(path.join(where, name))));
}

function analyser(options: Partial<ConstructorParameters<typeof StudyAnalyser>[0]> = {}): StudyAnalyser {
  return new StudyAnalyser({
    receivingFolder: folder,
    readers,
    version: '0.0.0',
    quietSeconds: 0.05,
    objects: null,
    json: null,
    onNote: (line) => notes.push(line),
    ...options,
  });
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function allRead(results: StudyResultFolder): Promise<void> {
  await until(async () => (await results.pending(await results.state())).length === 0);
}

class Sent implements Destination {
  readonly name = 'SENT';
  readonly files: string[] = [];

  async *send(files: readonly string[]): AsyncGenerator<Outcome> {
    for (const file of files) {
      this.files.push(path.basename(file));
      yield { file, error: null };
    }
  }
}

describe('analysis of received volumes', () => {
  it('reads a simulated PET/CT once both series have come, and delivers report and segmentation', async () => {
    const stop = new AbortController();
    const destination = new Sent();
    const open = (name: string): Promise<Outbox> =>
      Outbox.open({
        receivingFolder: folder,
        name,
        destination,
        signal: stop.signal,
        onNote: () => undefined,
      });
    const [objects, json] = [await open('objects'), await open('json')];
    const delivery = [objects.run(), json.run()];
    const analysis = analyser({ objects, json });
    const study = await receive(await limb('CT'));
    const results = new StudyResultFolder(folder, study);
    analysis.arrived(study);
    await allRead(results);
    expect((await results.result()).readings).toMatchObject([
      { kind: 'ribs', input: study, verdict: 'refused', refusal: { code: 'LUC_RIBS_NOT_CHEST' } },
    ]);

    expect(await receive(await limb('PT'))).toBe(study);
    analysis.arrived(study);
    await allRead(results);
    const { readings, failures, summary } = await results.result();
    expect(failures).toEqual([]);
    expect(readings).toMatchObject([{ kind: 'infection', input: study, study, verdict: 'infection' }]);
    expect(readings[0]).toMatchObject({ author: { kind: 'software' }, verification: 'unverified' });
    expect(summary).toMatchObject({ verdict: 'infection', images: [{ input: study, findings: 1 }] });
    const made = await readdir(results.objectsFolder);
    expect(made.map((name) => name.split('-')[0]).sort()).toEqual(['SEG', 'SR']);
    await until(() => [...made, 'study.json'].every((name) => destination.files.includes(name)));

    // An archive may send our own results back: the volume is not read again for them.
    await receive(await Promise.all(made.map((name) => readFile(path.join(results.objectsFolder, name)))));
    analysis.arrived(study);
    await allRead(results);
    expect((await results.result()).readings).toEqual(readings);
    await analysis.close();
    stop.abort();
    await Promise.all(delivery);
  });

  it('reads a volume after a restart within which it was stopped', async () => {
    const study = await receive([...(await limb('CT')), ...(await limb('PT'))]);
    const results = new StudyResultFolder(folder, study);
    const stopped = analyser();
    stopped.arrived(study);
    await until(async () => (await results.state()).tries === 1);
    // Work has begun, which a process that ends now would have counted against the study.
    await stopped.close();
    expect(await results.state()).toMatchObject({ analysed: [], tries: 0 });

    const analysis = analyser();
    expect(await analysis.resume()).toBe(1);
    await allRead(results);
    expect((await results.result()).readings).toMatchObject([{ kind: 'infection', verdict: 'infection' }]);
    await analysis.close();
  });

  it('names a series with gaps by code alone, and reads it when the rest has come', async () => {
    const ct = {
      size: [16, 12, 30],
      affine: affineOf([1, 0, 0], [0, 1, 0], [0, 0, 2], [0, 0, 0]),
      modality: 'CT',
      unit: 'HU',
      voxels: new Int16Array(16 * 12 * 30).fill(40),
      paddingValue: null,
      slices: [],
      dicom: null,
    } as const;
    const files = [...ctSeries(ct, { seed: 1, study: 'g', subject: 'box', bodyPart: 'CHEST' })];
    const bytes = files.map((file) => file.bytes);
    const study = await receive([...bytes.slice(0, 10), ...bytes.slice(19)]);
    const results = new StudyResultFolder(folder, study);
    const analysis = analyser();
    analysis.arrived(study);
    await allRead(results);
    expect((await results.result()).failures).toMatchObject([
      { input: study, code: 'LUC_VOLUME_SLICES_MISSING' },
    ]);
    await until(() => notes.length === 2);
    expect(notes).toEqual([
      `${study}: a volume could not be read, LUC_VOLUME_SLICES_MISSING; study.json says why`,
      `${study}: 0 image(s) read, 1 not, 0 DICOM object(s) made`,
    ]);

    await receive(bytes.slice(10, 19));
    analysis.arrived(study);
    await allRead(results);
    const { readings, failures } = await results.result();
    expect(failures).toEqual([]);
    expect(readings).toMatchObject([{ kind: 'ribs', verdict: 'refused' }]);
    await analysis.close();
  });
});
