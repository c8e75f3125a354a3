import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LucencyError } from '../../core/errors.js';
import type { Reading } from '../../core/reading.js';
import type { PictureSet } from '../picture/picture-set.js';
import { sampleRadiograph, sampleReading } from '../picture/sample.fixture.js';
import { noCounts, pictureEntrySchema, readRunRecord } from './run-record.js';
import { type OpenRunOptions, openRun, type RunStore } from './run-store.js';

const radiograph = sampleRadiograph(40, 30);
const fresh: OpenRunOptions = {
  force: false,
  resume: false,
  version: '0.1.0',
  options: { explain: true },
  models: [{ id: 'resnet18-fracture', version: '1.0.0', sha256: 'ab'.repeat(32) }],
};
const resume: OpenRunOptions = { ...fresh, resume: true };

function reading(input: string, changes: Partial<Reading> = {}): Reading {
  return sampleReading(radiograph, { input, ...changes });
}

function pictures(name: string): PictureSet {
  const bytes = (part: string): Uint8Array => Buffer.from(`${name} ${part}`);
  return {
    annotated: bytes('annotated'),
    view: bytes('view'),
    thumbnail: bytes('thumbnail'),
    heatMaps: [
      {
        model: 'resnet18-fracture',
        findingId: null,
        method: 'grad-cam',
        top: 1,
        overlay: bytes('overlay'),
        picture: bytes('map'),
      },
      {
        model: '../evil',
        findingId: 2,
        method: 'grad-cam',
        top: 1,
        overlay: bytes('overlay 2'),
        picture: null,
      },
    ],
    panels: [],
  };
}

async function inputsOf(store: RunStore): Promise<string[]> {
  const inputs: string[] = [];
  for await (const { input } of store.readings()) inputs.push(input);
  return inputs;
}

describe('run store', () => {
  let home = '';
  let out = '';

  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'lucency-run-'));
    out = path.join(home, 'out');
  });
  afterEach(() => rm(home, { recursive: true }));

  async function makeRun(...inputs: string[]): Promise<void> {
    const store = await openRun(out, fresh);
    for (const input of inputs) await store.write(reading(input), pictures(input));
    await store.finish([]);
  }

  it('writes readings, pictures and the record of the run', async () => {
    const store = await openRun(out, fresh);
    await store.write(reading('a/wrist.dcm'), pictures('one'));
    await store.write(reading('b/wrist.dcm', { frame: 2, verdict: 'doubt' }), pictures('two'));
    await store.write(reading('c.png', { verdict: 'refused' }), null);
    await store.fail('broken.dcm', new LucencyError('LUC_IMAGE_EMPTY', { path: 'broken.dcm' }));
    expect(store.size).toBe(3);
    expect(await inputsOf(store)).toEqual(['a/wrist.dcm', 'b/wrist.dcm', 'c.png']);
    await store.finish([
      { schema: 'lucency.study/1', study: 's', verdict: 'doubt', probability: 0.3, images: [] },
    ]);

    const record = await readRunRecord(out);
    expect(record).toMatchObject({ version: '0.1.0', options: { explain: true }, models: fresh.models });
    expect(record.counts).toEqual({ ...noCounts(), fracture: 1, doubt: 1, refused: 1, failed: 1 });
    expect(record.finishedAt).not.toBeNull();
    expect(JSON.parse(await readFile(path.join(out, 'studies.json'), 'utf8'))).toHaveLength(1);
    expect(await readFile(path.join(out, 'errors.jsonl'), 'utf8')).toContain('LUC_IMAGE_EMPTY');

    const entries = (await readFile(path.join(out, 'pictures.jsonl'), 'utf8')).trim().split('\n');
    for (const [index, word] of ['one', 'two'].entries()) {
      const entry = pictureEntrySchema.parse(JSON.parse(entries[index] ?? ''));
      expect(await readFile(path.join(out, entry.annotated ?? ''), 'utf8')).toBe(`${word} annotated`);
      expect(await readFile(path.join(out, entry.heatMaps[1]?.overlay ?? ''), 'utf8')).toBe(
        `${word} overlay 2`,
      );
    }
    expect((await readdir(home)).sort()).toEqual(['out']);
    expect((await readdir(out)).filter((name) => name.includes('lock') || name.endsWith('.part'))).toEqual(
      [],
    );
  });

  it('does not touch an earlier run unless told to', async () => {
    await makeRun('first.dcm');
    await expect(openRun(out, fresh)).rejects.toMatchObject({ code: 'LUC_USAGE_OUTPUT_EXISTS' });
    await expect(openRun(out, { ...fresh, force: true, resume: true })).rejects.toMatchObject({
      code: 'LUC_USAGE_INVALID',
    });
    const store = await openRun(out, resume);
    expect(await inputsOf(store)).toEqual(['first.dcm']);
    await store.interrupt();
  });

  it('replaces a run with force, and nothing that is not its own', async () => {
    await makeRun('first.dcm', 'second.dcm');
    await writeFile(path.join(out, 'notes.txt'), 'mine');
    await writeFile(path.join(out, 'pictures', 'holiday.jpg'), 'mine too');
    const store = await openRun(out, { ...fresh, force: true });
    expect(store.has('first.dcm')).toBe(false);
    await store.write(reading('third.dcm'), null);
    await store.finish([]);
    expect(await readFile(path.join(out, 'notes.txt'), 'utf8')).toBe('mine');
    expect(await readdir(path.join(out, 'pictures'))).toEqual(['holiday.jpg']);
    expect(await readdir(path.join(out, 'parts'))).toEqual([]);
    expect((await readFile(path.join(out, 'readings.jsonl'), 'utf8')).trim().split('\n')).toHaveLength(1);
  });

  it('uses a folder that holds other files, without touching them', async () => {
    await mkdir(out);
    await writeFile(path.join(out, 'wrist.dcm'), 'an input');
    await makeRun('wrist.dcm');
    expect(await readFile(path.join(out, 'wrist.dcm'), 'utf8')).toBe('an input');
  });

  it('resumes after a torn line, knows what is done and tries failures again', async () => {
    const store = await openRun(out, fresh);
    await store.write(reading('one.dcm'), null);
    await store.write(reading('two.dcm', { frame: 3 }), null);
    await store.fail('bad.dcm', new LucencyError('LUC_IMAGE_EMPTY', { path: 'bad.dcm' }));
    await store.interrupt();
    await appendFile(path.join(out, 'readings.jsonl'), '{"schema":"lucency.reading/1","input":"three');

    const again = await openRun(out, resume);
    expect(again.has('one.dcm')).toBe(true);
    expect([again.has('two.dcm'), again.has('two.dcm', 3)]).toEqual([false, true]);
    expect([again.has('three.dcm'), again.has('bad.dcm')]).toEqual([false, false]);
    await again.write(reading('three.dcm'), null);
    expect(await inputsOf(again)).toEqual(['one.dcm', 'two.dcm', 'three.dcm']);
    await again.finish([]);
    const record = await readRunRecord(out);
    expect(record.resumedAt).toHaveLength(1);
    expect(record.counts).toMatchObject({ fracture: 3, failed: 0 });
  });

  it('drops the study summaries of before when it goes on, and lets go of the folder when finishing fails', async () => {
    await makeRun('one.dcm');
    const studies = path.join(out, 'studies.json');
    const store = await openRun(out, resume);
    await expect(readFile(studies)).rejects.toMatchObject({ code: 'ENOENT' });
    await mkdir(studies);
    await expect(store.finish([])).rejects.toMatchObject({ code: 'LUC_OUTPUT_UNWRITABLE' });
    await rm(studies, { recursive: true });
    await (await openRun(out, resume)).interrupt();
    expect((await readRunRecord(out)).finishedAt).toBeNull();
  });

  it('starts a new run when there is nothing to resume', async () => {
    const store = await openRun(out, resume);
    expect(store.size).toBe(0);
    await store.interrupt();
    expect((await readRunRecord(out)).resumedAt).toEqual([]);
  });

  it('refuses to resume a run that was made otherwise, naming what differs', async () => {
    await makeRun('one.dcm');
    const otherModels = [{ id: 'resnet18-fracture', version: '1.0.0', sha256: 'cd'.repeat(32) }];
    for (const [change, words] of [
      [{ version: '0.2.0' }, 'version 0.1.0, now 0.2.0'],
      [{ options: { explain: false } }, 'option explain was true, is now false'],
      [{ options: {} }, 'option explain was true, is now absent'],
      [{ models: otherModels }, 'model resnet18-fracture'],
    ] as const) {
      const error: unknown = await openRun(out, {
        ...resume,
        ...change,
        models: 'models' in change ? change.models : fresh.models,
      }).catch((e: unknown) => e);
      expect(error).toMatchObject({ code: 'LUC_OUTPUT_RESUME_MISMATCH' });
      expect(String(error)).toContain(words);
    }
    const store = await openRun(out, resume);
    await store.interrupt();
  });

  it('refuses to resume what is no run, or a damaged one', async () => {
    await makeRun('one.dcm', 'two.dcm');
    const lines = path.join(out, 'readings.jsonl');
    const [first] = (await readFile(lines, 'utf8')).split('\n');
    await writeFile(lines, `${first}\nnonsense\n`);
    await expect(openRun(out, resume)).rejects.toMatchObject({
      code: 'LUC_OUTPUT_DAMAGED',
      details: { line: 2 },
    });
    await writeFile(path.join(out, 'run.json'), '{}');
    await expect(openRun(out, resume)).rejects.toMatchObject({ code: 'LUC_OUTPUT_NOT_A_RUN' });
    await rm(path.join(out, 'run.json'));
    await expect(openRun(out, resume)).rejects.toMatchObject({ code: 'LUC_OUTPUT_NOT_A_RUN' });
  });

  it('never writes outside of its folder, also through links', async () => {
    const elsewhere = path.join(home, 'elsewhere');
    await mkdir(elsewhere);
    await mkdir(out);
    await symlink(elsewhere, path.join(out, 'pictures'));
    await expect(openRun(out, fresh)).rejects.toMatchObject({ code: 'LUC_OUTPUT_LINK' });
    await rm(path.join(out, 'pictures'));

    const store = await openRun(out, fresh);
    await store.write(reading('../../escape.dcm'), pictures('x'));
    await store.write(reading(`/etc/${'long'.repeat(200)}`), pictures('y'));
    await store.finish([]);
    expect(await readdir(elsewhere)).toEqual([]);
    expect((await readdir(home)).sort()).toEqual(['elsewhere', 'out']);
  });

  it('names an output that cannot be written', async () => {
    await writeFile(out, 'a file');
    await expect(openRun(out, fresh)).rejects.toMatchObject({ code: 'LUC_OUTPUT_UNWRITABLE' });
    await expect(openRun(path.join(out, 'below'), fresh)).rejects.toMatchObject({
      code: 'LUC_OUTPUT_UNWRITABLE',
    });
  });

  it('lets only one run write to a folder, and takes over from one that has died', async () => {
    const store = await openRun(out, fresh);
    await expect(openRun(out, resume)).rejects.toMatchObject({ code: 'LUC_OUTPUT_IN_USE' });
    await store.interrupt();

    const lock = path.join(out, '.lucency-lock');
    await writeFile(lock, `process 999999999 on ${hostname()}`);
    await (await openRun(out, resume)).interrupt();

    await writeFile(lock, 'process 1 on another-machine');
    await expect(openRun(out, resume)).rejects.toMatchObject({ code: 'LUC_OUTPUT_IN_USE' });
    const longAgo = new Date(Date.now() - 3_600_000);
    await utimes(lock, longAgo, longAgo);
    await (await openRun(out, resume)).interrupt();
  });

  it('loses at most the image in flight when its process is killed', async () => {
    const program = path.resolve('dist/report/run/endless-run.fixture.js');
    const child = spawn(process.execPath, [program, out], { stdio: ['ignore', 'pipe', 'pipe'] });
    let reported = 0;
    let complaints = '';
    child.stderr.on('data', (data: Buffer) => {
      complaints += data.toString();
    });
    child.stdout.on('data', (data: Buffer) => {
      reported = Number(data.toString().trim().split('\n').at(-1));
      if (reported >= 20) child.kill('SIGKILL');
    });
    const [, signal] = await once(child, 'close');
    expect(complaints).toBe('');
    expect(signal).toBe('SIGKILL');
    expect(reported).toBeGreaterThanOrEqual(20);

    const store = await openRun(out, resume);
    const inputs = await inputsOf(store);
    expect(inputs).toEqual(inputs.map((_, index) => `image ${index}`));
    expect(inputs.length).toBeGreaterThanOrEqual(reported);
    const entries = (await readFile(path.join(out, 'pictures.jsonl'), 'utf8')).trim().split('\n');
    expect(entries.length).toBeGreaterThanOrEqual(inputs.length);
    for (const line of entries.slice(0, inputs.length)) {
      const { annotated } = pictureEntrySchema.parse(JSON.parse(line));
      expect((await readFile(path.join(out, annotated ?? ''))).length).toBe(200_000);
    }
    await store.interrupt();
  });
});
