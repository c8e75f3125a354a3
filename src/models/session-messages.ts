/** Names the weights of a model as they run: the same weights with as many threads are one session, whoever asks. */
export type SessionKey = string;

export type SessionRequest =
  | {
      readonly kind: 'load';
      readonly id: number;
      readonly host: number;
      readonly session: SessionKey;
      readonly weights: Uint8Array;
      /** Cores that one run may use. */
      readonly threads: number;
    }
  | {
      readonly kind: 'run';
      readonly id: number;
      readonly host: number;
      readonly session: SessionKey;
      readonly input: string;
      readonly data: Float32Array;
      readonly dims: readonly number[];
      readonly outputs: readonly string[];
    }
  /** The host is closed: what it has asked for and was not begun is refused, and sessions that nobody needs go. */
  | {
      readonly kind: 'leave';
      readonly id: number;
      readonly host: number;
      readonly unload: readonly SessionKey[];
    }
  /** Finish what is being done, and end. */
  | { readonly kind: 'end' };

/** A tensor that came out of a network: row-major values and their dimensions. */
export interface OutputTensor {
  readonly data: Float32Array<ArrayBuffer>;
  readonly dims: readonly number[];
}

export type SessionReply =
  | { readonly id: number; readonly outputs: Record<string, OutputTensor>; readonly milliseconds: number }
  | { readonly id: number; readonly error: string };
