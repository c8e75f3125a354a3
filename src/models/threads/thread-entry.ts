// Runs in a worker thread: loads modules of tasks and runs their functions, one task at a time.
import { parentPort } from 'node:worker_threads';
import { carried, type FromThread, type Outcome, revived, type ToThread } from './thread-messages.js';
import { HandedOver, type TaskContext } from './thread-task.js';

type AnyContext = TaskContext<Record<string, (input: unknown) => unknown>>;
type AnyTask = (input: unknown, context: AnyContext) => unknown;

const asked = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
let nextId = 1;

function send(message: FromThread, transfer: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, [...transfer]);
}

const context: AnyContext = {
  ask: (name, input, transfer) =>
    new Promise<never>((resolve, reject) => {
      const id = nextId++;
      asked.set(id, { resolve: resolve as (value: unknown) => void, reject });
      send({ kind: 'ask', id, name, input }, transfer);
    }),
  progress: (share, step) => send({ kind: 'progress', share, step }),
};

function settle(id: number, outcome: Outcome): void {
  const question = asked.get(id);
  asked.delete(id);
  if ('error' in outcome) question?.reject(revived(outcome.error));
  else question?.resolve(outcome.value);
}

async function perform({ module, name, input }: Extract<ToThread, { kind: 'task' }>): Promise<void> {
  try {
    const loaded = (await import(module)) as Record<string, unknown>;
    const task = loaded[name];
    if (typeof task !== 'function') throw new TypeError(`${module} exports no ${name}`);
    const result = await (task as AnyTask)(input, context);
    const handed = result instanceof HandedOver;
    const value = handed ? result.value : result;
    send({ kind: 'done', outcome: { value } }, handed ? result.transfer : []);
  } catch (error) {
    send({ kind: 'done', outcome: { error: carried(error) } });
  }
}

parentPort?.on('message', (message: ToThread) => {
  if (message.kind === 'answer') settle(message.id, message.outcome);
  else void perform(message);
});
