import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { LucencyError } from '../../../core/errors.js';
import { fileHeaderOf } from '../store/file-header.js';
import { readBody, type WebResponse, type WebServer } from '../web/web-server.js';
import type { Destination, Outcome } from './destination.js';
import { fileError } from './file-error.js';

const longestAnswer = 2 ** 20;

async function* multipartBody(file: string, boundary: string): AsyncGenerator<Buffer> {
  yield Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`);
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 18 })) yield chunk as Buffer;
  yield Buffer.from(`\r\n--${boundary}--\r\n`);
}

/** Failure Reason (0008,1197) of the first item of Failed SOP Sequence (0008,1198) in a response; null if none. */
function failureReason(text: string): string | null {
  try {
    const answer: unknown = JSON.parse(text);
    const value = (holder: unknown, tag: string): unknown => {
      const element = (holder as Record<string, { Value?: unknown[] }> | null)?.[tag];
      return element?.Value?.[0] ?? null;
    };
    const failed = value(answer, '00081198');
    return failed === null ? null : String(value(failed, '00081197') ?? 'not stated');
  } catch {
    return null;
  }
}

/** A server that takes objects by STOW-RS (PS3.18 10.5), one per request, so that each has an outcome of its own. */
export class StowDestination implements Destination {
  readonly name: string;
  readonly #server: WebServer;

  constructor(server: WebServer) {
    this.#server = server;
    this.name = server.name;
  }

  async *send(files: readonly string[]): AsyncGenerator<Outcome> {
    for (const file of files) {
      try {
        await fileHeaderOf(file);
        await this.#store(file);
        yield { file, error: null };
      } catch (cause) {
        const error = fileError(cause, file);
        // Neither a server that is not there nor one that refuses us says anything of the file.
        if (error.concerns === 'peer') throw error;
        yield { file, error };
      }
    }
  }

  async #store(file: string): Promise<void> {
    const boundary = `lucency-${randomUUID()}`;
    const response = await this.#server.exchange({
      method: 'POST',
      path: '/studies',
      headers: {
        'content-type': `multipart/related; type="application/dicom"; boundary=${boundary}`,
        accept: 'application/dicom+json',
      },
      body: multipartBody(file, boundary),
    });
    await this.#judge(response);
  }

  async #judge(response: WebResponse): Promise<void> {
    // 409: all instances failed; it has the same body as a success.
    if (response.status !== 200 && response.status !== 202 && response.status !== 409) {
      throw this.#server.refusal(response, 'STOW-RS');
    }
    const text = (await readBody(response, this.name, longestAnswer)).toString('utf8');
    const reason = failureReason(text) ?? (response.status === 409 ? 'not stated' : null);
    if (reason === null) return;
    const details = { peer: this.name, status: reason, comment: `HTTP ${response.status}` };
    throw new LucencyError('LUC_DICOM_NET_SEND_REFUSED', details);
  }
}
