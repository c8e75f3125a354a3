import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Reading, readingSchema, studySummarySchema } from '../src/core/reading.js';

const bin = fileURLToPath(new URL('../bin/lucency.js', import.meta.url));
const examples = fileURLToPath(new URL('../examples/', import.meta.url));
let work: string;

function lucency(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    encoding: 'utf8',
    cwd: work,
  });
  return { status, stdout, stderr };
}

function readings(stdout: string): Reading[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => readingSchema.parse(JSON.parse(line)));
}

/** Readings without what differs from run to run. */
function answers(stdout: string) {
  return readings(stdout).map(({ timingsMs: _, created: __, ...answer }) => answer);
}

async function exampleImages(): Promise<string[]> {
  const names = await readdir(examples, { recursive: true });
  return names
    .filter((name) => /\.(dcm|png)$/.test(name))
    .map((name) => path.join(examples, name))
    .sort();
}

beforeAll(async () => {
  work = await mkdtemp(path.join(tmpdir(), 'lucency-analyze-'));
});
afterAll(() => rm(work, { recursive: true, force: true }));

describe('lucency analyze --json', () => {
  it('prints one valid reading per image, in order, and nothing else', async () => {
    const images = await exampleImages();
    const { status, stdout } = lucency('analyze', ...images, '--json');
    expect(status).toBe(0);
    expect(readings(stdout).map(({ input }) => input)).toEqual(images);
  });

  it('gives the same answer each time, boxes inside the image and probabilities that sum to 1', async () => {
    const first = lucency('analyze', examples, '--json');
    expect(answers(lucency('analyze', examples, '--json').stdout)).toEqual(answers(first.stdout));
    for (const { image, findings } of readings(first.stdout)) {
      for (const { box, type } of findings) {
        const [x, y, width, height] = box ?? [0, 0, 0, 0];
        expect(x >= 0 && y >= 0 && x + width <= image.width && y + height <= image.height).toBe(true);
        if (type) expect(Object.values(type.probabilities).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6);
      }
    }
  });

  it('does not change a verdict when candidates are asked for', () => {
    const verdicts = (stdout: string) =>
      readings(stdout).map(({ verdict, probability }) => ({ verdict, probability }));
    const plain = lucency('analyze', examples, '--json').stdout;
    const all = lucency('analyze', examples, '--json', '--all-candidates').stdout;
    expect(verdicts(all)).toEqual(verdicts(plain));
    const shown = readings(all).flatMap(({ findings }) =>
      findings.filter(({ certainty }) => certainty !== 'candidate'),
    );
    expect(shown).toEqual(readings(plain).flatMap(({ findings }) => findings));
  });

  it('sums up the views of a study after the readings', () => {
    const { stdout } = lucency('analyze', examples, '--json', '--studies');
    const lines = stdout.trim().split('\n');
    const studies = lines.filter((line) => line.includes('"lucency.study/1"'));
    const parsed = studies.map((line) => studySummarySchema.parse(JSON.parse(line)));
    const images = readings(lines.filter((line) => !studies.includes(line)).join('\n'));
    expect(parsed.flatMap((study) => study.images.map(({ input }) => input)).sort()).toEqual(
      images
        .filter(({ study }) => study !== undefined)
        .map(({ input }) => input)
        .sort(),
    );
    expect(parsed.some((study) => study.images.length > 1)).toBe(true);
  });

  it('answers with one network alone when asked to', async () => {
    const [image = ''] = await exampleImages();
    const [reading] = readings(lucency('analyze', image, '--json', '--networks', 'resnet18-fracture').stdout);
    expect(Object.keys(reading?.probabilities ?? {})).toEqual(['resnet18-fracture']);
    expect(reading?.probability).toBe(reading?.probabilities?.['resnet18-fracture']);
  });
});

describe('lucency analyze and bad input', () => {
  it('names each input that it cannot read, reads the rest, and exits with 1', async () => {
    const [image = ''] = await exampleImages();
    const bytes = await readFile(image);
    const bad = {
      'empty.dcm': Buffer.alloc(0),
      'noise.png': Buffer.from('not an image at all'),
      'cut.dcm': bytes.subarray(0, Math.floor(bytes.length / 2)),
    };
    for (const [name, content] of Object.entries(bad)) await writeFile(path.join(work, name), content);
    const { status, stdout, stderr } = lucency(
      'analyze',
      ...Object.keys(bad),
      'missing.dcm',
      image,
      '--json',
    );
    expect(status).toBe(1);
    expect(readings(stdout).map(({ input }) => input)).toEqual([image]);
    for (const [name, code] of [
      ['empty.dcm', 'LUC_IMAGE_EMPTY'],
      ['noise.png', 'LUC_IMAGE_UNKNOWN_FORMAT'],
      ['cut.dcm', 'LUC_DICOM_'],
      ['missing.dcm', 'LUC_IMAGE_NOT_FOUND'],
    ]) {
      expect(stderr).toMatch(new RegExp(`${name}: ${code}`));
    }
  });

  it.each([
    ['no input', ['analyze']],
    ['an unknown option', ['analyze', '--frobnicate']],
    ['an unknown command', ['diagnose']],
    ['--resume without --out', ['analyze', '.', '--resume']],
    ['threads that are no number', ['analyze', '.', '--threads', 'many']],
  ])('exits with 2 on %s', (_, args) => {
    const { status, stdout, stderr } = lucency(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).not.toBe('');
  });

  it('refuses blank frames and photographs, with the reason', async () => {
    const blank = sharp({ create: { width: 300, height: 400, channels: 3, background: '#000' } }).greyscale();
    const photograph = sharp({
      create: {
        width: 300,
        height: 400,
        channels: 3,
        background: '#28a',
        noise: { type: 'gaussian', mean: 128, sigma: 60 },
      },
    }).tint('#c84');
    await blank.png().toFile(path.join(work, 'blank.png'));
    await photograph.png().toFile(path.join(work, 'photograph.png'));
    const found = readings(lucency('analyze', 'blank.png', 'photograph.png', '--json').stdout);
    expect(found.map(({ verdict, refusal, probability }) => [verdict, refusal?.code, probability])).toEqual([
      ['refused', 'LUC_RADIOGRAPH_BLANK', null],
      ['refused', 'LUC_RADIOGRAPH_PHOTOGRAPH', null],
    ]);
  });

  it('does not start with weights that were tampered with', async () => {
    const models = path.join(work, 'models');
    await cp(fileURLToPath(new URL('../models/', import.meta.url)), models, { recursive: true });
    await appendFile(path.join(models, 'efficientnet-lite0-fracture', 'model.onnx'), 'x');
    const { status, stdout, stderr } = lucency('analyze', examples, '--json', '--models', models);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('LUC_MODEL_TAMPERED');
  });
});

describe('lucency analyze --out', () => {
  it('writes readings, pictures, studies and one report, and replaces them only with --force', async () => {
    const args = ['analyze', examples, '--out', 'run', '--json'];
    const first = lucency(...args);
    expect(first.status).toBe(0);
    const files = await readdir(path.join(work, 'run'));
    expect(files).toEqual(
      expect.arrayContaining(['readings.jsonl', 'run.json', 'studies.json', 'report.html', 'pictures']),
    );
    expect(answers(await readFile(path.join(work, 'run', 'readings.jsonl'), 'utf8'))).toEqual(
      answers(first.stdout),
    );

    const second = lucency(...args);
    expect(second.status).toBe(2);
    expect(second.stderr).toContain('LUC_USAGE_OUTPUT_EXISTS');
    expect(lucency(...args, '--force').status).toBe(0);
  });

  it('goes on after it was stopped, and ends with the same readings', async () => {
    const folder = path.join(work, 'many');
    await mkdir(folder);
    const [image = ''] = (await exampleImages()).filter((name) => name.endsWith('.dcm'));
    for (let i = 0; i < 30; i++) await cp(image, path.join(folder, `${String(i).padStart(2, '0')}.dcm`));
    const args = ['analyze', folder, '--out', 'stopped', '--json', '--no-pictures'];
    const status = await new Promise<number | null>((resolve) => {
      const child = spawn(process.execPath, [bin, ...args], { cwd: work });
      child.stdout.once('data', () => child.kill('SIGINT'));
      child.on('close', resolve);
    });
    expect(status).toBe(130);
    const before = answers(await readFile(path.join(work, 'stopped', 'readings.jsonl'), 'utf8'));
    expect(before.length).toBeGreaterThan(0);
    expect(before.length).toBeLessThan(30);

    expect(lucency(...args, '--resume').status).toBe(0);
    const after = answers(await readFile(path.join(work, 'stopped', 'readings.jsonl'), 'utf8'));
    expect(after.map(({ input }) => path.basename(input))).toEqual(
      Array.from({ length: 30 }, (_, i) => `${String(i).padStart(2, '0')}.dcm`),
    );
  });

  it.each([
    [
      'a second Ctrl-C',
      'SIGINT',
      (child: ChildProcess) => [0, 50].map((ms) => setTimeout(() => child.kill('SIGINT'), ms)),
    ],
    ['a reader of its pipe that leaves', 'SIGPIPE', (child: ChildProcess) => child.stdout?.destroy()],
  ])('ends at once on %s, in the middle of a network, without a crash', async (_, expected, leave) => {
    const child = spawn(process.execPath, [bin, 'analyze', examples, examples, examples, '--json'], {
      cwd: work,
    });
    child.stdout.once('data', () => leave(child));
    const complaints: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk.toString()));
    const end = await new Promise((resolve) => child.on('close', (code, by) => resolve(by ?? code)));
    // On a busy machine the second signal may come after the run has ended on the first.
    expect([expected, 130]).toContain(end);
    expect(complaints.join('').replace(/^Stopping after this image.*\n/, '')).toBe('');
  });

  it('touches nothing beside its folder', async () => {
    const before = await readdir(work);
    lucency('analyze', examples, '--out', path.join('deep', 'run'), '--quiet');
    expect((await readdir(work)).sort()).toEqual([...before, 'deep'].sort());
    expect(existsSync(path.join(work, 'deep', 'run', 'report.html'))).toBe(true);
  });
});
