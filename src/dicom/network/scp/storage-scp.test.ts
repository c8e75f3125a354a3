import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { transferSyntaxes } from '../../../image/dicom/transfer-syntaxes.js';
import type { Outcome } from '../delivery/destination.js';
import { DimseDestination } from '../delivery/dimse-destination.js';
import { echo } from '../scu/echo.js';
import { buildFileHeader, fileHeaderOf } from '../store/file-header.js';
import { dataSetOf, secondaryCapture, startNode, type TestNode, type TestObject } from '../testing/node.js';
import { hasProgram, makeCertificate, runProgram } from '../testing/programs.js';
import { associateRequest, dataUnit, RawPeer, storeCommand } from '../testing/raw-peer.js';
import { readTlsFiles } from '../tls-files.js';
import { encodeAbort } from '../upper-layer/encode-pdu.js';
import { takenTransferSyntaxes } from './scp-policy.js';

const realFiles = fileURLToPath(
  new URL('../../../../../shared/data/dicom/radiograph-transfer-syntaxes/', import.meta.url),
);
/** dcmtk's option that proposes the transfer syntax of each file. */
const realFileOptions: Readonly<Record<string, string>> = {
  RG3_UNC: '-xe',
  RG3_RLE: '-xr',
  RG3_JPLL: '-xs',
  RG3_JPLY: '-xx',
  RG3_JLSL: '-xt',
  RG3_JLSN: '-xu',
  RG3_J2KR: '-xv',
  RG3_J2KI: '-xw',
};

let work: string;
let node: TestNode;
beforeAll(async () => {
  work = await mkdtemp(path.join(tmpdir(), 'lucency-scp-'));
});
afterAll(() => rm(work, { recursive: true, force: true }));
afterEach(() => node.close());

async function objectFile(object: TestObject, name = object.sopInstanceUid): Promise<string> {
  const { sopInstanceUid, transferSyntax: transferSyntaxUid = '1.2.840.10008.1.2.1' } = object;
  const header = buildFileHeader({ sopClassUid: secondaryCapture, sopInstanceUid, transferSyntaxUid }, '');
  const file = path.join(work, `${name}.dcm`);
  await writeFile(file, Buffer.concat([header, dataSetOf(object)]));
  return file;
}

async function send(...files: string[]): Promise<(string | null)[]> {
  const outcomes: Outcome[] = [];
  for await (const outcome of new DimseDestination(node.peer).send(files)) outcomes.push(outcome);
  return outcomes.map(({ error }) => error?.code ?? null);
}

async function storedFiles(): Promise<string[]> {
  const names = await readdir(node.store.studiesFolder, { recursive: true });
  return names.filter((name) => name.endsWith('.dcm')).sort();
}

/** The data set of a file, as its sender and its receiver must agree on it. */
async function dataSetBytes(file: string): Promise<Buffer> {
  return (await readFile(file)).subarray((await fileHeaderOf(file)).length);
}

describe('a storage SCP and our SCU', () => {
  it('takes objects in every transfer syntax that is decoded, byte for byte', async () => {
    node = await startNode();
    const files: string[] = [];
    for (const uid of takenTransferSyntaxes) {
      const syntax = transferSyntaxes.get(uid);
      const { explicit, littleEndian } = syntax?.encoding ?? { explicit: true, littleEndian: true };
      const sopInstanceUid = `2.25.1${files.length}`;
      files.push(
        await objectFile({
          sopInstanceUid,
          transferSyntax: uid,
          explicit,
          littleEndian,
          deflated: syntax?.deflated ?? false,
          more: [[0x0008_1140, 'SQ', [[[0x0008_1155, 'UI', '2.25.5']]]]],
        }),
      );
    }
    expect(await send(...files)).toEqual(files.map(() => null));
    for (const file of files) {
      const stored = path.join(node.store.studiesFolder, '2.25.100', path.basename(file));
      expect(await dataSetBytes(stored)).toEqual(await dataSetBytes(file));
      const { length: _, ...header } = await fileHeaderOf(stored);
      const { length: __, ...sent } = await fileHeaderOf(file);
      expect(header).toEqual(sent);
    }
  });

  it('takes the same object once, and quarantines another that has its UID, in this study or another', async () => {
    node = await startNode();
    const first = await objectFile({ sopInstanceUid: '2.25.20' });
    const other = await objectFile({ sopInstanceUid: '2.25.20', pixels: Uint8Array.of(9, 9) }, 'other');
    const moved = await objectFile({ sopInstanceUid: '2.25.20', studyInstanceUid: '2.25.999' }, 'moved');
    expect(await send(first, first, other, other, moved)).toEqual([
      null,
      null,
      ...Array(3).fill('LUC_DICOM_NET_SEND_REFUSED'),
    ]);
    expect(await storedFiles()).toEqual(['2.25.100/2.25.20.dcm']);
    const quarantined = await readdir(path.join(node.folder, 'quarantine'));
    expect(quarantined).toHaveLength(2);
    const contents = await Promise.all(
      quarantined.map((name) => dataSetBytes(path.join(node.folder, 'quarantine', name))),
    );
    expect(contents).toContainEqual(await dataSetBytes(other));
    expect(contents).toContainEqual(await dataSetBytes(moved));
    const refused = node.events.find((event) => event.kind === 'object-refused');
    expect(refused?.error.code).toBe('LUC_DICOM_NET_DUPLICATE_DIFFERS');
    expect(quarantined).toContain(refused?.error.details.file);
  });

  it('files an object whose identity stands behind long sequences', async () => {
    node = await startNode();
    const items = Array.from({ length: 9000 }, (_, i) => [[0x0008_1155, 'UI', `2.25.${i}`] as const]);
    const file = await objectFile({
      sopInstanceUid: '2.25.21',
      more: [[0x0008_1140, 'SQ', items.map((item) => [...item])]],
    });
    expect((await stat(file)).size).toBeGreaterThan(150_000);
    expect(await send(file)).toEqual([null]);
    expect(await storedFiles()).toEqual(['2.25.100/2.25.21.dcm']);
  });

  it('refuses an object that is not what was announced, or that has no place, and keeps none of it', async () => {
    node = await startNode();
    const lying = await objectFile({ sopInstanceUid: '2.25.22' });
    const bytes = await readFile(lying);
    bytes.write('2.25.23', bytes.lastIndexOf('2.25.22'));
    await writeFile(lying, bytes);
    const placeless = await objectFile({ sopInstanceUid: '2.25.24', studyInstanceUid: '../../evil' });
    expect(await send(lying, placeless)).toEqual(Array(2).fill('LUC_DICOM_NET_SEND_REFUSED'));
    expect(node.codes()).toEqual(['LUC_DICOM_NET_OBJECT_MISMATCH', 'LUC_DICOM_NET_OBJECT_INVALID']);
    expect(await storedFiles()).toEqual([]);
    expect(await readdir(path.join(node.folder, '.incoming'))).toEqual([]);
  });

  it('says nothing of the patient in what it logs', async () => {
    node = await startNode();
    const { eventLine, eventRecord } = await import('./event-words.js');
    const object = { sopInstanceUid: '2.25.25', patientName: 'SECRET^NAME' };
    const first = await objectFile(object);
    const other = await objectFile({ ...object, pixels: Uint8Array.of(7, 7) }, 'secret');
    await send(first, other);
    const log = node.events.map((event) => `${eventLine(event)} ${JSON.stringify(eventRecord(event, '/'))}`);
    expect(log.join('\n')).toContain('2.25.25');
    expect(log.join('\n')).not.toContain('SECRET');
  });

  it('serves only peers that it knows, and no more associations than it may', async () => {
    node = await startNode({
      peers: [{ aeTitle: 'TESTER', address: '127.0.0.1' }],
      maxAssociations: 1,
    });
    await echo(node.peer);
    await expect(echo({ ...node.peer, callingAeTitle: 'STRANGER' })).rejects.toMatchObject({
      code: 'LUC_DICOM_NET_REJECTED',
    });
    const waiting = await RawPeer.connect(node.scp.port);
    waiting.send(associateRequest({ callingAeTitle: 'TESTER' }));
    await waiting.until(6);
    await expect(echo(node.peer)).rejects.toMatchObject({ code: 'LUC_DICOM_NET_BUSY' });
    waiting.socket.destroy();
    await node.settled();
    expect(node.codes()).toContain('LUC_DICOM_NET_CALLING_AE_UNKNOWN');
    expect(node.codes()).toContain('LUC_DICOM_NET_FULL');
  });

  it.each([
    ['breaks off', 'LUC_DICOM_NET_CONNECTION_LOST', Buffer.alloc(0)],
    ['aborts', 'LUC_DICOM_NET_ABORTED', encodeAbort({ source: 0, reason: 0 })],
  ])(
    'keeps nothing of an object whose sender %s, and takes it when it comes again',
    async (_, code, last) => {
      node = await startNode();
      const object = { sopInstanceUid: '2.25.26' };
      const data = dataSetOf(object);
      const peer = await RawPeer.connect(node.scp.port);
      peer.send(Buffer.concat([associateRequest(), storeCommand('2.25.26')]));
      peer.send(dataUnit(false, false, data.subarray(0, 60)));
      await peer.until(100);
      peer.socket.end(last);
      await node.settled();
      expect(node.codes()).toEqual([code]);
      expect(await storedFiles()).toEqual([]);
      expect(await send(await objectFile(object))).toEqual([null]);
      expect(await storedFiles()).toEqual(['2.25.100/2.25.26.dcm']);
    },
  );

  it('clears away what a crash left half received', async () => {
    const folder = path.join(work, 'crashed');
    node = await startNode({}, folder);
    await node.close();
    await writeFile(path.join(folder, '.incoming', 'half.part'), 'half');
    node = await startNode({}, folder);
    expect(await readdir(path.join(folder, '.incoming'))).toEqual([]);
  });

  it('talks TLS with peers whose certificate it trusts, and not with others', async (context) => {
    if (!hasProgram('openssl')) context.skip('openssl is not installed');
    const [ours, theirs] = [makeCertificate(work, 'ours'), makeCertificate(work, 'theirs')];
    const stranger = makeCertificate(work, 'stranger');
    const material = await readTlsFiles({ ...ours, authorities: theirs.certificate });
    node = await startNode({ tls: material });
    const trusted = await readTlsFiles({ ...theirs, authorities: ours.certificate });
    await echo({ ...node.peer, tls: trusted });
    const untrusted = await readTlsFiles({ ...stranger, authorities: ours.certificate });
    await expect(echo({ ...node.peer, tls: untrusted })).rejects.toThrow();
    const unknowing = await readTlsFiles({ ...theirs, authorities: stranger.certificate });
    await expect(echo({ ...node.peer, tls: unknowing })).rejects.toMatchObject({ code: 'LUC_DICOM_NET_TLS' });
    await expect(echo(node.peer)).rejects.toThrow();
    expect(node.codes()).toContain('LUC_DICOM_NET_TLS');
  });

  it('puts the sender off when the disk is full, and takes the object once there is room', async (context) => {
    const disk = path.join(work, 'disk');
    const mounted = spawnSync('sh', ['-c', `mkdir -p ${disk} && mount -t tmpfs -o size=1m tmpfs ${disk}`]);
    if (mounted.status !== 0) context.skip('a small disk cannot be mounted here');
    try {
      node = await startNode({}, path.join(disk, 'node'));
      await writeFile(path.join(disk, 'ballast'), Buffer.alloc(700_000));
      const file = await objectFile({ sopInstanceUid: '2.25.27', pixels: new Uint8Array(600_000) });
      expect(await send(file)).toEqual(['LUC_DICOM_NET_PUT_OFF']);
      expect(node.codes()).toEqual(['LUC_DICOM_NET_DISK_FULL']);
      expect(await readdir(path.join(node.folder, '.incoming'))).toEqual([]);
      await rm(path.join(disk, 'ballast'));
      expect(await send(file)).toEqual([null]);
      await node.close();
    } finally {
      // Lazily: what is still being closed there must not keep the folder, whose removal would fail.
      spawnSync('umount', ['--lazy', disk]);
    }
  });
});

describe('a storage SCP and dcmtk', () => {
  it('takes all transfer syntaxes of dcmtk over 16 associations at once', async (context) => {
    node = await startNode();
    if (!hasProgram('storescu')) context.skip('dcmtk is not installed');
    const names = await readdir(realFiles).catch(() => []);
    if (names.length === 0) context.skip('the data of ../shared is not here');
    expect(names.sort()).toEqual(Object.keys(realFileOptions).sort());
    const sent = await Promise.all(
      [...names, ...names].map((name, index) =>
        runProgram('storescu', [
          ...['-aec', 'LUCENCY', '-aet', `MODALITY${index}`, realFileOptions[name] ?? '', '-R'],
          ...['127.0.0.1', String(node.scp.port), path.join(realFiles, name)],
        ]),
      ),
    );
    expect(sent.map(({ status, output }) => [status, output])).toEqual(sent.map(() => [0, '']));
    expect(node.events.filter(({ kind }) => kind === 'opened')).toHaveLength(16);
    const kinds = node.events.flatMap((event) => (event.kind === 'object' ? [event.object.kind] : []));
    expect(kinds.sort()).toEqual([...Array(8).fill('duplicate'), ...Array(8).fill('stored')]);
    const stored = await storedFiles();
    expect(stored).toHaveLength(8);
    for (const name of names) {
      const sopInstanceUid = (await fileHeaderOf(path.join(realFiles, name))).sopInstanceUid;
      const file = stored.find((candidate) => candidate.endsWith(`/${sopInstanceUid}.dcm`));
      const bytes = await readFile(path.join(node.store.studiesFolder, file ?? ''));
      const { transferSyntaxUid, length } = await fileHeaderOf(
        path.join(node.store.studiesFolder, file ?? ''),
      );
      const original = path.join(realFiles, name);
      expect(transferSyntaxUid).toBe((await fileHeaderOf(original)).transferSyntaxUid);
      // dcmtk may write headers of elements anew, but never touches the pixels.
      const whole = await readFile(original);
      const middle = Math.floor(whole.length / 2);
      expect(bytes.subarray(length).includes(whole.subarray(middle, middle + 4000))).toBe(true);
    }
  });

  it('answers echoscu, and refuses what it does not take', async (context) => {
    if (!hasProgram('echoscu')) context.skip('dcmtk is not installed');
    node = await startNode({ peers: [{ aeTitle: 'KNOWN', address: null }] });
    const port = String(node.scp.port);
    const call = (aet: string, aec: string) =>
      runProgram('echoscu', ['-aet', aet, '-aec', aec, '127.0.0.1', port]);
    expect((await call('KNOWN', 'LUCENCY')).status).toBe(0);
    expect((await call('UNKNOWN', 'LUCENCY')).output).toContain('Calling AE Title Not Recognized');
    expect((await call('KNOWN', 'OTHER')).output).toContain('Called AE Title Not Recognized');
    const query = await runProgram('findscu', [
      ...['-aet', 'KNOWN', '-aec', 'LUCENCY', '-S', '-k', 'QueryRetrieveLevel=STUDY', '127.0.0.1', port],
    ]);
    expect(query.output).toContain('No Acceptable Presentation Contexts');
    expect(node.codes()).toContain('LUC_DICOM_NET_CONTEXT_REFUSED');
  });

  it('takes objects over TLS from dcmtk', async (context) => {
    if (!hasProgram('openssl') || !hasProgram('storescu')) context.skip('openssl or dcmtk is not installed');
    const help = await runProgram('storescu', ['--help']);
    if (!help.output.includes('--enable-tls')) context.skip('this dcmtk was built without TLS');
    const [ours, theirs] = [makeCertificate(work, 'node'), makeCertificate(work, 'dcmtk')];
    node = await startNode({ tls: await readTlsFiles({ ...ours, authorities: theirs.certificate }) });
    const file = await objectFile({ sopInstanceUid: '2.25.30' });
    const args = ['-aec', 'LUCENCY', '127.0.0.1', String(node.scp.port), file];
    const sent = await runProgram('storescu', [
      ...['+tls', theirs.key, theirs.certificate, '+cf', ours.certificate],
      ...args,
    ]);
    expect([sent.status, sent.output]).toEqual([0, '']);
    expect(await storedFiles()).toEqual(['2.25.100/2.25.30.dcm']);
    expect((await runProgram('storescu', args)).status).not.toBe(0);
  });
});
