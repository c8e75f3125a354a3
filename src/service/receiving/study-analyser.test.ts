import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LucencyError } from '../../core/errors.js';
import type { Destination, Outcome } from '../../dicom/network/delivery/destination.js';
import { splitIncomingFile } from '../../dicom/network/store/incoming-file.js';
import { ObjectStore } from '../../dicom/network/store/object-store.js';
import { readReport } from '../../dicom/read-back/read-report.js';
import { openReaders, type Readers } from '../../reading/readers.js';
import { Outbox } from './outbox.js';
import { listGivenUp, requestRetry } from './retry-requests.js';
import { StudyAnalyser } from './study-analyser.js';
import { StudyResultFolder, studyResultSchema } from './study-result.js';

const phantoms = fileURLToPath(new URL('../../../test/fixtures/phantoms/', import.meta.url));
const noDicom = fileURLToPath(new URL('../../../package.json', import.meta.url));
let readers: Readers;
let folder: string;
let store: ObjectStore;
let notes: string[];
beforeAll(async () => {
  readers = await openReaders({ threads: 1 });
});
afterAll(() => readers.close());
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
    const study = await receive(path.join(phantoms, 'wrist-oblique', 'pa.dcm'));
    analysis.arrived(study);
    await until(async () => (await analysed(study)) === 1);
    expect(await receive(path.join(phantoms, 'wrist-oblique', 'lateral.dcm'))).toBe(study);
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
    const study = await receive(path.join(phantoms, 'leg-spiral.dcm'));
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

  it('names what cannot be read', async () => {
    const study = '2.25.3';
    const images = path.join(folder, 'studies', study);
    await mkdir(images, { recursive: true });
    await cp(noDicom, path.join(images, '2.25.4.dcm'));
    const results = new StudyResultFolder(folder, study);
    const analysis = analyser();
    analysis.arrived(study);
    await until(async () => (await analysed(study)) === 1);
    expect((await results.result()).failures).toMatchObject([
      { input: '2.25.4.dcm', code: expect.stringContaining('LUC_') },
    ]);
    await analysis.close();
  });
});

/** A study as a process leaves it that was ended so many times in the midst of it. */
async function interrupted(tries: number, lastTry: Date): Promise<StudyResultFolder> {
  const study = await receive(path.join(phantoms, 'leg-spiral.dcm'));
  const results = new StudyResultFolder(folder, study);
  await results.writeState({ ...(await results.state()), tries, lastTry: lastTry.toISOString() });
  return results;
}

const longAgo = new Date('2020-01-01T00:00:00Z');

describe('a study during which the process ended', () => {
  it('waits before it is tried again, while others are read', async () => {
    const suspect = await interrupted(1, new Date());
    const other = await receive(path.join(phantoms, 'wrist-oblique', 'pa.dcm'));
    const analysis = analyser({ retryWaitsSeconds: [600, 600] });
    expect(await analysis.resume()).toBe(2);
    await until(async () => (await analysed(other)) === 1);
    expect(await suspect.state()).toMatchObject({ analysed: [], tries: 1 });
    expect(notes.some((note) => note.includes('was being read when the process ended'))).toBe(true);
    await analysis.close();
  });

  it('is read when its wait is over, and nothing is held against it', async () => {
    const results = await interrupted(2, longAgo);
    const analysis = analyser();
    await analysis.resume();
    await until(async () => (await results.state()).analysed.length === 1);
    expect(await results.state()).toMatchObject({ tries: 0 });
    expect((await results.result()).readings).toHaveLength(1);
    await analysis.close();
  });

  it('has no try counted for what stood in the queue, or was stopped', async () => {
    const study = await receive(path.join(phantoms, 'leg-spiral.dcm'));
    const analysis = analyser({ quietSeconds: 600 });
    await analysis.resume();
    await analysis.close();
    const results = new StudyResultFolder(folder, study);
    expect(await results.state()).toMatchObject({ analysed: [], tries: 0 });
  });

  it('is given up after its last wait, told to destinations and the person, listed, and read when someone asks', async () => {
    const put: { name: string; files: readonly string[] }[] = [];
    const outbox = {
      put: async (name: string, _: string, files: readonly string[]) => void put.push({ name, files }),
    };
    const results = await interrupted(4, longAgo);
    const analysis = analyser({ objects: outbox, json: outbox, requestSeconds: 0.05 });
    await analysis.resume();
    await until(async () => (await results.state()).analysed.length === 1);
    expect(await results.result()).toMatchObject({
      readings: [],
      failures: [{ code: 'LUC_RECEIVE_GAVE_UP' }],
    });
    expect(notes.filter((note) => note.includes('LUC_RECEIVE_GAVE_UP'))).toHaveLength(1);
    const [report, json] = put.map(({ files }) => files.map((file) => path.basename(file)));
    expect(report).toEqual([expect.stringMatching(/^SR-.*\.dcm$/)]);
    expect(json).toEqual(['study.json']);
    const [sr] = put[0]?.files ?? [];
    const [said] = readReport(await readFile(sr ?? ''));
    expect(said).toMatchObject({ verdict: 'refused', probability: null });

    const [given, ...more] = await listGivenUp(folder);
    expect(more).toEqual([]);
    expect(given).toMatchObject({ files: [expect.stringMatching(/\.dcm$/)], tries: 4 });
    await requestRetry(folder, given?.study ?? '');
    await until(async () => (await results.result()).readings.length === 1);
    expect((await results.result()).failures).toEqual([]);
    await until(async () => (await results.state()).analysed.length === 1);
    expect(await listGivenUp(folder)).toEqual([]);
    await analysis.close();
  });
});
