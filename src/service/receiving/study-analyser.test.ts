import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LucencyError } from '../../core/errors.js';
import type { Destination, Outcome } from '../../dicom/network/delivery/destination.js';
import { splitIncomingFile } from '../../dicom/network/store/incoming-file.js';
import { ObjectStore } from '../../dicom/network/store/object-store.js';
import { openReader, type Reader } from '../../radiograph/open-reader.js';
import { VolumeReaders } from '../../reading/volumes/volume-readers.js';
import { Outbox } from './outbox.js';
import { StudyAnalyser } from './study-analyser.js';
import { StudyResultFolder, studyResultSchema } from './study-result.js';

const examples = fileURLToPath(new URL('../../../examples/', import.meta.url));
let reader: Reader;
const volumes = new VolumeReaders();
let folder: string;
let store: ObjectStore;
let notes: string[];
beforeAll(async () => {
  reader = await openReader({ threads: 1 });
});
afterAll(() => reader.close());
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lucency-analyser-'));
  store = await ObjectStore.open(folder);
  notes = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Puts a file into the store as if it had come over the network. @returns its study */
async function receive(file: string): Promise<string> {
  async function* bytes() {
    yield await readFile(file);
  }
  const { header, headerBytes, dataSet } = await splitIncomingFile(bytes(), file);
  const { identity } = await store.receive({ ...header, header: headerBytes, dataSet });
  return identity.studyInstanceUid;
}

class Sent implements Destination {
  readonly name = 'SENT';
  readonly files: string[] = [];
  away = 0;

  async *send(files: readonly string[]): AsyncGenerator<Outcome> {
    if (this.away-- > 0)
      throw new LucencyError('LUC_DICOM_NET_UNREACHABLE', { peer: 'SENT', reason: 'away' });
    for (const file of files) {
      this.files.push(path.basename(file));
      yield { file, error: null };
    }
  }
}

function analyser(options: Partial<ConstructorParameters<typeof StudyAnalyser>[0]> = {}): StudyAnalyser {
  return new StudyAnalyser({
    receivingFolder: folder,
    readers: { radiographs: reader, volumes },
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

async function analysed(study: string): Promise<number> {
  return (await new StudyResultFolder(folder, study).state()).analysed.length;
}

describe('analysis of what is received', () => {
  it('reads a study once it is quiet, adds what comes later, and delivers the results', async () => {
    const stop = new AbortController();
    const destination = new Sent();
    const outboxes = await Promise.all(
      ['objects', 'json'].map((name) =>
        Outbox.open({
          receivingFolder: folder,
          name,
          destination,
          signal: stop.signal,
          onNote: () => undefined,
        }),
      ),
    );
    const delivery = outboxes.map((outbox) => outbox.run());
    const [objects, json] = outboxes;
    const analysis = analyser({ objects: objects ?? null, json: json ?? null });
    const study = await receive(path.join(examples, 'wrist-oblique', 'pa.dcm'));
    analysis.arrived(study);
    await until(async () => (await analysed(study)) === 1);
    expect(await receive(path.join(examples, 'wrist-oblique', 'lateral.dcm'))).toBe(study);
    analysis.arrived(study);
    await until(async () => (await analysed(study)) === 2);
    const results = new StudyResultFolder(folder, study);
    const result = studyResultSchema.parse(JSON.parse(await readFile(results.resultFile, 'utf8')));
    expect(result.readings.map(({ input }) => input).sort()).toEqual(
      (await readdir(path.join(folder, 'studies', study))).sort(),
    );
    expect(result.summary?.images).toHaveLength(2);
    const made = await readdir(results.objectsFolder);
    expect(made.some((name) => name.startsWith('SR-'))).toBe(true);
    await until(() => made.every((name) => destination.files.includes(name)));
    await until(async () => (await readdir(path.join(folder, 'outbox', 'objects'))).length === 0);
    await until(async () => (await readdir(path.join(folder, 'outbox', 'json'))).length === 0);
    expect(destination.files).toContain('study.json');

    // An archive may send our own results back: they are not read.
    for (const name of made) await receive(path.join(results.objectsFolder, name));
    analysis.arrived(study);
    await until(async () => (await analysed(study)) === 2 + made.length);
    expect((await results.result()).readings).toHaveLength(2);
    expect((await results.result()).failures).toEqual([]);
    await analysis.close();
    stop.abort();
    await Promise.all(delivery);
  });

  it('takes up after a restart what was received and not read, and what was read and not delivered', async () => {
    const study = await receive(path.join(examples, 'leg-spiral.dcm'));
    const first = new AbortController();
    const away = new Sent();
    away.away = Number.POSITIVE_INFINITY;
    const options = { receivingFolder: folder, name: 'objects', onNote: () => undefined };
    const before = await Outbox.open({ ...options, destination: away, signal: first.signal });
    const running = before.run();
    const analysis = analyser({ objects: before });
    expect(await analysis.resume()).toBe(1);
    await until(async () => (await analysed(study)) === 1);
    await analysis.close();
    first.abort();
    await running;
    expect(await readdir(path.join(folder, 'outbox', 'objects'))).toHaveLength(1);

    const destination = new Sent();
    destination.away = 1;
    const second = new AbortController();
    const after = await Outbox.open({ ...options, destination, signal: second.signal });
    expect(await analyser().resume()).toBe(0);
    const delivery = after.run();
    await until(async () => (await readdir(path.join(folder, 'outbox', 'objects'))).length === 0);
    expect(destination.files.length).toBeGreaterThan(0);
    second.abort();
    await delivery;
  });

  it('names what cannot be read, and gives a study up that ends the process again and again', async () => {
    const study = '2.25.3';
    const images = path.join(folder, 'studies', study);
    await mkdir(images, { recursive: true });
    await cp(path.join(examples, 'coco.json'), path.join(images, '2.25.4.dcm'));
    const results = new StudyResultFolder(folder, study);
    const analysis = analyser();
    analysis.arrived(study);
    await until(async () => (await analysed(study)) === 1);
    expect((await results.result()).failures).toMatchObject([
      { input: '2.25.4.dcm', code: expect.stringContaining('LUC_') },
    ]);

    await cp(path.join(examples, 'leg-spiral.dcm'), path.join(images, '2.25.5.dcm'));
    // As a process leaves it that was ended three times in the midst of this study.
    await results.writeState({ ...(await results.state()), tries: 3 });
    analysis.arrived(study);
    await until(async () => (await analysed(study)) === 2);
    expect((await results.result()).failures.at(-1)?.code).toBe('LUC_RECEIVE_GAVE_UP');
    expect((await results.result()).readings).toEqual([]);
    await analysis.close();
  });
});
