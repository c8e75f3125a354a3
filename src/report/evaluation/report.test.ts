import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateFiles } from '../../evaluation/run/evaluate-files.js';
import { evaluationFiles } from '../metrics/evaluation-files.js';
import { writeResultFolder } from '../tables/result-folder.js';
import { checklist } from './checklist.js';
import { checklistState } from './evaluation-report.js';
import { readEvaluation } from './read-evaluation.js';
import { reportFiles } from './report-files.js';
import type { ReportSource } from './report-source.js';

const hasPoppler = spawnSync('pdfinfo', ['-v']).status === 0;
if (!hasPoppler) console.warn('skipped: pdfinfo and pdftotext are not installed');

let folder = '';
let source: ReportSource;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lucency-report-'));
  const result = await evaluateFiles({
    truth: { path: 'examples/statistics/boxes.coco.json' },
    predictions: { path: 'examples/statistics/boxes.results.json' },
    images: 'examples/statistics/labels.csv',
    cases: { group: 'patient' },
    points: { thresholds: [0.3] },
    measures: { by: ['region'], replicates: 100, permutations: 99 },
    version: 'test',
  });
  await writeResultFolder(folder, await evaluationFiles(result), false);
  source = { ...(await readEvaluation(folder)), cards: [], set: 'simulated example' };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const text = (bytes: string | Uint8Array | undefined) => String(bytes);

describe('report of an evaluation', () => {
  it('answers every item of the checklists, or leaves it to the author', () => {
    const { items } = checklistState(source);
    expect(items.map(({ number }) => number)).toEqual(checklist.map(({ number }) => number));
    const status = (number: string) => items.find((item) => item.number === number)?.status;
    expect([status('29'), status('37'), status('38')]).toEqual(['filled', 'filled', 'filled']);
    expect([status('7'), status('12'), status('36')]).toEqual(['partly', 'partly', 'partly']);
    expect([status('5'), status('34'), status('44')]).toEqual(['open', 'open', 'open']);
    // Claim 2024 has 44 items.
    expect(items.filter(({ number }) => !number.startsWith('+'))).toHaveLength(44);
  });

  it('is one HTML file that asks for nothing and runs nothing, and says that the data are simulated', async () => {
    const page = text((await reportFiles(source, true))['report.html']);
    expect(page).not.toMatch(/<script|https?:\/\/[^ <)]+\.(?:js|css)|<link/);
    expect(page).toContain("default-src 'none'");
    expect(page.match(/<img [^>]*alt="[^"]+"/g)).toHaveLength(source.plots.length);
    expect(page).toContain('Simulated data');
    expect(page).toContain('To be written by the author');
    expect(page).toContain('too few to say');
  });

  it('shows the plots in the order of the items, whatever their names begin with', () => {
    expect(source.plots.slice(0, 5).map(({ name }) => name)).toEqual([
      'roc.svg',
      'precision-recall.svg',
      'froc.svg',
      'lesion-precision-recall.svg',
      'wafroc.svg',
    ]);
  });

  it.skipIf(!hasPoppler)('is a tagged PDF whose text and figures a screen reader finds', async () => {
    const file = path.join(folder, 'report.pdf');
    await writeFile(file, (await reportFiles(source, true))['report.pdf'] ?? '');
    const info = spawnSync('pdfinfo', [file], { encoding: 'utf8' }).stdout;
    expect(info).toMatch(/Tagged:\s+yes/);
    expect(info).toMatch(/Title:\s+Evaluation report: simulated example/);
    const structure = spawnSync('pdfinfo', ['-struct-text', file], {
      encoding: 'utf8',
      maxBuffer: 1e8,
    }).stdout;
    for (const tag of ['H1', 'H2', 'H3', 'Table', 'TH', 'TD', 'Caption', 'Figure', 'LBody'])
      expect(structure).toMatch(new RegExp(`^\\s*${tag}\\b`, 'm'));
    expect(structure).toContain('Item 37. Performance');
    const printed = spawnSync('pdftotext', ['-layout', file, '-'], {
      encoding: 'utf8',
      maxBuffer: 1e8,
    }).stdout;
    expect(printed).toMatch(/CLAIM 2024 item 44/);
    expect(spawnSync('pdffonts', [file], { encoding: 'utf8' }).stdout).not.toMatch(
      /\bno\s+(?:yes|no)\s+(?:yes|no)\b/,
    );
  });

  it('gives facts for a card at 95 % only', async () => {
    const facts = JSON.parse(text((await reportFiles(source, true))['model-facts.json'])) as {
      set: string;
    }[];
    expect(facts.length).toBeGreaterThan(5);
    expect(new Set(facts.map(({ set }) => set))).toEqual(new Set(['simulated example']));
    const settings = { ...source.evaluation.settings, level: 0.9 };
    const other = { ...source, evaluation: { ...source.evaluation, settings } };
    await expect(reportFiles(other, true)).rejects.toThrow(/at the level 0.9/);
    expect(Object.keys(await reportFiles(other, false))).toEqual(['report.html', 'report.pdf']);
  });
});
