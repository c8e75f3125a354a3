import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Bank } from '../testing/thread-tasks.js';
import { type ThreadTask, threadTask } from './thread-task.js';
import { WorkerPool } from './worker-pool.js';

function task<Input, Output, S extends object = Record<never, never>>(
  name: string,
): ThreadTask<Input, Output, S> {
  return threadTask(import.meta.url, '../testing/thread-tasks.js', name);
}

const tasks = {
  sumOf: task<readonly string[], number, Bank>('sumOf'),
  doubled: task<Float32Array<ArrayBuffer>, Float32Array>('doubled'),
  countForEver: task<Int32Array, void>('countForEver'),
  refuse: task<null, never>('refuse'),
  stumble: task<null, never>('stumble'),
  vanish: task<null, void>('vanish'),
};

/** Resolves when a thread counts in `counter`. */
async function counting(counter: Int32Array): Promise<void> {
  while (Atomics.load(counter, 0) < 1000) await new Promise((resolve) => setTimeout(resolve, 5));
}

function counterOf(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4));
}

let pool: WorkerPool;
beforeEach(() => {
  pool = new WorkerPool();
  pool.open();
});
afterEach(() => pool.close());

describe('a task in a worker thread', () => {
  it('asks the thread that gave it, and tells how far it is', async () => {
    const values: Readonly<Record<string, number>> = { a: 1, b: 20, c: 300 };
    const told: string[] = [];
    const sum = await pool.run(tasks.sumOf, ['a', 'b', 'c'], {
      services: { lookUp: async (name) => values[name] ?? Number.NaN },
      onProgress: (share, step) => told.push(`${step} ${share.toFixed(2)}`),
    });
    expect(sum).toBe(321);
    expect(told).toEqual(['a 0.33', 'b 0.67', 'c 1.00']);
  });

  it('is handed buffers, not copies', async () => {
    const values = Float32Array.of(1, 2, 3);
    const twice = await pool.run(tasks.doubled, values, { transfer: [values.buffer] });
    expect([...twice]).toEqual([2, 4, 6]);
    expect(values.byteLength).toBe(0);
  });

  it('throws errors of the catalogue as they are, others by their message', async () => {
    await expect(pool.run(tasks.refuse, null)).rejects.toMatchObject({
      name: 'LucencyError',
      code: 'LUC_IMAGE_EMPTY',
      details: { path: 'a.png' },
    });
    await expect(pool.run(tasks.stumble, null)).rejects.toThrow('that was no image');
  });

  it('that fails a question of its own rejects with what the answer was', async () => {
    const services = { lookUp: () => Promise.reject(new RangeError('no account')) };
    await expect(pool.run(tasks.sumOf, ['a'], { services })).rejects.toThrow('no account');
  });

  it('that hangs is ended from outside when its time is up', async () => {
    const counter = counterOf();
    const error = new Error('too long');
    const hanging = pool.run(tasks.countForEver, counter, { timeLimit: { seconds: 2, error: () => error } });
    await expect(hanging).rejects.toBe(error);
    const counted = Atomics.load(counter, 0);
    expect(counted).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const after = Atomics.load(counter, 0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(Atomics.load(counter, 0)).toBe(after);
  });

  it('that hangs ends with the signal, and the pool goes on', async () => {
    const counter = counterOf();
    const stop = new AbortController();
    const hanging = pool.run(tasks.countForEver, counter, { signal: stop.signal });
    await counting(counter);
    stop.abort(new Error('stopped'));
    await expect(hanging).rejects.toThrow('stopped');
    expect([...(await pool.run(tasks.doubled, Float32Array.of(4)))]).toEqual([8]);
  });

  it('whose thread goes is told apart from one that fails', async () => {
    await expect(pool.run(tasks.vanish, null)).rejects.toMatchObject({ name: 'ThreadLostError' });
    expect([...(await pool.run(tasks.doubled, Float32Array.of(5)))]).toEqual([10]);
  });
});

describe('a pool of worker threads', () => {
  it('gives the thread that was given back', async () => {
    const thread = pool.take();
    await thread.run(tasks.doubled, Float32Array.of(1));
    pool.give(thread);
    expect(pool.take()).toBe(thread);
    pool.give(thread);
  });

  it('keeps none when its last user has left', async () => {
    const other = pool.take();
    pool.give(other);
    pool.open();
    await pool.close();
    expect(other.ended).toBe(false);
    await pool.close();
    expect(other.ended).toBe(true);
    pool.open();
  });
});
