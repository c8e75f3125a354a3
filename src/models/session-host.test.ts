import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { ModelRegistry, type RegisteredModel } from './registry.js';
import { SessionHost } from './session-host.js';

const closing = fileURLToPath(new URL('../../dist/models/testing/close-while-loading.js', import.meta.url));

// In a process of its own: what is guarded against ends the process, and with it a test runner.
function closedWhileLoading(...milliseconds: number[]) {
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    [closing, ...milliseconds.map(String)],
    {
      encoding: 'utf8',
    },
  );
  return { status, signal, stderr, ends: stdout ? (JSON.parse(stdout) as string[]) : [] };
}

const hosts: SessionHost[] = [];
afterEach(() => Promise.all(hosts.splice(0).map((host) => host.close())));

async function open(): Promise<{ host: SessionHost; models: RegisteredModel[] }> {
  const registry = await ModelRegistry.open();
  const host = new SessionHost(registry, 1);
  hosts.push(host);
  return { host, models: registry.all().filter(({ weightsPath }) => weightsPath !== null) };
}

describe('a session host that is closed', () => {
  // ONNX Runtime needs some 300 ms for all sessions of this test; the moments lie before, within and after.
  it.each(Array.from({ length: 16 }, (_, i) => i * 25))(
    'after %i ms of loading lets the thread leave by itself, and the process lives on',
    (milliseconds) => {
      const { status, signal, stderr, ends } = closedWhileLoading(milliseconds);
      expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' });
      expect(ends.length).toBeGreaterThan(3);
      for (const end of ends) expect(end).toMatch(/^loaded$|^LUC_MODEL_RUN_FAILED: .*the reader was closed/);
    },
  );

  it('has loaded every network that it waited for', () => {
    expect(new Set(closedWhileLoading().ends)).toEqual(new Set(['loaded']));
  });

  it('leaves the networks that another one uses', async () => {
    const { host, models } = await open();
    const other = await open();
    const [model] = models.filter(({ card }) => card.task === 'region');
    if (!model?.card.input) throw new Error('no region network is shipped');
    const { channels, height, width } = model.card.input;
    const run = (on: SessionHost) =>
      on.run(model, new Float32Array(channels * height * width), 1, ['logits']);
    const first = await run(host);
    const second = await run(other.host);
    expect(second.outputs.logits?.data).toEqual(first.outputs.logits?.data);
    await host.close();
    expect((await run(other.host)).outputs.logits?.data).toEqual(first.outputs.logits?.data);
    await expect(run(host)).rejects.toMatchObject({ code: 'LUC_MODEL_RUN_FAILED' });
  });

  it('finishes the run that it is in, and rejects what it is asked later', async () => {
    const { host, models } = await open();
    const [model] = models.filter(({ card }) => card.task === 'classify');
    if (!model?.card.input) throw new Error('no classifier is shipped');
    const { channels, height, width } = model.card.input;
    const run = () => host.run(model, new Float32Array(channels * height * width), 1, ['logits']);
    await run();
    const inFlight = run();
    // The first has reached the thread's queue before the thread is told to leave.
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([host.close(), host.close()]);
    expect(Object.keys((await inFlight).outputs)).toEqual(['logits']);
    await expect(run()).rejects.toMatchObject({ code: 'LUC_MODEL_RUN_FAILED' });
  });
});
