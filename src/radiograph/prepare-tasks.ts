// Loaded by worker threads: decoding and resizing must neither block the event loop nor hang it on a hostile file.
import type { Radiograph } from '../core/radiograph.js';
import { decodeFrames } from '../image/decode.js';
import { HandedOver } from '../models/threads/thread-task.js';
import { prepareCrops, prepareFrame } from './prepare.js';
import type {
  CropRequest,
  ImageRequest,
  PreparedCrops,
  PreparedFrame,
  PreparePlan,
} from './prepare-messages.js';

let frames: AsyncGenerator<Radiograph> | null = null;
let plan: PreparePlan = { sizes: [], detectorSize: null };

function share(radiograph: Radiograph): Radiograph {
  const pixels = new Uint16Array(new SharedArrayBuffer(radiograph.pixels.byteLength));
  pixels.set(radiograph.pixels);
  return { ...radiograph, pixels };
}

/** Begins an image; whatever was left of the one before is dropped. */
export function openImage({ bytes, name, plan: wanted }: ImageRequest): void {
  plan = wanted;
  frames = decodeFrames(bytes, { name });
}

/** The next frame of the image with its tensors; null when there is none. */
export async function nextFrame(): Promise<HandedOver<PreparedFrame | null>> {
  const start = performance.now();
  const item = await frames?.next();
  if (!item || item.done) {
    frames = null;
    return new HandedOver(null, []);
  }
  const frame = prepareFrame(share(item.value), plan, performance.now() - start);
  const tensors = [...Object.values(frame.whole), ...frame.tiles];
  return new HandedOver(
    frame,
    tensors.map(({ data }) => data.buffer),
  );
}

export function cropBoxes({ radiograph, range, boxes, options }: CropRequest): HandedOver<PreparedCrops> {
  const crops = prepareCrops(radiograph, range, boxes, options);
  return new HandedOver(crops, [crops.data.buffer]);
}
