// Runs in a worker thread: ONNX Runtime's run() holds the thread that calls it.
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { SessionReply, SessionRequest, SessionWorkerData } from './session-messages.js';

type Work = Exclude<SessionRequest, { kind: 'close' }>;

const { threads } = workerData as SessionWorkerData;
const sessions = new Map<string, InferenceSession>();
let closing = false;

async function load(model: string, weights: Uint8Array): Promise<void> {
  const session = await InferenceSession.create(weights, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // The arena keeps every peak it ever needed; without it memory stays flat over long folders.
    enableCpuMemArena: false,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  sessions.set(model, session);
}

async function run(request: Extract<SessionRequest, { kind: 'run' }>): Promise<SessionReply> {
  const session = sessions.get(request.model);
  if (!session) return { id: request.id, error: `model ${request.model} was not loaded` };
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

async function answer(request: Work): Promise<SessionReply> {
  if (closing) return { id: request.id, error: 'the reader was closed' };
  try {
    if (request.kind === 'run') return await run(request);
    await load(request.model, request.weights);
    return { id: request.id, outputs: {}, milliseconds: 0 };
  } catch (error) {
    return { id: request.id, error: error instanceof Error ? error.message : String(error) };
  }
}

async function leave(): Promise<void> {
  for (const session of sessions.values()) await session.release();
  sessions.clear();
  // Nothing holds the thread's event loop any more, so the thread ends by itself.
  parentPort?.close();
}

async function work(request: Work): Promise<void> {
  const reply = await answer(request);
  const transfer = 'outputs' in reply ? Object.values(reply.outputs).map((output) => output.data.buffer) : [];
  parentPort?.postMessage(reply, transfer);
}

// One request at a time: two runs at once would fight for the same cores.
let queue: Promise<void> = Promise.resolve();
parentPort?.on('message', (request: SessionRequest) => {
  if (request.kind === 'close') closing = true;
  queue = queue.then(() => (request.kind === 'close' ? leave() : work(request)));
});
