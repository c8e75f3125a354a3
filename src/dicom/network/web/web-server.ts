import http from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { LucencyError } from '../../../core/errors.js';
import { isTlsFault, secureContext, type TlsMaterial } from '../tls-files.js';

/*
 * Why not dicomweb-client: it works through XMLHttpRequest, which Node does not have, and gathers a whole response in
 * memory before it gives any of it.
 */

export interface WebServerOptions {
  /** Base of the DICOMweb services, such as `https://pacs/dicom-web`. */
  readonly url: URL;
  /** Keys and authorities beyond those of the system; null for none. */
  readonly tls: TlsMaterial | null;
  /** Value of the Authorization header; null for none. */
  readonly authorization: string | null;
  readonly idleSeconds: number;
}

export interface WebRequest {
  readonly method: 'GET' | 'POST';
  /** Appended to the base. */
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: AsyncIterable<Buffer>;
}

export interface WebResponse {
  readonly status: number;
  readonly contentType: string;
  /** As it comes; to be read or destroyed. */
  readonly body: http.IncomingMessage;
}

/** Answers that another try later may change. */
const passingStatuses: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** A server that speaks DICOMweb (PS3.18). Connections are kept and used again. */
export class WebServer {
  /** For people: the address, without credentials. */
  readonly name: string;
  readonly #options: WebServerOptions;
  readonly #agent: http.Agent;

  constructor(options: WebServerOptions) {
    this.#options = options;
    this.name = `${options.url.origin}${options.url.pathname}`;
    this.#agent =
      options.url.protocol === 'https:'
        ? new https.Agent({ keepAlive: true, ...(options.tls ? secureContext(options.tls) : {}) })
        : new http.Agent({ keepAlive: true });
  }

  /**
   * Sends a request and gives the response once its headers are there.
   * @throws LUC_DICOM_NET_UNREACHABLE, LUC_DICOM_NET_TIMEOUT, LUC_DICOM_NET_TLS, and what reading the body throws
   */
  async exchange({ method, path, query, headers, body }: WebRequest): Promise<WebResponse> {
    const { url, authorization, idleSeconds } = this.#options;
    const target = new URL(`${url.pathname.replace(/\/$/, '')}${path}`, url.origin);
    if (query) target.search = query.toString();
    const request = (url.protocol === 'https:' ? https : http).request(target, {
      method,
      agent: this.#agent,
      headers: { ...headers, ...(authorization === null ? {} : { authorization }) },
      timeout: idleSeconds * 1000,
    });
    return new Promise((resolve, reject) => {
      let bodyError: unknown = null;
      request.once('timeout', () => {
        const details = { peer: this.name, waitingFor: 'its answer', seconds: idleSeconds };
        request.destroy(new LucencyError('LUC_DICOM_NET_TIMEOUT', details));
      });
      request.once('error', (error) => reject(bodyError ?? this.#error(error)));
      request.once('response', (response) => {
        resolve({
          status: response.statusCode ?? 0,
          contentType: response.headers['content-type'] ?? '',
          body: response,
        });
      });
      if (!body) request.end();
      else {
        const source = Readable.from(body, { objectMode: false });
        source.once('error', (error) => {
          bodyError = error;
          request.destroy(error);
        });
        source.pipe(request);
      }
    });
  }

  #error(cause: Error): LucencyError {
    if (cause instanceof LucencyError) return cause;
    const code = 'code' in cause ? String(cause.code) : '';
    const details = { peer: this.name, reason: code === '' ? cause.message : code };
    return new LucencyError(isTlsFault(cause) ? 'LUC_DICOM_NET_TLS' : 'LUC_DICOM_NET_UNREACHABLE', details, {
      cause,
    });
  }

  /** The error of an answer that is no success; its body is thrown away. */
  refusal({ status, body }: WebResponse, what: string): LucencyError {
    body.resume();
    const details = { peer: this.name, status, what };
    if (passingStatuses.has(status)) {
      return new LucencyError('LUC_DICOM_NET_PUT_OFF', { peer: this.name, status, comment: what });
    }
    const denied = status === 401 || status === 403;
    return new LucencyError(denied ? 'LUC_DICOM_NET_WEB_DENIED' : 'LUC_DICOM_NET_WEB_REFUSED', details);
  }

  close(): void {
    this.#agent.destroy();
  }
}

/**
 * The body of a response, when it is small enough.
 * @throws LUC_DICOM_NET_WEB_ANSWER when it is longer than `mostBytes`, LUC_DICOM_NET_CONNECTION_LOST
 */
export async function readBody(response: WebResponse, peer: string, mostBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of response.body) {
      const bytes = Buffer.from(part);
      length += bytes.length;
      if (length > mostBytes) {
        throw new LucencyError('LUC_DICOM_NET_WEB_ANSWER', {
          peer,
          reason: `it has more than ${mostBytes} bytes`,
        });
      }
      parts.push(bytes);
    }
  } catch (cause) {
    if (cause instanceof LucencyError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LucencyError('LUC_DICOM_NET_CONNECTION_LOST', { peer, reason }, { cause });
  }
  return Buffer.concat(parts);
}
