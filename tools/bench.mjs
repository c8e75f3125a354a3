// `npm run bench`: per stage median ms and share, images/s, peak memory, cold start; one 2k x 2k DICOM and a folder of
// 200 images, on one and on two cores. Each configuration runs in a process of its own, so that its peak is its own.
// Then a chest CT and a PET/CT: how long the event loop was held while they were read, drawn and encoded, and how long a C-ECHO
// waited for its answer meanwhile.
// The whole run is compared with the bare networks twice: by the clock, which other programs on the machine disturb,
// and by processor time, which they hardly do. On one core the two are the same when nothing else runs.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { buildIfStale } from './build.mjs';

const self = fileURLToPath(import.meta.url);
const bin = fileURLToPath(new URL('../bin/lucency.js', import.meta.url));
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const row = (cells) => console.log(`| ${cells.join(' | ')} |`);

function cpuMs(since) {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

/**
 * Longest time that the event loop gave to one turn: by the clock, which includes the waiting for a core on a busy
 * machine, and (Linux) by the processor time of the main thread, which does not.
 */
function watchEventLoop() {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const usage = `/proc/self/task/${process.pid}/schedstat`;
  const used = () => Number(readFileSync(usage, 'utf8').split(' ')[0]) / 1e6;
  let longest = existsSync(usage) ? 0 : Number.NaN;
  let last = Number.isNaN(longest) ? 0 : used();
  const timer = setInterval(() => {
    if (Number.isNaN(longest)) return;
    const now = used();
    longest = Math.max(longest, now - last);
    last = now;
  }, 1);
  return () => {
    clearInterval(timer);
    delay.disable();
    return { clock: delay.max / 1e6, processor: longest };
  };
}

/** Each network alone: the same tensors, nothing else running. Median session and processor time of one run, ms. */
async function bareNetworks(threads) {
  const { ModelRegistry } = await import('../dist/models/registry.js');
  const { SessionHost } = await import('../dist/models/session-host.js');
  const { chooseEnsemble, membersOf } = await import('../dist/radiograph/ensemble.js');
  const registry = await ModelRegistry.open();
  const ensemble = chooseEnsemble(registry, null);
  const host = new SessionHost(registry, threads);
  const bare = [];
  for (const model of membersOf(ensemble)) {
    if (!model.card.input) continue;
    const { width, height } = model.card.input;
    const outputs = model.card.task === 'detect' ? ['boxes', 'scores'] : ['logits'];
    const runs = [];
    for (let i = 0; i < 22; i++) {
      const start = process.cpuUsage();
      const run = await host.run(model, new Float32Array(width * height).fill(0.5), 1, outputs);
      runs.push({ session: run.milliseconds, cpu: cpuMs(start) });
    }
    const kept = runs.slice(2);
    bare.push({
      task: model.card.task,
      session: median(kept.map(({ session }) => session)),
      cpu: kept.reduce((sum, { cpu }) => sum + cpu, 0) / kept.length,
    });
  }
  await host.close();
  return bare;
}

/** What the networks alone would take for the images of a run, of which some were typed. */
function bareTotal(bare, what, images, typed) {
  return bare.reduce((sum, network) => sum + network[what] * (network.task === 'type' ? typed : images), 0);
}

async function child(input, times, threads) {
  const { openRadiographReader } = await import('../dist/radiograph/open-reader.js');
  const bare = await bareNetworks(threads);
  const reader = await openRadiographReader({ threads });
  const inputs = Array.from({ length: times }, () => input);
  // Until V8 has compiled what is hot, decoding and resizing take several times as long; the cold start is measured below.
  for (let i = 0; i < 4; i++)
    for await (const event of reader.readPaths([input])) if (event.kind === 'result') break;
  const stopWatching = watchEventLoop();
  const stages = {};
  let images = 0;
  let typed = 0;
  const start = performance.now();
  const startCpu = process.cpuUsage();
  for await (const event of reader.readPaths(inputs)) {
    if (event.kind === 'error') continue;
    images++;
    if ('type' in event.result.reading.timingsMs) typed++;
    for (const [stage, ms] of Object.entries(event.result.reading.timingsMs)) {
      stages[stage] = [...(stages[stage] ?? []), ms];
    }
  }
  const wall = performance.now() - start;
  const cpu = cpuMs(startCpu);
  const blocked = stopWatching();
  await reader.close();
  const figures = {
    images,
    wall,
    cpu,
    bareWall: bareTotal(bare, 'session', images, typed),
    bareCpu: bareTotal(bare, 'cpu', images, typed),
    stages,
    rss: process.resourceUsage().maxRSS / 1024,
    blocked,
  };
  process.stdout.write(JSON.stringify(figures));
}

/** A DICOM node in this process, asked for an echo every 50 ms by another process. Gives the longest waits, ms. */
async function watchEchoes(folder) {
  const { ObjectStore } = await import('../dist/dicom/network/store/object-store.js');
  const { StorageScp } = await import('../dist/dicom/network/scp/storage-scp.js');
  const scp = await StorageScp.listen({
    store: await ObjectStore.open(folder),
    aeTitle: 'BENCH',
    host: '127.0.0.1',
    port: 0,
    peers: null,
    tls: null,
    onEvent: () => undefined,
  });
  const asking = spawn(process.execPath, [self, '--echo', String(scp.port)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let answer = '';
  asking.stdout.on('data', (text) => {
    answer += text;
  });
  // The first line says that the asking has begun.
  while (!answer.includes('\n')) await once(asking.stdout, 'data');
  return async () => {
    asking.stdin.end();
    await once(asking, 'close');
    await scp.close(1);
    return JSON.parse(answer.slice(answer.indexOf('\n')));
  };
}

/** Echoes until standard input ends; prints how long each waited. */
async function echoChild(port) {
  const { echo } = await import('../dist/dicom/network/scu/echo.js');
  const peer = {
    host: '127.0.0.1',
    port,
    tls: null,
    connectSeconds: 10,
    idleSeconds: 60,
    calledAeTitle: 'BENCH',
    callingAeTitle: 'ASKS',
  };
  let more = true;
  process.stdin.on('end', () => {
    more = false;
  });
  process.stdin.resume();
  await echo(peer);
  process.stdout.write('\n');
  const waits = [];
  while (more) {
    const start = performance.now();
    await echo(peer);
    waits.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  process.stdout.write(JSON.stringify({ count: waits.length, longest: Math.max(...waits) }));
}

/** Reads volumes with everything that sinks make of them, while a node answers in the same process. */
async function volumeChild(input, threads) {
  const { openReaders } = await import('../dist/reading/readers.js');
  const { readStudies } = await import('../dist/reading/read-studies.js');
  const readers = await openReaders({ threads });
  const store = await mkdtemp(path.join(tmpdir(), 'lucency-bench-store-'));
  /** @type {{ readings: object[], wall: number, blocked?: unknown, echoes?: unknown, rss?: number }} */
  const figures = { readings: [], wall: 0 };
  try {
    const stopEchoes = await watchEchoes(store);
    const stopWatching = watchEventLoop();
    const start = performance.now();
    for await (const event of readStudies([input], readers)) {
      if (event.kind === 'failure') throw event.error;
      if (event.kind !== 'reading') continue;
      const { reading } = event.outcome;
      await event.outcome.pictures();
      await event.outcome.dicomObjects({ version: 'bench' });
      figures.readings.push({ kind: reading.kind, verdict: reading.verdict, size: reading.image });
    }
    figures.wall = performance.now() - start;
    figures.blocked = stopWatching();
    figures.echoes = await stopEchoes();
  } finally {
    await readers.close();
    await rm(store, { recursive: true, force: true });
  }
  figures.rss = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(JSON.stringify(figures));
}

function measureVolume(title, input, cores) {
  const result = onCores(cores, [self, '--volume-child', input, String(cores)]);
  if (result.status !== 0) throw new Error(result.stderr);
  const { readings, wall, blocked, echoes, rss } = JSON.parse(result.stdout);
  const [{ kind, verdict, size } = {}] = readings;
  const within = (value, limit) => `${value.toFixed(0)} ms${value > limit ? ` (over ${limit})` : ''}`;
  row([
    `${title}, ${cores} core(s)`,
    `${kind}: ${verdict}`,
    `${size?.width} x ${size?.height} x ${size?.depth}`,
    `${(wall / 1000).toFixed(1)} s`,
    within(blocked.clock, 50),
    within(blocked.processor, 50),
    `${within(echoes.longest, 100)} of ${echoes.count}`,
    `${rss.toFixed(0)} MB`,
  ]);
}

const hasTaskset = spawnSync('taskset', ['--version']).status === 0;

/** Runs a process on the first cores only, where the system can do that. */
function onCores(cores, args) {
  const [command, ...rest] = hasTaskset
    ? ['taskset', '-c', Array.from({ length: cores }, (_, i) => i).join(','), process.execPath, ...args]
    : [process.execPath, ...args];
  return spawnSync(command, rest, { encoding: 'utf8', maxBuffer: 1e8 });
}

function measure(input, times, cores) {
  const result = onCores(cores, [self, '--child', input, String(times), String(cores)]);
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout);
}

function print(title, { images, wall, cpu, bareWall, bareCpu, stages, rss, blocked }) {
  console.log(`\n### ${title}\n`);
  row(['stage', 'median ms', 'share']);
  row(['---', '--:', '--:']);
  const total = median(stages.total);
  for (const [stage, values] of Object.entries(stages)) {
    if (stage !== 'total')
      row([stage, median(values).toFixed(1), `${((100 * median(values)) / total).toFixed(0)} %`]);
  }
  row(['total (start to answer of one image)', total.toFixed(1), '']);
  console.log(
    `\n${images} images, ${(images / (wall / 1000)).toFixed(1)} images/s. Whole run: ${(wall / bareWall).toFixed(2)} x the ` +
      `networks alone by the clock, ${(cpu / bareCpu).toFixed(2)} x by processor time ` +
      `(${(cpu / images).toFixed(0)} ms per image, networks ${(bareCpu / images).toFixed(0)}). Peak RSS ${rss.toFixed(0)} MB. ` +
      `Event loop blocked at most ${blocked.clock.toFixed(0)} ms by the clock, ${blocked.processor.toFixed(0)} by processor time.`,
  );
}

async function coldStart(file) {
  const times = [];
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [bin, 'analyze', file, '--json'], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    times.push(performance.now() - start);
  }
  console.log(
    `\nCold start to the first result (whole process): median ${median(times).toFixed(0)} ms of ${times.length}`,
  );
}

async function phantoms(kind, folder, args) {
  const result = spawnSync(process.execPath, [bin, 'phantom', kind, '--out', folder, ...args], {
    encoding: 'utf8',
  });
  if (result.status !== 0) throw new Error(result.stderr);
}

if (process.argv[2] === '--child') {
  await child(process.argv[3], Number(process.argv[4]), Number(process.argv[5]));
} else if (process.argv[2] === '--volume-child') {
  await volumeChild(process.argv[3], Number(process.argv[4]));
} else if (process.argv[2] === '--echo') {
  await echoChild(Number(process.argv[3]));
} else {
  await buildIfStale();
  const work = await mkdtemp(path.join(tmpdir(), 'lucency-bench-'));
  try {
    const single = path.join(work, 'single');
    const many = path.join(work, 'many');
    await phantoms('radiograph', single, [
      '--count',
      '1',
      '--format',
      'dicom',
      '--size',
      '2048',
      '--seed',
      '1',
    ]);
    // Ten copies of twenty phantoms: what an image shows changes nothing in the time that it takes.
    await phantoms('radiograph', many, ['--count', '20', '--format', 'png', '--size', '512', '--seed', '2']);
    for (const name of (await readdir(many)).filter((file) => file.endsWith('.png'))) {
      for (let copy = 1; copy < 10; copy++)
        await cp(path.join(many, name), path.join(many, `${copy}-${name}`));
    }
    const file = (await readdir(single, { recursive: true })).find((name) => name.endsWith('.dcm'));
    if (file === undefined) throw new Error('No phantom was made.');
    const dicom = path.join(single, file);
    console.log(
      `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, load before the start ` +
        `${(loadavg()[0] ?? 0).toFixed(1)}, Node ${process.version}`,
    );
    if (!hasTaskset) console.log('Without taskset, only the threads of the networks are limited.');
    console.log(
      `One DICOM of ${((await readFile(dicom)).length / 1e6).toFixed(1)} MB, and a folder of 200 PNG phantoms (512 pixels)`,
    );
    for (const cores of [1, 2]) {
      print(`one 2k DICOM, twenty times, ${cores} core(s)`, measure(dicom, 20, cores));
      print(`folder of 200 images, ${cores} core(s)`, measure(many, 1, cores));
    }
    await coldStart(dicom);
    const chest = path.join(work, 'chest');
    const limb = path.join(work, 'limb');
    await phantoms('ribs', chest, ['--count', '1', '--fractures', '4', '--slice', '1.5']);
    await phantoms('infection', limb, ['--count', '1', '--infected', '1']);
    console.log('\n### Volumes: the longest turn of the event loop, and the longest wait for a C-ECHO\n');
    row(['study', 'reading', 'voxels', 'time', 'loop, clock', 'loop, processor', 'C-ECHO', 'peak RSS']);
    row(['---', '---', '---', '--:', '--:', '--:', '--:', '--:']);
    for (const cores of [1, 2]) {
      measureVolume('chest CT', chest, cores);
      measureVolume('PET/CT', limb, cores);
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
