// Runs in a worker thread: ONNX Runtime's run() holds the thread that calls it.
import { parentPort } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { SessionKey, SessionReply, SessionRequest } from './session-messages.js';

type Numbered = Exclude<SessionRequest, { kind: 'end' }>;

const sessions = new Map<SessionKey, InferenceSession>();
const closed = new Set<number>();

async function load({ session, weights, threads }: Extract<SessionRequest, { kind: 'load' }>): Promise<void> {
  const created = await InferenceSession.create(weights, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // The arena keeps every peak it ever needed; without it memory stays flat over long folders.
    enableCpuMemArena: false,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  sessions.set(session, created);
}

async function run(request: Extract<SessionRequest, { kind: 'run' }>): Promise<SessionReply> {
  const session = sessions.get(request.session);
  if (!session) return { id: request.id, error: 'the model was not loaded' };
  const start = performance.now();
  const feeds = { [request.input]: new Tensor('float32', request.data, request.dims) };
  const results = await session.run(feeds, request.outputs);
  const milliseconds = performance.now() - start;
  const outputs: Record<string, { data: Float32Array<ArrayBuffer>; dims: number[] }> = {};
  for (const [name, tensor] of Object.entries(results)) {
    // Copied out of the runtime's memory, so that it can be handed to the other thread and the tensor freed.
    outputs[name] = { data: Float32Array.from(tensor.data as Float32Array), dims: [...tensor.dims] };
    tensor.dispose();
  }
  return { id: request.id, outputs, milliseconds };
}

async function unload(keys: readonly SessionKey[]): Promise<void> {
  for (const key of keys) {
    await sessions.get(key)?.release();
    sessions.delete(key);
  }
}

async function answer(request: Numbered): Promise<SessionReply> {
  const done = { id: request.id, outputs: {}, milliseconds: 0 };
  try {
    if (request.kind === 'leave') await unload(request.unload);
    else if (closed.has(request.host)) return { id: request.id, error: 'the reader was closed' };
    else if (request.kind === 'run') return await run(request);
    else await load(request);
    return done;
  } catch (error) {
    return { id: request.id, error: error instanceof Error ? error.message : String(error) };
  }
}

async function end(): Promise<void> {
  await unload([...sessions.keys()]);
  // Nothing holds the thread's event loop any more, so the thread ends by itself.
  parentPort?.close();
}

async function work(request: Numbered): Promise<void> {
  const reply = await answer(request);
  const transfer = 'outputs' in reply ? Object.values(reply.outputs).map((output) => output.data.buffer) : [];
  parentPort?.postMessage(reply, transfer);
}

// One request at a time: two runs at once would fight for the same cores.
let queue: Promise<void> = Promise.resolve();
parentPort?.on('message', (request: SessionRequest) => {
  if (request.kind === 'leave') closed.add(request.host);
  queue = queue.then(() => (request.kind === 'end' ? end() : work(request)));
});
