import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sampleHeatMap, sampleReading, sampleSeries, sampleSource } from '../testing/sample-result.js';
import type { ResultObject } from './result-object.js';
import { type ResultInput, resultObjects } from './result-objects.js';

const python = process.env.LUCENCY_PYTHON ?? 'python3';
const readReport = fileURLToPath(new URL('../testing/read-report.py', import.meta.url));
const hasValidator = spawnSync('dciodvfy', ['-version']).error === undefined;
const hasDcmtk = spawnSync('dsrdump', ['--version']).status === 0;
const hasHighdicom = spawnSync(python, ['-c', 'import highdicom']).status === 0;

const picture = {
  width: 160,
  height: 240,
  pixels: new Uint8Array(160 * 240 * 3).fill(90),
  description: 'Annotated copy',
};
const common = {
  version: '0.1.0',
  createdAt: new Date('2026-03-04T05:06:07Z'),
  pictures: [picture],
  heatMaps: [sampleHeatMap],
} as const;
const series = sampleSeries();
const kanji = Uint8Array.from(Buffer.from('\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B', 'latin1'));

const inputs: Readonly<Record<string, ResultInput>> = {
  'a radiograph': { ...common, reading: sampleReading(), source: sampleSource() },
  'a radiograph without side or body part': {
    ...common,
    reading: sampleReading(),
    source: sampleSource({ 2097250: null, 1572885: null }),
  },
  'a MONOCHROME1 radiograph in Japanese, implicit little endian': {
    ...common,
    reading: sampleReading(),
    source: sampleSource(
      {
        524293: [0x0008_0005, 'CS', '\\ISO 2022 IR 87'],
        1048592: [0x0010_0010, 'PN', Uint8Array.from([...Buffer.from('YAMADA^TAROU='), ...kanji])],
        2621444: [0x0028_0004, 'CS', 'MONOCHROME1'],
      },
      { transferSyntax: '1.2.840.10008.1.2', explicit: false },
    ),
  },
  'a radiograph without findings': {
    ...common,
    heatMaps: [],
    reading: sampleReading({ verdict: 'no-fracture', probability: 0.02, findings: [] }),
    source: sampleSource(),
  },
  'a refused image': {
    ...common,
    heatMaps: [],
    reading: sampleReading({
      verdict: 'refused',
      probability: null,
      findings: [],
      refusal: { code: 'LUC_RADIOGRAPH_BLANK', reason: 'The image is blank.' },
    }),
    source: sampleSource(),
  },
  'a CT series': {
    ...common,
    heatMaps: [],
    pictures: [],
    reading: series.reading,
    source: series.files[0] ?? new Uint8Array(0),
    volume: series.volume,
  },
};

let folder = '';
const files = new Map<string, string>();
const made = new Map<string, ResultObject[]>();
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lucency-results-'));
  for (const [index, [name, input]] of Object.entries(inputs).entries()) {
    const objects = resultObjects(input);
    made.set(name, objects);
    for (const { kind, bytes } of objects) {
      const file = path.join(folder, `${index}-${kind}.dcm`);
      await writeFile(file, bytes);
      files.set(`${name}, ${kind}`, file);
    }
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(program: string, ...args: string[]): string {
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8' });
  return `${stdout}${stderr}${status === 0 ? '' : `\nexit code ${status}`}`;
}

// A private scheme is what the standard asks for where no published one fits (PS3.16 section 8); a side that the source
// does not state is unknown.
const expected =
  /Unrecognized defined term <(99LUCENCY|UMLS|RFC5646)> for value 1 of attribute <Coding Scheme Des|actually unknown.*<Laterality>/;

describe('objects of a reading', () => {
  it('are a report, a presentation state, a capture and a segmentation', () => {
    expect(made.get('a radiograph')?.map(({ kind }) => kind)).toEqual(['SR', 'PR', 'SC', 'SEG']);
    expect(made.get('a CT series')?.map(({ kind }) => kind)).toEqual(['SR', 'SEG']);
  });

  it.skipIf(!hasValidator)('pass dciodvfy without a fault (skipped without dicom3tools)', () => {
    const faults = [...files].flatMap(([name, file]) =>
      run('dciodvfy', file)
        .split('\n')
        .filter((line) => /^(Error|Warning)/.test(line) && !expected.test(line))
        .map((line) => `${name}: ${line}`),
    );
    expect(faults).toEqual([]);
  });

  it.skipIf(!hasDcmtk)('are read by dcmtk without complaint (skipped without dcmtk)', () => {
    for (const [name, file] of files) {
      expect(run('dcmdump', '-q', '+P', 'SOPInstanceUID', file), name).not.toMatch(/error|exit code/i);
      if (name.endsWith('SR')) {
        const text = run('dsrdump', file);
        expect(text, name).toContain('Imaging Measurement Report');
        expect(text, name).not.toMatch(/^(E|F): |exit code/m);
      }
      if (name.endsWith('PR')) expect(run('dcmpschk', file), name).toContain('Test passed');
    }
  });
});

/** What `read-report.py` prints of one report. */
const groupSchema = z.object({
  probability: z.array(z.number()),
  evaluations: z.array(z.array(z.string())),
});
const printedReportSchema = z.object({
  planar: z.array(
    groupSchema.extend({
      box: z.array(z.number()),
      tracking: z.string(),
      finding: z.string(),
      sites: z.array(z.string()),
      laterality: z.array(z.string().nullable()),
    }),
  ),
  volumetric: z.array(
    z.object({
      lowMm: z.array(z.number()),
      highMm: z.array(z.number()),
      probability: z.array(z.number()),
      tracking: z.string(),
    }),
  ),
  verdict: z.array(groupSchema),
  patientName: z.string(),
  verification: z.string(),
});

describe.skipIf(!hasHighdicom)('the report in highdicom (skipped without it)', () => {
  const reports = new Map<string, z.infer<typeof printedReportSchema>>();
  const reportOf = (name: string) => {
    const report = reports.get(name);
    if (!report) throw new Error(`highdicom printed no report of ${name}`);
    return report;
  };
  beforeAll(() => {
    const names = [...files.keys()].filter((name) => name.endsWith('SR'));
    const paths = names.map((name) => files.get(name) ?? '');
    const { stdout, stderr } = spawnSync(python, [readReport, ...paths], { encoding: 'utf8' });
    if (stdout === '') throw new Error(stderr);
    for (const [index, report] of z.array(printedReportSchema).parse(JSON.parse(stdout)).entries()) {
      reports.set(names[index]?.replace(', SR', '') ?? '', report);
    }
  });

  it('gives the boxes, probabilities and sites of the findings', () => {
    const { planar, verification } = reportOf('a radiograph');
    expect(verification).toBe('UNVERIFIED');
    expect(planar).toMatchObject([
      { box: [20.25, 40.5, 60, 50.75], probability: [88.12], finding: '125605004', sites: ['Wrist joint'] },
      { box: [100, 120, 30, 40], probability: [31], laterality: ['Left'] },
    ]);
    expect(planar[0]?.evaluations).toEqual([
      ['Certainty', 'Definite'],
      ['Associated morphology', 'Oblique fracture'],
      ['Associated morphology', 'Fracture, spiral'],
    ]);
  });

  it('gives the verdict with its probability, and none for a refused image', () => {
    expect(reportOf('a radiograph').verdict).toEqual([
      { probability: [93.12], evaluations: [['Fracture of bone', 'Detected']] },
    ]);
    expect(reportOf('a radiograph without findings').verdict[0]?.evaluations[0]?.[1]).toBe('Not detected');
    expect(reportOf('a refused image').verdict[0]?.probability).toEqual([]);
  });

  it('gives the outline of a finding of a volume in the patient', () => {
    const [finding] = reportOf('a CT series').volumetric;
    expect(finding?.probability).toEqual([77]);
    expect(finding?.lowMm).toEqual([-12 + 0.75 * 3.5, -9 + 0.75 * 5.5, -298.5]);
    expect(finding?.highMm).toEqual([-12 + 0.75 * 11.5, -9 + 0.75 * 15.5, -295.5]);
  });

  it("keeps the patient's name in its own character set", () => {
    expect(reportOf('a radiograph').patientName).toBe('M\u00fcller^J\u00f6rg');
    expect(reportOf('a MONOCHROME1 radiograph in Japanese, implicit little endian').patientName).toBe(
      'YAMADA^TAROU=\u5c71\u7530^\u592a\u90ce',
    );
  });
});
