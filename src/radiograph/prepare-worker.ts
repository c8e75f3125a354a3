// Runs in a worker thread: decoding and resizing must neither block the event loop nor hang it on a hostile file.
import { parentPort } from 'node:worker_threads';
import { LucencyError } from '../core/errors.js';
import type { Radiograph } from '../core/radiograph.js';
import { decodeFrames } from '../image/decode.js';
import { prepareCrops, prepareFrame } from './prepare.js';
import type { PreparePlan, PrepareReply, PrepareRequest, SerialisedError } from './prepare-messages.js';

let frames: AsyncGenerator<Radiograph> | null = null;
let plan: PreparePlan = { sizes: [], detectorSize: null };

function share(radiograph: Radiograph): Radiograph {
  const pixels = new Uint16Array(new SharedArrayBuffer(radiograph.pixels.byteLength));
  pixels.set(radiograph.pixels);
  return { ...radiograph, pixels };
}

async function next(): Promise<PrepareReply> {
  const start = performance.now();
  const item = await frames?.next();
  if (!item || item.done) {
    frames = null;
    return { kind: 'frame', frame: null };
  }
  const radiograph = share(item.value);
  return { kind: 'frame', frame: prepareFrame(radiograph, plan, performance.now() - start) };
}

async function answer(request: PrepareRequest): Promise<PrepareReply> {
  if (request.kind === 'crop') {
    const { radiograph, range, boxes, options } = request;
    return { kind: 'crops', crops: prepareCrops(radiograph, range, boxes, options) };
  }
  if (request.kind === 'next') return next();
  plan = request.plan;
  frames = decodeFrames(request.bytes, { name: request.name });
  return { kind: 'opened' };
}

function serialise(error: unknown): SerialisedError {
  if (error instanceof LucencyError)
    return { code: error.code, message: error.message, details: error.details };
  return { code: null, message: error instanceof Error ? error.message : String(error), details: {} };
}

function buffersOf(reply: PrepareReply): ArrayBuffer[] {
  if (reply.kind === 'crops') return [reply.crops.data.buffer];
  if (reply.kind !== 'frame' || !reply.frame) return [];
  return [...Object.values(reply.frame.whole), ...reply.frame.tiles].map((tensor) => tensor.data.buffer);
}

parentPort?.on('message', (request: PrepareRequest) => {
  void answer(request)
    .catch((error: unknown): PrepareReply => ({ kind: 'error', error: serialise(error) }))
    .then((reply) => parentPort?.postMessage(reply, buffersOf(reply)));
});
