import { createReadStream } from 'node:fs';
import type { Destination, Outcome } from '../../dicom/network/delivery/destination.js';
import { fileError } from '../../dicom/network/delivery/file-error.js';
import type { WebServer } from '../../dicom/network/web/web-server.js';

async function* bytesOf(file: string): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(file)) yield chunk as Buffer;
}

/** A web address that takes each file by POST as `application/json`. */
export class JsonDestination implements Destination {
  readonly name: string;
  readonly #server: WebServer;

  constructor(server: WebServer) {
    this.#server = server;
    this.name = server.name;
  }

  async *send(files: readonly string[]): AsyncGenerator<Outcome> {
    for (const file of files) {
      try {
        const response = await this.#server.exchange({
          method: 'POST',
          path: '',
          headers: { 'content-type': 'application/json' },
          body: bytesOf(file),
        });
        if (response.status < 200 || response.status > 299) throw this.#server.refusal(response, 'POST');
        response.body.resume();
        yield { file, error: null };
      } catch (cause) {
        const error = fileError(cause, file);
        if (error.concerns === 'peer') throw error;
        yield { file, error };
      }
    }
  }
}
