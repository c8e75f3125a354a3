import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LucencyError } from '../core/errors.js';
import { readingSchema } from '../core/reading.js';
import { readReport } from '../dicom/read-back/read-report.js';
import { findInputs } from '../image/inputs.js';
import { writeLimbs } from '../phantom/output/write-limbs.js';
import { type ReadStudiesOptions, readStudies, type StudyEvent } from './read-studies.js';
import { openReaders, type Readers } from './readers.js';
import { DicomFolderSink } from './sinks/dicom-folder.js';
import type { StudySource } from './sources/study-source.js';

const leg = fileURLToPath(new URL('../../test/fixtures/phantoms/leg-spiral.dcm', import.meta.url));

let work = '';
let readers: Readers;
beforeAll(async () => {
  work = await mkdtemp(path.join(tmpdir(), 'lucency-reading-'));
  await writeLimbs(path.join(work, 'limbs'), { count: 1, seed: 5, infected: 1 });
  await writeFile(path.join(work, 'cut.png'), Buffer.from('89504e470d0a1a0a', 'hex'));
  readers = await openReaders({ threads: 1 });
});
afterAll(async () => {
  await readers.close();
  await rm(work, { recursive: true, force: true });
});

async function eventsOf(
  source: StudySource | readonly string[],
  options: ReadStudiesOptions = {},
): Promise<StudyEvent[]> {
  const events: StudyEvent[] = [];
  for await (const event of readStudies(source, readers, options)) events.push(event);
  return events;
}

function words(event: StudyEvent): string {
  if (event.kind === 'reading') return `${event.outcome.reading.kind} ${event.outcome.reading.verdict}`;
  if (event.kind === 'failure') return `${path.basename(event.input)} ${event.error.code}`;
  return event.kind === 'study' ? `study ${event.summary.verdict}` : event.kind;
}

describe('reading studies', () => {
  it('gives radiographs, then volumes, then what each study comes to; what cannot be read is named', async () => {
    const events = await eventsOf([leg, path.join(work, 'cut.png'), path.join(work, 'limbs')]);
    expect(events.map(words)).toEqual([
      'radiograph fracture',
      expect.stringMatching(/^cut\.png LUC_IMAGE_/),
      'volumes',
      'infection infection',
      'study fracture',
      'study infection',
    ]);
  });

  it('issues each reading with its digest, time and author, the same digest for the same answer', async () => {
    const made = [...(await eventsOf([leg])), ...(await eventsOf([leg]))].flatMap((event) =>
      event.kind === 'reading' ? [readingSchema.parse(event.outcome.reading)] : [],
    );
    const [first, second] = made;
    expect(first).toMatchObject({
      author: { kind: 'software', name: 'Lucency' },
      verification: 'unverified',
    });
    expect(first?.id).toMatch(/^[0-9a-f]{64}$/);
    expect(second?.id).toBe(first?.id);
  });

  it('explains and lists candidates for one call alone', async () => {
    const [asked] = await eventsOf([leg], { explain: true, candidates: true });
    const [plain] = await eventsOf([leg]);
    if (asked?.kind !== 'reading' || plain?.kind !== 'reading') throw new Error('not read');
    expect(asked.outcome.seen?.heatMaps.length).toBeGreaterThan(3);
    expect(plain.outcome.seen?.heatMaps).toEqual([]);
    const candidates = asked.outcome.reading.findings.filter(({ certainty }) => certainty === 'candidate');
    expect(candidates.length).toBeGreaterThan(0);
    expect(asked.outcome.reading.findings.length).toBe(
      plain.outcome.reading.findings.length + candidates.length,
    );
  });

  it('passes over what was read before, and its own results', async () => {
    const limb = path.join(work, 'limbs', 'limb-5');
    const passed: string[] = [];
    const folder = path.join(work, 'results');
    const sink = new DicomFolderSink(folder, { version: '0.0.0', refused: true });
    const [read] = await eventsOf([leg]);
    if (read?.kind !== 'reading') throw new Error('not read');
    const { files } = await sink.take(read.outcome);
    expect((await readdir(folder)).sort()).toEqual(files.map((file) => path.basename(file)).sort());
    const report = files.find((file) => path.basename(file).startsWith('SR-')) ?? '';
    expect(readReport(await readFile(report))).toMatchObject([{ verdict: 'fracture' }]);
    const events = await eventsOf([folder, leg, path.join(work, 'limbs')], {
      skip: (input) => input === leg || input === limb,
      onPassedOver: (input) => passed.push(input),
    });
    expect(events.map(words)).toEqual(['volumes']);
    expect(passed.filter((file) => file.endsWith('.dcm')).sort()).toEqual([...files].sort());
  });

  it('stops a volume that takes longer than allowed, from outside, and goes on', async () => {
    const events = await eventsOf([path.join(work, 'limbs')], { studyTimeLimitSeconds: 0.001 });
    expect(events.map(words)).toEqual(['volumes', 'limb-5 LUC_VOLUME_TIMEOUT']);
    expect((await eventsOf([leg])).map(words)).toEqual(['radiograph fracture', 'study fracture']);
  });

  it('ends within a volume when it is told to stop, and nothing is said of it', async () => {
    const stop = new AbortController();
    const events = await eventsOf([path.join(work, 'limbs')], {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    expect(events.map(words)).toEqual(['volumes']);
  });

  it('reads volumes again only where a fresh slice has come', async () => {
    const source = (fresh: boolean): StudySource => ({
      inputs: () => findInputs([path.join(work, 'limbs')]),
      isFresh: () => fresh,
    });
    expect((await eventsOf(source(false))).map(words)).toEqual([]);
    expect((await eventsOf(source(true))).map(words)).toEqual([
      'volumes',
      'infection infection',
      'study infection',
    ]);
  });

  it('lets go of its source at the end, also when nothing more is asked for', async () => {
    let closed = 0;
    const source: StudySource = {
      async *inputs() {
        yield { input: 'a', error: new LucencyError('LUC_IMAGE_EMPTY', { path: 'a' }) };
        yield { input: 'b', error: new LucencyError('LUC_IMAGE_EMPTY', { path: 'b' }) };
      },
      close: async () => {
        closed++;
      },
    };
    for await (const event of readStudies(source, readers)) {
      expect(words(event)).toBe('a LUC_IMAGE_EMPTY');
      break;
    }
    expect(closed).toBe(1);
  });
});
