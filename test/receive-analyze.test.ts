import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasOrthanc, type Orthanc, startOrthanc } from '../src/dicom/network/testing/orthanc.js';
import { freePort, runProgram } from '../src/dicom/network/testing/programs.js';
import { startReceive } from './receive-process.js';

const bin = fileURLToPath(new URL('../bin/lucency.js', import.meta.url));
const image = fileURLToPath(new URL('../test/fixtures/phantoms/leg-spiral.dcm', import.meta.url));

describe.skipIf(!hasOrthanc)('lucency receive --analyze (skipped when Orthanc is not installed)', () => {
  let work: string;
  let orthanc: Orthanc;
  beforeAll(async () => {
    work = await mkdtemp(path.join(tmpdir(), 'lucency-analyze-'));
    orthanc = await startOrthanc(await freePort());
  });
  afterAll(async () => {
    await orthanc?.stop();
    await rm(work, { recursive: true, force: true });
  });

  async function modalities(): Promise<string[]> {
    const series = (await (await fetch(`${orthanc.rest}/series`)).json()) as string[];
    const names = series.map(async (id) => {
      const { MainDicomTags } = await (await fetch(`${orthanc.rest}/series/${id}`)).json();
      return String(MainDicomTags.Modality);
    });
    return (await Promise.all(names)).sort();
  }

  it('reads what it had received when it was killed, and puts the results into the archive', async () => {
    const folder = path.join(work, 'node');
    const port = await freePort();
    const analyze = ['--analyze', '--threads', '1', '--results-to', `ORTHANC@127.0.0.1:${orthanc.dicomPort}`];
    const killed = await startReceive(folder, port, ...analyze, '--quiet-seconds', '600');
    const to = `LUCENCY@127.0.0.1:${port}`;
    const sent = await runProgram(process.execPath, [bin, 'send', image, '--to', to, '--aet', 'TESTER']);
    expect([sent.status, sent.output]).toEqual([0, expect.stringContaining('1 object(s) sent')]);
    await killed.end('SIGKILL');

    const node = await startReceive(folder, port, ...analyze, '--quiet-seconds', '0');
    while (!node.lines.some((line) => line.includes('delivered to'))) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(await modalities()).toEqual(expect.arrayContaining(['PR', 'SR']));
    expect(node.lines.join('\n')).toContain('1 study(ies) received earlier');
    const [, study = ''] = /([\d.]+): 1 image\(s\) read/.exec(node.lines.join('\n')) ?? [];
    const result = JSON.parse(await readFile(path.join(folder, 'results', study, 'study.json'), 'utf8'));
    expect(result).toMatchObject({ schema: 'lucency.study-result/1', study, failures: [] });
    await node.end('SIGTERM');
    expect(node.child.exitCode).toBe(0);
  });
});
