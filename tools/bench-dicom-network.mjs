// Reception over the loopback interface: 500 simulated radiographs sent by dcmtk's storescu to `lucency receive` and to
// dcmtk's storescp, over 1 and over 4 associations; then the peak memory while one object of 1 GB comes in. `lucency
// receive` brings every object to the disk before it answers. storescp has no such option: it is run without any, with one
// `sync` at the end, and with an fsync per object, which it starts only after it has answered.
// Options: --count 500 --size 1024 --rounds 3
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildIfStale } from './build.mjs';

const bin = fileURLToPath(new URL('../bin/lucency.js', import.meta.url));
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '500' },
    size: { type: 'string', default: '1024' },
    rounds: { type: 'string', default: '3' },
  },
});
const count = Number(values.count);
const differentPhantoms = 10;
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  const { port } = address;
  server.close();
  await once(server, 'close');
  return port;
}

async function untilListening(port) {
  for (;;) {
    const socket = net.connect(port, '127.0.0.1');
    const ok = await new Promise((resolve) =>
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false)),
    );
    socket.destroy();
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A few phantoms, copied under instance UIDs of their own. */
async function makeRadiographs(folder, work) {
  const source = path.join(work, 'phantoms');
  const args = ['--count', String(differentPhantoms), '--format', 'dicom', '--size', values.size];
  const made = spawnSync(process.execPath, [bin, 'phantom', 'radiograph', '--out', source, ...args]);
  if (made.status !== 0) throw new Error(made.stderr.toString());
  const names = (await readdir(source, { recursive: true })).filter((name) => name.endsWith('.dcm'));
  const { fileHeaderOf } = await import('../dist/dicom/network/store/file-header.js');
  await mkdir(folder);
  let bytes = 0;
  for (let index = 0; index < count; index++) {
    const file = path.join(source, names[index % names.length] ?? '');
    const content = await readFile(file);
    const { sopInstanceUid } = await fileHeaderOf(file);
    const uid = sopInstanceUid.slice(0, -5) + String(10_000 + index);
    for (let at = content.indexOf(sopInstanceUid); at >= 0; at = content.indexOf(sopInstanceUid, at + 1)) {
      content.write(uid, at, 'latin1');
    }
    bytes += content.length;
    await writeFile(path.join(folder, `${index}.dcm`), content);
  }
  return bytes;
}

function lucency(port, out) {
  const args = [
    'receive',
    '--out',
    out,
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--allow-any',
    '--quiet',
  ];
  return spawn(process.execPath, [bin, ...args], { stdio: 'ignore' });
}

function storescp(port, out, ...more) {
  return spawn('storescp', ['+B', '--fork', '-od', out, ...more, String(port)], { stdio: 'ignore' });
}

const receivers = {
  'lucency receive': { start: lucency },
  'storescp, nothing synced': { start: storescp },
  'storescp, one sync at the end': { start: storescp, after: () => spawnSync('sync') },
  'storescp, fsync after each answer': {
    start: (port, out) => storescp(port, out, '--exec-sync', '--exec-on-reception', 'sync #p/#f'),
  },
};

async function peakMemoryMb(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

async function send(port, files) {
  const child = spawn('storescu', ['-aec', 'LUCENCY', '-R', '127.0.0.1', String(port), ...files], {
    stdio: 'inherit',
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`storescu ended with ${code}`);
}

/** @param {{ start: (port: number, out: string) => import('node:child_process').ChildProcess, after?: () => unknown }} receiver */
async function receive({ start, after }, files, associations, work) {
  const out = path.join(work, 'received');
  await mkdir(out);
  spawnSync('sync'); // what earlier runs left to write must not count
  const port = await freePort();
  const child = start(port, out);
  await untilListening(port);
  const started = performance.now();
  await Promise.all(
    Array.from({ length: associations }, (_, part) =>
      send(
        port,
        files.filter((_, index) => index % associations === part),
      ),
    ),
  );
  after?.();
  const seconds = (performance.now() - started) / 1000;
  const memory = await peakMemoryMb(child.pid);
  child.kill();
  await once(child, 'exit');
  await rm(out, { recursive: true, force: true });
  return { seconds, memory };
}

/** A multi-frame object of 1 GB whose pixels are a hole in the file: it takes no disk until it is received. */
async function makeLargeObject(file) {
  const { buildFileHeader } = await import('../dist/dicom/network/store/file-header.js');
  const sopClassUid = '1.2.840.10008.5.1.4.1.1.7.3';
  const [sopInstanceUid, transferSyntaxUid] = ['2.25.1234567', '1.2.840.10008.1.2.1'];
  const text = (tag, vr, value) => {
    const bytes = Buffer.from(value.length % 2 ? `${value}${vr === 'UI' ? '\0' : ' '}` : value, 'latin1');
    const head = Buffer.alloc(8);
    head.writeUInt16LE(tag >>> 16, 0);
    head.writeUInt16LE(tag & 0xffff, 2);
    head.write(vr, 4);
    head.writeUInt16LE(bytes.length, 6);
    return Buffer.concat([head, bytes]);
  };
  const short = (tag, value) => text(tag, 'US', String.fromCharCode(value & 0xff, value >>> 8));
  const [frames, rows, columns] = [512, 1024, 1024];
  const pixels = Buffer.alloc(12);
  pixels.writeUInt16LE(0x7fe0, 0);
  pixels.writeUInt16LE(0x0010, 2);
  pixels.write('OW', 4);
  pixels.writeUInt32LE(frames * rows * columns * 2, 8);
  const start = Buffer.concat([
    buildFileHeader({ sopClassUid, sopInstanceUid, transferSyntaxUid }, ''),
    text(0x00080016, 'UI', sopClassUid),
    text(0x00080018, 'UI', sopInstanceUid),
    text(0x00080060, 'CS', 'OT'),
    text(0x0020000d, 'UI', '2.25.1'),
    text(0x0020000e, 'UI', '2.25.2'),
    short(0x00280002, 1),
    text(0x00280004, 'CS', 'MONOCHROME2'),
    text(0x00280008, 'IS', String(frames)),
    ...[
      [0x00280010, rows],
      [0x00280011, columns],
      [0x00280100, 16],
      [0x00280101, 16],
      [0x00280102, 15],
      [0x00280103, 0],
    ].map(([tag, value]) => short(tag, value)),
    pixels,
  ]);
  const handle = await open(file, 'w');
  await handle.write(start);
  await handle.truncate(start.length + frames * rows * columns * 2);
  await handle.close();
}

await buildIfStale();
const work = await mkdtemp(path.join(tmpdir(), 'lucency-bench-dicom-'));
try {
  const folder = path.join(work, 'radiographs');
  const bytes = await makeRadiographs(folder, work);
  const files = (await readdir(folder)).map((name) => path.join(folder, name));
  console.log(
    `${count} simulated radiographs, ${(bytes / count / 1e6).toFixed(1)} MB each, median of ${values.rounds} rounds\n`,
  );
  console.log('| receiver | associations | s | objects/s | MB/s | all rounds, s | peak memory, MB |');
  console.log('| --- | --: | --: | --: | --: | --- | --: |');
  for (const associations of [1, 4]) {
    /** @type {Map<string, { seconds: number, memory: number }[]>} */
    const rounds = new Map(Object.keys(receivers).map((name) => [name, []]));
    // Receivers take turns, so that what else the machine does falls on all of them.
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const [name, receiver] of Object.entries(receivers)) {
        rounds.get(name)?.push(await receive(receiver, files, associations, work));
      }
    }
    for (const [name, results] of rounds) {
      const times = results.map(({ seconds }) => seconds);
      const seconds = median(times);
      const memory = name.startsWith('lucency')
        ? Math.max(...results.map((result) => result.memory)).toFixed(0)
        : '';
      const rates = [count / seconds, bytes / 1e6 / seconds].map((rate) => rate.toFixed(0));
      const all = times.map((time) => time.toFixed(1)).join(', ');
      console.log(`| ${[name, associations, seconds.toFixed(1), ...rates, all, memory].join(' | ')} |`);
    }
  }
  const large = path.join(work, 'large.dcm');
  await makeLargeObject(large);
  const { seconds, memory } = await receive({ start: lucency }, [large], 1, work);
  console.log(
    `\nOne object of 1 GB: ${seconds.toFixed(1)} s, peak memory of the whole process ${memory.toFixed(0)} MB`,
  );
} finally {
  await rm(work, { recursive: true, force: true });
}
