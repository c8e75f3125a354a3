import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ZodType } from 'zod';
import { main } from '../src/cli/main.js';
import { evaluationSchema } from '../src/evaluation/evaluation.schema.js';
import { metaAnalysisSchema } from '../src/evaluation/meta-analysis/meta-analysis.schema.js';
import { sampleSizeSchema } from '../src/evaluation/power/sample-size.schema.js';
import { readerComparisonSchema } from '../src/evaluation/readers/readers.schema.js';
import { reportStateSchema } from '../src/report/evaluation/report.schema.js';

const examples = 'examples/statistics';
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lucency-commands-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

/** Runs a command line; `process.exitCode` is left as it was. */
async function run(...words: string[]): Promise<{ code: number; printed: string; told: string }> {
  const texts = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      texts[stream] += String(text);
      return true;
    });
  }
  const code = await main(words);
  vi.restoreAllMocks();
  return { code, printed: texts.stdout, told: texts.stderr };
}

const out = (name: string) => path.join(folder, name);
const evaluateWords = [
  'evaluate',
  ...['--truth', `${examples}/labels.csv`, '--predictions', `${examples}/scores.csv`],
  ...['--group', 'patient', '--thresholds', '0.3', '--replicates', '100', '--permutations', '99'],
];

describe('statistical commands', () => {
  it.each<[string, ZodType, string, string[]]>([
    ['lucency.evaluation/1', evaluationSchema, 'evaluation', evaluateWords],
    ['lucency.readers/1', readerComparisonSchema, 'readers', ['compare', `${examples}/readers.csv`]],
    ['lucency.meta-analysis/1', metaAnalysisSchema, 'studies', ['meta-analysis', `${examples}/studies.csv`]],
    [
      'lucency.sample-size/1',
      sampleSizeSchema,
      'plan',
      ['sample-size', '--expected', '0.9', '--within', '0.05'],
    ],
    ['lucency.report/1', reportStateSchema, 'paper', ['report', 'EVALUATION']],
  ])('print one JSON document and nothing else: %s', async (schema, form, name, words) => {
    const placed = words.map((word) => (word === 'EVALUATION' ? out('evaluation') : word));
    const { code, printed } = await run(...placed, '--out', out(name), '--json');
    expect(code).toBe(0);
    const document: unknown = JSON.parse(printed);
    expect(form.parse(document)).toEqual(document);
    expect(document).toMatchObject({ schema });
    expect(printed.trimEnd()).not.toContain('\n');
  });

  it('keep earlier results unless told otherwise', async () => {
    const words = ['sample-size', '--expected', '0.9', '--within', '0.05', '--out', out('kept')];
    expect((await run(...words)).code).toBe(0);
    const again = await run(...words);
    expect(again).toMatchObject({ code: 2, printed: '' });
    expect(again.told).toContain('LUC_USAGE_OUTPUT_EXISTS');
    expect((await run(...words, '--force')).code).toBe(0);
  });

  it('leave plots beside their numbers', async () => {
    const { code } = await run(...evaluateWords, '--out', out('plots'));
    expect(code).toBe(0);
    for (const name of ['roc', 'precision-recall', 'reliability', 'decision-curve']) {
      const svg = await readFile(path.join(out('plots'), `${name}.svg`), 'utf8');
      expect(svg).toMatch(/^<svg role="img"/);
      expect(
        (await readFile(path.join(out('plots'), `${name}.csv`), 'utf8')).split('\n').length,
      ).toBeGreaterThan(3);
    }
  });

  it('say what is wrong on standard error, with 1 for the data and 2 for the usage', async () => {
    const two = out('two.csv');
    await writeFile(two, 'study,TP,FN,FP,TN\na,1,2,3,4\nb,2,2,3,4\n');
    const few = await run('meta-analysis', two);
    expect(few).toMatchObject({ code: 1, printed: '' });
    expect(few.told).toContain('LUC_META_TOO_FEW_STUDIES');
    expect((await run('compare', two)).told).toContain('LUC_TABLE_COLUMN_MISSING');
    expect((await run('sample-size', '--expected', '0.8', '--at-least', '0.9')).told).toContain(
      'LUC_POWER_UNREACHABLE',
    );
    expect((await run('sample-size', '--expected', '1.2')).code).toBe(2);
    expect((await run('evaluate', '--truth', two)).code).toBe(2);
    expect((await run('report', two, '--out', out('none'))).told).toContain('LUC_REPORT_EVALUATION_INVALID');
  });
});
