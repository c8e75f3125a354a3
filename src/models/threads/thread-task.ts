import { workerUrl } from './worker-url.js';

/** What a thread may ask of the one that gave it a task, by name. */
export type Services = object;

type Service = (input: never) => unknown;

/** What a task knows of the thread that gave it. */
export interface TaskContext<S extends Services = Record<never, never>> {
  /** Asks the thread that gave the task; `transfer` is handed over and must not be used afterwards. */
  ask<Name extends keyof S>(
    name: Name,
    input: S[Name] extends (input: infer Input) => unknown ? Input : never,
    transfer?: readonly ArrayBuffer[],
  ): Promise<S[Name] extends Service ? Awaited<Plain<ReturnType<S[Name]>>> : never>;
  /** Tells how far the task is, 0 to 1, and what is being done. */
  progress(share: number, step: string): void;
}

/** A value whose buffers change owner on the way between threads, instead of being copied. */
export class HandedOver<T> {
  readonly value: T;
  readonly transfer: readonly ArrayBuffer[];

  constructor(value: T, transfer: readonly ArrayBuffer[]) {
    this.value = value;
    this.transfer = transfer;
  }
}

type Plain<T> =
  T extends Promise<infer Inner> ? Promise<Plain<Inner>> : T extends HandedOver<infer V> ? V : T;

/** A function as a module of tasks exports it: input and output must be what structured clones can carry. */
export type TaskFunction<Input, Output, S extends Services = Record<never, never>> = (
  input: Input,
  context: TaskContext<S>,
) => Output | HandedOver<Output> | Promise<Output | HandedOver<Output>>;

/** Names a function that runs in worker threads; the function itself is loaded there only. */
export interface ThreadTask<Input, Output, S extends Services = Record<never, never>> {
  readonly module: string;
  readonly name: string;
  /** Carries the types; never called here. */
  readonly like?: TaskFunction<Input, Output, S>;
}

/** @param base `import.meta.url` of the caller; the module is a file beside it. @param name what the module exports */
export function threadTask<Input, Output, S extends Services = Record<never, never>>(
  base: string,
  module: string,
  name: string,
): ThreadTask<Input, Output, S> {
  return { module: workerUrl(base, module).href, name };
}
