// `npm run bench`: per stage median ms and share, images/s, peak memory, cold start; one 2k x 2k DICOM and a folder of
// 200 images, with one and two threads. Each configuration runs in a process of its own, so that its peak is its own.
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { buildIfStale } from './build.mjs';

const self = fileURLToPath(import.meta.url);
const bin = fileURLToPath(new URL('../bin/lucency.js', import.meta.url));
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const row = (cells) => console.log(`| ${cells.join(' | ')} |`);

/** Time of the networks alone: the same tensors, nothing else running. */
async function bareSessionMs(threads) {
  const { ModelRegistry } = await import('../dist/models/registry.js');
  const { SessionHost } = await import('../dist/models/session-host.js');
  const { chooseEnsemble, membersOf } = await import('../dist/radiograph/ensemble.js');
  const registry = await ModelRegistry.open();
  const ensemble = chooseEnsemble(registry, null);
  const host = new SessionHost(registry, threads);
  const times = {};
  for (const model of membersOf(ensemble)) {
    if (!model.card.input) continue;
    const { width, height } = model.card.input;
    const outputs = model.card.task === 'detect' ? ['boxes', 'scores'] : ['logits'];
    const runs = [];
    for (let i = 0; i < 12; i++) {
      const run = await host.run(model, new Float32Array(width * height).fill(0.5), 1, outputs);
      runs.push(run.milliseconds);
    }
    times[model.card.task === 'type' ? 'type' : model.card.id] = median(runs.slice(2));
  }
  await host.close();
  return times;
}

async function child(folder, threads) {
  const { openReader } = await import('../dist/radiograph/open-reader.js');
  const bare = await bareSessionMs(threads);
  const reader = await openReader({ threads });
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const stages = {};
  let images = 0;
  let typed = 0;
  const start = performance.now();
  for await (const event of reader.readPaths([folder])) {
    if (event.kind === 'error') continue;
    images++;
    if ('type' in event.result.reading.timingsMs) typed++;
    for (const [stage, ms] of Object.entries(event.result.reading.timingsMs)) {
      stages[stage] = [...(stages[stage] ?? []), ms];
    }
  }
  const wall = performance.now() - start;
  delay.disable();
  await reader.close();
  const { type = 0, ...always } = bare;
  const bareTotal = Object.values(always).reduce((sum, ms) => sum + ms, 0) * images + type * typed;
  const figures = {
    images,
    wall,
    bareTotal,
    stages,
    rss: process.resourceUsage().maxRSS / 1024,
    blocked: delay.max / 1e6,
  };
  process.stdout.write(JSON.stringify(figures));
}

function measure(folder, threads) {
  const result = spawnSync(process.execPath, [self, '--child', folder, String(threads)], {
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout);
}

function print(title, { images, wall, bareTotal, stages, rss, blocked }) {
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
    `\n${images} images, ${(images / (wall / 1000)).toFixed(1)} images/s, whole run ${(wall / bareTotal).toFixed(2)} x ` +
      `the networks alone, peak RSS ${rss.toFixed(0)} MB, event loop blocked at most ${blocked.toFixed(0)} ms`,
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

async function phantoms(folder, args) {
  const result = spawnSync(process.execPath, [bin, 'phantom', 'radiograph', '--out', folder, ...args], {
    encoding: 'utf8',
  });
  if (result.status !== 0) throw new Error(result.stderr);
}

if (process.argv[2] === '--child') {
  await child(process.argv[3], Number(process.argv[4]));
} else {
  await buildIfStale();
  const work = await mkdtemp(path.join(tmpdir(), 'lucency-bench-'));
  try {
    const single = path.join(work, 'single');
    const many = path.join(work, 'many');
    await phantoms(single, ['--count', '1', '--format', 'dicom', '--size', '2048', '--seed', '1']);
    await phantoms(many, ['--count', '200', '--format', 'png', '--size', '512', '--seed', '2']);
    const file = (await readdir(single, { recursive: true })).find((name) => name.endsWith('.dcm'));
    const dicom = path.join(single, file);
    console.log(
      `One DICOM of ${((await readFile(dicom)).length / 1e6).toFixed(1)} MB, and a folder of 200 PNG phantoms`,
    );
    for (const threads of [1, 2]) {
      print(`one 2k DICOM, ${threads} thread(s)`, measure(dicom, threads));
      print(`folder of 200 images, ${threads} thread(s)`, measure(many, threads));
    }
    await coldStart(dicom);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
