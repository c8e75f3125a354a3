import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { affineOf } from '../../src/core/affine.js';
import { readingSchema } from '../../src/core/reading.js';
import { ctSeries } from '../../src/phantom/output/series/ct-series.js';
import { readStudies } from '../../src/reading/read-studies.js';
import type { Readers } from '../../src/reading/readers.js';
import { countVerdicts } from './count-verdicts.js';
import { openWithPriorReader } from './open-prior-reader.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const leg = path.join(root, 'test/fixtures/phantoms/leg-spiral.dcm');
const prior = 0.07;

const page = await readFile(path.join(root, 'docs/architecture.md'), 'utf8');

/** The pieces of code of the page by the file that they quote. */
const quotes = new Map(
  Array.from(page.matchAll(/<!-- code: (\S+) -->\n```ts\n([\s\S]*?)```/g), ([, file = '', code = '']) => [
    file,
    code,
  ]),
);

interface Change {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/** The lines of a diff that are there on one side of it. */
function side(diff: string, gone: '+' | '-'): string {
  const lines = diff.split('\n').filter((line) => line !== '' && !line.startsWith(gone));
  return lines.map((line) => `${line.slice(1)}\n`).join('');
}

/** The changes that the page asks for, in order. */
const changes: readonly Change[] = Array.from(
  page.matchAll(/<!-- change: (\S+) -->\n```diff\n([\s\S]*?)```/g),
  ([, file = '', diff = '']) => ({ file, before: side(diff, '+'), after: side(diff, '-') }),
);

/** The files that the page would have added. */
const newFiles = new Map(
  Array.from(page.matchAll(/<!-- new: (\S+) -->\n```ts\n([\s\S]*?)```/g), ([, file = '', code = '']) => [
    path.join(root, 'src', file),
    code,
  ]),
);

/** Sources with the changes made, by their paths. */
async function changed(steps: readonly Change[]): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  for (const { file, before, after } of steps) {
    const whole = path.join(root, file);
    const source = sources.get(whole) ?? (await readFile(whole, 'utf8'));
    if (source.split(before).length !== 2) throw new Error(`not once in ${file}: ${before}`);
    sources.set(whole, source.replace(before, after));
  }
  return sources;
}

/** Which of the files the type checker refuses, as if the sources given were on the disk. */
function refusedFiles(sources: ReadonlyMap<string, string>, files: readonly string[]): string[] {
  const config = ts.readConfigFile(path.join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(
    { ...config.config, include: [], files: [] },
    ts.sys,
    root,
  );
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile: readSource } = host;
  host.fileExists = (file) => sources.has(path.normalize(file)) || fileExists(file);
  const added = new Set([...sources.keys()].map((file) => path.dirname(file)));
  host.directoryExists = (folder) => added.has(path.normalize(folder)) || ts.sys.directoryExists(folder);
  host.readFile = (file) => sources.get(path.normalize(file)) ?? readSource(file);
  host.getSourceFile = (file, language) => {
    const text = host.readFile(file);
    return text === undefined ? undefined : ts.createSourceFile(file, text, language);
  };
  const program = ts.createProgram(
    files.map((file) => path.join(root, file)),
    { ...options, noEmit: true },
    host,
  );
  return files.filter((file) => {
    const source = program.getSourceFile(path.join(root, file));
    if (!source) throw new Error(`not in the program: ${file}`);
    return program.getSyntacticDiagnostics(source).length + program.getSemanticDiagnostics(source).length > 0;
  });
}

/** Rows of the table of rooms, `[floor, room]`. */
const rows = Array.from(page.matchAll(/^\| (\d+) \| `src\/(\w+)` \| /gm), ([, floor, room = '']) => [
  Number(floor),
  room,
]);

async function folders(of: string): Promise<string[]> {
  const entries = await readdir(path.join(root, of), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

interface FloorRule {
  readonly name: string;
}

let work = '';
let box = '';
let readers: Readers;
beforeAll(async () => {
  work = await mkdtemp(path.join(tmpdir(), 'lucency-architecture-'));
  box = path.join(work, 'box');
  await mkdir(box);
  const volume = {
    size: [16, 12, 30],
    affine: affineOf([1, 0, 0], [0, 1, 0], [0, 0, 2], [0, 0, 0]),
    modality: 'CT',
    unit: 'HU',
    voxels: new Int16Array(16 * 12 * 30).fill(40),
    paddingValue: null,
    slices: [],
    dicom: null,
  } as const;
  const files = [...ctSeries(volume, { seed: 1, study: 'b', subject: 'box', bodyPart: 'CHEST' })];
  for (const [index, { bytes }] of files.entries()) await writeFile(path.join(box, `${index}.dcm`), bytes);
  await writeFile(path.join(work, 'cut.png'), Buffer.from('89504e470d0a1a0a', 'hex'));
  readers = await openWithPriorReader(prior);
});
afterAll(async () => {
  await readers?.close();
  await rm(work, { recursive: true, force: true });
});

describe('the rooms', () => {
  it('on the page are the folders of src', async () => {
    expect(rows.map(([, room]) => room).sort()).toEqual(await folders('src'));
  });

  it('on the page lie on the floors that lint keeps', () => {
    const { forbidden }: { forbidden: FloorRule[] } = createRequire(import.meta.url)(
      path.join(root, '.dependency-cruiser.cjs'),
    );
    const kept = forbidden.flatMap(({ name }) => {
      const [, floor, room] = /^floor-(\d+)-(\w+)$/.exec(name) ?? [];
      return room === undefined ? [] : [[Number(floor), room]];
    });
    expect(rows).toEqual(kept);
  });

  it('in the table of README are the folders of src', async () => {
    const readme = await readFile(path.join(root, 'README.md'), 'utf8');
    const named = Array.from(readme.matchAll(/^\| `src\/(\w+)` \| /gm), ([, room]) => room);
    expect(named.sort()).toEqual(await folders('src'));
  });
});

describe('the code on the page', () => {
  it('is that of the files which are run here, all of them', async () => {
    const here = await readdir(path.join(root, 'test/architecture'));
    const files = here
      .filter((name) => !name.endsWith('.test.ts'))
      .map((name) => `test/architecture/${name}`);
    expect([...quotes.keys()].sort()).toEqual(files.sort());
    for (const [file, code] of quotes) expect(code, file).toBe(await readFile(path.join(root, file), 'utf8'));
    expect(page.match(/```(ts|diff)/g)).toHaveLength(quotes.size + changes.length + newFiles.size);
  });

  it('adds a sink, which takes what readers of all kinds say and what could not be read', async () => {
    const { counts, unread } = await countVerdicts([leg, path.join(work, 'cut.png'), box], readers);
    expect(Object.fromEntries(counts)).toEqual({ fracture: 1, doubt: 1 });
    expect(unread).toEqual([expect.stringMatching(/cut\.png: .*LUC_IMAGE_/)]);
  });

  it('adds a reader, whose answers are issued, drawn and encoded as those of the package', async () => {
    const outcomes = [];
    for await (const event of readStudies([box], readers)) {
      if (event.kind === 'reading') outcomes.push(event.outcome);
    }
    const [outcome] = outcomes;
    if (!outcome) throw new Error('not read');
    expect(readingSchema.parse(outcome.reading)).toMatchObject({
      kind: 'ribs',
      verdict: 'doubt',
      probability: prior,
      author: { kind: 'software' },
      image: { width: 16, height: 12, depth: 30 },
    });
    const objects = await outcome.dicomObjects({ version: '0.0.0' });
    expect(objects.map(({ kind }) => kind)).toContain('SR');
    expect(await outcome.pictures()).not.toBeNull();
    expect(outcomes).toHaveLength(1);
  });
});

describe('the steps that add a kind of reader', () => {
  // The words of a kind's procedure are missed where they are used.
  const missing = [
    'src/dicom/report/structured-report.ts',
    'src/evidence/own-accuracy.ts',
    'src/reading/reader-registry.ts',
  ];
  const others = ['src/core/volume-outcome.ts', 'src/reading/read-studies.ts'];
  const checked = [...new Set([...changes.map(({ file }) => file), ...missing, ...others])].sort();

  it('leave the type checker to name what the first two do not, and satisfy it at the end', {
    // The compiler goes through most of the sources, twice.
    timeout: 180_000,
  }, async () => {
    const words = changes.filter(({ file }) => file.startsWith('src/core/'));
    expect(words).toHaveLength(4);
    expect(refusedFiles(await changed(words), checked)).toEqual(missing);
    const all = new Map([...(await changed(changes)), ...newFiles]);
    const added = [...newFiles.keys()].map((file) => path.relative(root, file));
    expect(added).toHaveLength(1);
    expect(refusedFiles(all, [...checked, ...added])).toEqual([]);
  });
});
