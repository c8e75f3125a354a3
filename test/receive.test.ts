import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DimseDestination } from '../src/dicom/network/delivery/dimse-destination.js';
import { buildFileHeader, fileHeaderOf } from '../src/dicom/network/store/file-header.js';
import { dataSetOf, secondaryCapture } from '../src/dicom/network/testing/node.js';
import { freePort, hasProgram, makeCertificate, runProgram } from '../src/dicom/network/testing/programs.js';
import { seededRandom } from '../src/image/testing/noise.js';
import { startReceive } from './receive-process.js';

const bin = fileURLToPath(new URL('../bin/lucency.js', import.meta.url));
let work: string;
beforeAll(async () => {
  work = await mkdtemp(path.join(tmpdir(), 'lucency-receive-'));
});
afterAll(() => rm(work, { recursive: true, force: true }));

function peer(port: number) {
  const [calledAeTitle, callingAeTitle] = ['LUCENCY', 'TESTER'];
  return {
    host: '127.0.0.1',
    port,
    calledAeTitle,
    callingAeTitle,
    tls: null,
    connectSeconds: 5,
    idleSeconds: 30,
  };
}

async function writeObjects(folder: string, count: number, bytes: number): Promise<string[]> {
  const random = seededRandom(11);
  const noise = Buffer.from(Array.from({ length: 4096 }, () => Math.floor(random() * 256)));
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (let index = 0; index < count; index++) {
    const sopInstanceUid = `2.25.${1000 + index}`;
    const header = buildFileHeader(
      { sopClassUid: secondaryCapture, sopInstanceUid, transferSyntaxUid: '1.2.840.10008.1.2.1' },
      '',
    );
    const pixels = Buffer.alloc(bytes, noise.subarray(index % 2048));
    const studyInstanceUid = `2.25.9${index % 3}`;
    const file = path.join(folder, `${index}.dcm`);
    await writeFile(file, Buffer.concat([header, dataSetOf({ sopInstanceUid, studyInstanceUid, pixels })]));
    files.push(file);
  }
  return files;
}

async function dataSetBytes(file: string): Promise<Buffer> {
  return (await readFile(file)).subarray((await fileHeaderOf(file)).length);
}

/** Files that a reader of the folder would see, by SOP Instance UID. */
async function visibleFiles(folder: string): Promise<Map<string, string>> {
  const names = await readdir(path.join(folder, 'studies'), { recursive: true });
  const files = names.filter((name) => path.dirname(name) !== '.');
  return new Map(files.map((name) => [path.basename(name, '.dcm'), path.join(folder, 'studies', name)]));
}

describe('lucency receive, killed again and again while objects come in', () => {
  it('keeps every object that was answered with success, whole, and shows no half file', async () => {
    const folder = path.join(work, 'killed');
    const files = await writeObjects(path.join(work, 'objects'), 60, 400_000);
    const byUid = new Map(files.map((file, index) => [`2.25.${1000 + index}`, file]));
    const port = await freePort();
    const confirmed = new Set<string>();
    const random = seededRandom(5);
    for (let round = 0; round < 4; round++) {
      const node = await startReceive(folder, port, '--quiet');
      const before = confirmed.size;
      // Kills in the midst of reception, not after it.
      const victim = 3 + Math.floor(random() * 8);
      const senders = [0, 1, 2].map(async (sender) => {
        const mine = files.filter((file, index) => index % 3 === sender && !confirmed.has(file));
        try {
          for await (const { file, error } of new DimseDestination(peer(port)).send(mine)) {
            if (error) break;
            confirmed.add(file);
            if (confirmed.size - before >= victim) node.child.kill('SIGKILL');
          }
        } catch {
          // The node is dead by now.
        }
      });
      await Promise.all(senders);
      await node.end('SIGKILL');
      for (const [uid, file] of await visibleFiles(folder)) {
        const original = await dataSetBytes(byUid.get(uid) ?? '');
        expect([uid, original.equals(await dataSetBytes(file))]).toEqual([uid, true]);
      }
      const visible = new Set([...(await visibleFiles(folder)).keys()].map((uid) => byUid.get(uid)));
      for (const file of confirmed) expect(visible).toContain(file);
    }
    expect(confirmed.size).toBeGreaterThan(0);
    expect(confirmed.size).toBeLessThan(files.length);

    const node = await startReceive(folder, port, '--quiet');
    expect(await readdir(path.join(folder, '.incoming'))).toEqual([]);
    for await (const { error } of new DimseDestination(peer(port)).send(files)) expect(error).toBeNull();
    await node.end('SIGTERM');
    expect(node.child.exitCode).toBe(0);
    expect((await visibleFiles(folder)).size).toBe(files.length);
    expect(await readdir(path.join(folder, 'quarantine'))).toEqual([]);
  });
});

describe('lucency send', () => {
  const lucency = (...args: string[]) => runProgram(process.execPath, [bin, ...args]);

  it('waits for a node that is away, goes on after it was stopped, and lays aside what is refused', async () => {
    const port = await freePort();
    const to = `LUCENCY@127.0.0.1:${port}`;
    const objects = path.join(work, 'to-send');
    const files = await writeObjects(objects, 5, 1000);
    await writeFile(path.join(objects, 'notes.txt'), 'no object');
    const out = path.join(work, 'sent');
    const send = (...more: string[]) =>
      lucency('send', objects, '--to', to, '--aet', 'TESTER', '--out', out, ...more);

    const away = await send('--retry-minutes', '0');
    expect(away.status).toBe(1);
    expect(away.output).toContain('5 not sent');

    const folder = path.join(work, 'receiving');
    const waiting = send('--json');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const node = await startReceive(folder, port, '--json');
    const sent = await waiting;
    expect([sent.status, sent.output.match(/"outcome":"sent"/g)?.length]).toEqual([0, 5]);
    expect((await visibleFiles(folder)).size).toBe(5);
    const records = node.lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
    expect(records).toHaveLength(5);
    expect(records[0]).toMatchObject({ schema: 'lucency.received/1', kind: 'stored', aeTitle: 'TESTER' });

    expect((await send()).output).toContain('5 sent by an earlier run');
    const [first = ''] = files;
    const bytes = await readFile(first);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    await writeFile(first, bytes);
    const changed = await send();
    expect(changed.status).toBe(1);
    expect(changed.output).toContain('LUC_DICOM_NET_SEND_REFUSED');
    const dead = await readdir(path.join(out, 'dead-letter'));
    expect(dead.map((name) => path.extname(name)).sort()).toEqual(['.dcm', '.json']);
    await node.end('SIGTERM');
  });

  it('asks for an echo, and tells wrong usage apart from what went wrong', async () => {
    const port = await freePort();
    const to = `LUCENCY@127.0.0.1:${port}`;
    expect((await lucency('send', '--echo', '--to', to, '--connect-seconds', '2')).status).toBe(1);
    expect((await lucency('send', '--to', 'nonsense', bin)).status).toBe(2);
    expect((await lucency('receive', '--out', path.join(work, 'open'))).status).toBe(2);
    const node = await startReceive(path.join(work, 'echoed'), port);
    expect((await lucency('send', '--echo', '--to', to, '--aet', 'TESTER')).output).toContain('is there');
    const stranger = await lucency('send', '--echo', '--to', to, '--aet', 'STRANGER');
    expect([stranger.status, stranger.output.includes('LUC_DICOM_NET_REJECTED')]).toEqual([1, true]);
    const second = await lucency('receive', '--out', path.join(work, 'echoed'), '--allow-any', '--port', '0');
    expect([second.status, second.output.includes('LUC_OUTPUT_IN_USE')]).toEqual([1, true]);
    await node.end('SIGTERM');
  });

  it('sends to dcmtk, plainly and over TLS', async (context) => {
    if (!hasProgram('storescp') || !hasProgram('openssl')) context.skip('dcmtk or openssl is not installed');
    const objects = path.join(work, 'for-dcmtk');
    const files = await writeObjects(objects, 3, 300_000);
    const [ours, theirs] = [makeCertificate(work, 'sender'), makeCertificate(work, 'storescp')];
    const withTls = (await runProgram('storescp', ['--help'])).output.includes('--enable-tls');
    const scpTls = ['+tls', theirs.key, theirs.certificate, '+cf', ours.certificate];
    const scuTls = ['--tls-key', ours.key, '--tls-cert', ours.certificate, '--tls-ca', theirs.certificate];
    for (const [name, scpArgs, scuArgs] of [
      ['plain', [], []],
      ...(withTls ? [['tls', scpTls, scuTls] as const] : []),
    ] as const) {
      const received = path.join(work, `storescp-${name}`);
      await mkdir(received);
      const port = await freePort();
      const scp = spawn('storescp', [...scpArgs, '-od', received, String(port)], { stdio: 'ignore' });
      const sent = await lucency('send', objects, '--to', `STORESCP@127.0.0.1:${port}`, ...scuArgs);
      expect([sent.status, (await readdir(received)).length]).toEqual([0, files.length]);
      scp.kill();
    }
  });
});
