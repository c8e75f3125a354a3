// Tasks that tests give to worker threads.
import { LucencyError } from '../../core/errors.js';
import { HandedOver, type TaskContext } from '../threads/thread-task.js';

export interface Bank {
  lookUp(name: string): Promise<number>;
}

export async function sumOf(names: readonly string[], context: TaskContext<Bank>): Promise<number> {
  let sum = 0;
  for (const [index, name] of names.entries()) {
    sum += await context.ask('lookUp', name);
    context.progress((index + 1) / names.length, name);
  }
  return sum;
}

export function doubled(values: Float32Array<ArrayBuffer>): HandedOver<Float32Array> {
  const twice = values.map((value) => 2 * value);
  return new HandedOver(twice, [twice.buffer]);
}

/** Counts up in shared memory for ever. */
export function countForEver(counter: Int32Array): void {
  for (;;) Atomics.add(counter, 0, 1);
}

export function refuse(): never {
  throw new LucencyError('LUC_IMAGE_EMPTY', { path: 'a.png' });
}

export function stumble(): never {
  throw new TypeError('that was no image');
}

/** Ends the thread, as code that runs out of memory does. */
export function vanish(): void {
  process.exit(7);
}
