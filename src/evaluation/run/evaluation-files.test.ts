import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EvaluationFiles } from './evaluation-files.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lucency-evaluation-files-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const table = 'image,label,score,other\na,1,0.9,0.1\nb,0,0.2,0.8\n';

describe('files of an evaluation', () => {
  it('reads a file once, in whatever roles it serves: what changes meanwhile changes nothing', async () => {
    const file = path.join(folder, 'both.csv');
    await writeFile(file, table);
    const files = new EvaluationFiles();
    const truth = await files.truth({ path: file });
    await rm(file);
    const predictions = await files.predictions({ path: file, scoreColumn: 'score' });
    const others = await files.predictions({ path: file, scoreColumn: 'other' });
    const images = await files.images(file);
    expect(truth.images.map(({ label }) => label)).toEqual([1, 0]);
    expect(predictions.items.map(({ score }) => score)).toEqual([0.9, 0.2]);
    expect(others.items.map(({ score }) => score)).toEqual([0.1, 0.8]);
    expect(new Set([truth.file.sha256, predictions.file.sha256, images.file.sha256]).size).toBe(1);
  });

  it('parses a file once for the same columns', async () => {
    const file = path.join(folder, 'once.csv');
    await writeFile(file, table);
    const files = new EvaluationFiles();
    const source = { path: file, scoreColumn: 'score' };
    expect(await files.predictions(source)).toBe(await files.predictions({ ...source }));
    expect(await files.truth({ path: file })).toBe(await files.truth({ path: file }));
  });

  it('refuses a true box without size, which no prediction could ever find', async () => {
    const file = path.join(folder, 'zero.json');
    const annotations = [{ id: 7, image_id: 1, bbox: [5, 5, 0, 10] }];
    await writeFile(file, JSON.stringify({ images: [{ id: 1, file_name: 'a.png' }], annotations }));
    await expect(new EvaluationFiles().truth({ path: file })).rejects.toMatchObject({
      code: 'LUC_EVALUATION_FILE_INVALID',
      message: expect.stringContaining('annotation 7'),
    });
  });
});
