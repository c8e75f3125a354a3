/** Longest block of headers of one part. */
const longestHeaders = 2 ** 16;

/** The bytes are no multipart message. */
export class MultipartError extends Error {}

export interface Part {
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  /** To be read to its end before the next part is asked for. */
  readonly body: AsyncIterable<Buffer>;
}

/** The boundary that a Content-Type states (RFC 2046 5.1); null when it is no multipart. */
export function boundaryOf(contentType: string): string | null {
  if (!/^multipart\//i.test(contentType.trim())) return null;
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
  return quoted ?? plain ?? null;
}

/** Finds marks in bytes that come piece by piece, and holds back only what may be the start of one. */
class MarkReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #bytes: Buffer = Buffer.alloc(0);
  #ended = false;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async #more(): Promise<void> {
    const next = await this.#source.next();
    if (next.done) this.#ended = true;
    else this.#bytes = Buffer.concat([this.#bytes, next.value]);
  }

  /** Bytes up to the mark, which is passed over. */
  async *until(mark: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const found = this.#bytes.indexOf(mark);
      const safe = found >= 0 ? found : Math.max(0, this.#bytes.length - mark.length + 1);
      const piece = this.#bytes.subarray(0, safe);
      this.#bytes = this.#bytes.subarray(found >= 0 ? found + mark.length : safe);
      if (piece.length > 0) yield piece;
      if (found >= 0) return;
      if (this.#ended) throw new MultipartError('it ends inside a part');
      await this.#more();
    }
  }

  async take(count: number): Promise<Buffer> {
    while (this.#bytes.length < count) {
      if (this.#ended) throw new MultipartError('it ends too early');
      await this.#more();
    }
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return taken;
  }
}

async function headersOf(reader: MarkReader): Promise<Map<string, string>> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const piece of reader.until(Buffer.from('\r\n\r\n'))) {
    length += piece.length;
    if (length > longestHeaders) throw new MultipartError('the headers of a part are too long');
    parts.push(piece);
  }
  const lines = Buffer.concat(parts).toString('latin1').split('\r\n');
  return new Map(
    lines.flatMap((line) => {
      const colon = line.indexOf(':');
      return colon < 0 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]];
    }),
  );
}

/**
 * Reads a multipart message (RFC 2046) as it comes; memory does not grow with the length of its parts.
 * @throws MultipartError
 */
export async function* readMultipart(
  source: AsyncIterable<Uint8Array>,
  boundary: string,
): AsyncGenerator<Part> {
  const reader = new MarkReader(source);
  for await (const _ of reader.until(Buffer.from(`--${boundary}`)));
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  for (;;) {
    const next = (await reader.take(2)).toString('latin1');
    if (next === '--') return;
    if (next !== '\r\n') throw new MultipartError('a boundary is not followed by a part');
    yield { headers: await headersOf(reader), body: reader.until(delimiter) };
  }
}
