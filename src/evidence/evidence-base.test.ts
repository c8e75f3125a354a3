import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { evidenceFolder, languagesIn, loadEvidence } from './evidence-base.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'evidence-'));
  for (const part of ['studies', 'answers', 'wording']) {
    cpSync(path.join(evidenceFolder(), part), path.join(folder, part), { recursive: true });
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

function change(file: string, edit: (entry: Record<string, unknown>) => void): void {
  const place = path.join(folder, file);
  const entry: Record<string, unknown> = JSON.parse(readFileSync(place, 'utf8'));
  edit(entry);
  writeFileSync(place, JSON.stringify(entry));
}

describe('the evidence base', () => {
  it('reads every study and at least 25 answers', () => {
    const base = loadEvidence('en', folder);
    expect(base.studies.size).toBeGreaterThanOrEqual(25);
    expect(base.answers.size).toBeGreaterThanOrEqual(25);
  });

  it('takes a study that was added as one file', () => {
    cpSync(path.join(folder, 'studies/kuo-2022.json'), path.join(folder, 'studies/new-study.json'));
    change('studies/new-study.json', (entry) => Object.assign(entry, { id: 'new-study' }));
    expect(loadEvidence('en', folder).studies.has('new-study')).toBe(true);
  });

  it('names the file and the fault of an entry that breaks the schema', () => {
    change('studies/kuo-2022.json', (entry) => Object.assign(entry, { year: 'last year' }));
    expect(() => loadEvidence('en', folder)).toThrow(/kuo-2022\.json is not valid: year/);
  });

  it('refuses fields that it does not know, broken JSON, and an id that is not the name of the file', () => {
    change('answers/en/wrist.json', (entry) => Object.assign(entry, { author: 'me' }));
    expect(() => loadEvidence('en', folder)).toThrow(/wrist\.json/);
    cpSync(path.join(evidenceFolder(), 'answers'), path.join(folder, 'answers'), { recursive: true });
    writeFileSync(path.join(folder, 'answers/en/wrist.json'), '{');
    expect(() => loadEvidence('en', folder)).toThrow(/wrist\.json is not valid: it is not JSON/);
    cpSync(path.join(evidenceFolder(), 'answers'), path.join(folder, 'answers'), { recursive: true });
    change('answers/en/wrist.json', (entry) => Object.assign(entry, { id: 'rist' }));
    expect(() => loadEvidence('en', folder)).toThrow(/its id is rist/);
  });

  it('knows its languages and says which there are', () => {
    expect(languagesIn(folder)).toEqual(['en']);
    expect(() => loadEvidence('de', folder)).toThrow(/no answers in the language de/);
  });
});
