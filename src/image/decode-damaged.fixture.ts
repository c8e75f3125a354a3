// A program of its own: decodes what it is sent, so that a crash of native code, a hang or a leak is seen as what it is.
import { writeFile } from 'node:fs/promises';
import { LucencyError } from '../core/errors.js';
import { decodeFrames } from './decode.js';
import { findInputs } from './inputs.js';

/** Bytes to decode; with `file` they are first written there and then searched for images, as an archive is. */
export interface DecodeRequest {
  readonly bytes: Uint8Array;
  readonly file: string | null;
}

/** What became of them. */
export interface DecodeAnswer {
  readonly ready?: true;
  readonly pixels?: number;
  readonly code?: string;
  readonly message?: string;
  /** A programming error that was passed off as damage. */
  readonly slip?: string | null;
  readonly rss: number;
}

function say(answer: Omit<DecodeAnswer, 'rss'>): void {
  process.send?.({ ...answer, rss: process.memoryUsage().rss } satisfies DecodeAnswer);
}

async function count(bytes: Uint8Array): Promise<number> {
  let pixels = 0;
  for await (const { width, height, pixels: values } of decodeFrames(bytes, { maxPixels: 4_000_000 })) {
    if (values.length !== width * height) throw new Error('wrong number of pixels');
    pixels += values.length;
  }
  return pixels;
}

async function search(bytes: Uint8Array, file: string): Promise<number> {
  await writeFile(file, bytes);
  let pixels = 0;
  for await (const item of findInputs([file], { maxFileBytes: 2 ** 24 })) {
    if ('error' in item) {
      if (!(item.error instanceof LucencyError)) throw item.error;
      continue;
    }
    try {
      pixels += await count(await item.read());
    } catch (error) {
      if (!(error instanceof LucencyError)) throw error;
    }
  }
  return pixels;
}

async function answer({ bytes, file }: DecodeRequest): Promise<void> {
  try {
    say({ pixels: await (file === null ? count(bytes) : search(bytes, file)) });
  } catch (error) {
    const inner = error instanceof Error ? error.cause : null;
    const slipped =
      inner instanceof TypeError || inner instanceof RangeError || inner instanceof ReferenceError;
    const code = error instanceof LucencyError ? error.code : 'none';
    const message = error instanceof Error ? String(error.stack) : String(error);
    say({ code, message, slip: slipped ? String(inner.stack) : null });
  }
}

process.on('message', (request) => void answer(request as DecodeRequest));
say({ ready: true });
