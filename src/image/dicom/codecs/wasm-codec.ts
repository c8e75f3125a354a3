import { createRequire } from 'node:module';

/** What the decoders of @cornerstonejs share; they ship no types. All arrays they give lie in WebAssembly memory. */
export interface WasmDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): WasmFrameInfo;
  /** Frees it; its buffers must not be used after. */
  delete(): void;
}

export interface WasmFrameInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
}

interface WasmModule {
  readonly HEAPU8: Uint8Array;
  /** Words of a C++ exception that was thrown as a number; not in every build. */
  getExceptionMessage?(pointer: number): string | [string, string];
}

type ModuleFactory<M> = (options: { print(text: string): void; printErr(text: string): void }) => Promise<M>;

const require = createRequire(import.meta.url);

/** WebAssembly memory never shrinks: an instance that has grown past this is dropped after use. */
const keepBelowBytes = 256 * 1024 * 1024;

const mostMessages = 64;

/** OpenJPEG prints errors, and warnings when it goes on without part of the data; its other warnings are harmless. */
const complaintWords =
  /\berror\b|segment too long|expected (SOP|EPH)|not enough|truncat|missing|incomplete|corrupt/i;

/** What the decoder said when it failed. */
export class WasmCodecError extends Error {}

/**
 * One WebAssembly codec, loaded when first used. Its instance is kept between frames, but given up after a failure (its
 * memory may be in disorder) and after a frame that made it grow large.
 */
export class WasmCodec<M extends WasmModule, D extends WasmDecoder> {
  private instance: M | null = null;
  private messages: string[] = [];

  constructor(
    private readonly path: string,
    private readonly create: (module: M) => D,
  ) {}

  private async load(): Promise<M> {
    if (this.instance) return this.instance;
    const factory = require(this.path) as ModuleFactory<M>;
    // The codecs would print to standard output, which belongs to results.
    const listen = (text: string): void => {
      if (this.messages.length < mostMessages) this.messages.push(text.trim());
    };
    this.instance = await factory({ print: listen, printErr: listen });
    return this.instance;
  }

  /**
   * Decodes `bytes` and hands decoder and information to `take`, which must copy what it keeps.
   * @throws WasmCodecError
   */
  async decode<T>(bytes: Uint8Array, take: (decoder: D, info: WasmFrameInfo) => T): Promise<T> {
    const module = await this.load();
    this.messages = [];
    try {
      const decoder = this.create(module);
      try {
        decoder.getEncodedBuffer(bytes.length).set(bytes);
        decoder.decode();
        const info = decoder.getFrameInfo();
        // OpenJPEG does not throw: it prints, and goes on with part of the image or none.
        if (info.width === 0 || this.complaint() !== null) throw new Error('the codestream is damaged');
        return take(decoder, info);
      } finally {
        decoder.delete();
      }
    } catch (error) {
      this.instance = null;
      throw new WasmCodecError(this.describe(error, module), { cause: error });
    } finally {
      if (module.HEAPU8.length > keepBelowBytes) this.instance = null;
    }
  }

  private complaint(): string | null {
    const line = this.messages.find((text) => complaintWords.test(text));
    return line?.replace(/^\[\w+\]\s*/, '') ?? null;
  }

  private describe(error: unknown, module: M): string {
    const complaint = this.complaint();
    if (complaint !== null) return complaint;
    // C++ exceptions arrive as a pointer; the build's own function turns it into type and words.
    if (typeof error === 'number' && module.getExceptionMessage) {
      return [module.getExceptionMessage(error)].flat().join(': ');
    }
    return error instanceof Error ? error.message : 'the decoder failed';
  }
}

/** Samples of one or two bytes copied out of a decoder's memory, as unsigned words whatever their sign. */
export function copySamples(decoded: Uint8Array, { bitsPerSample }: WasmFrameInfo): Uint8Array | Uint16Array {
  // The decoders give clamped arrays for eight bits; the kind of array must not depend on the codec.
  const { buffer } = decoded.slice();
  return bitsPerSample <= 8 ? new Uint8Array(buffer) : new Uint16Array(buffer);
}
