export interface SessionWorkerData {
  /** Threads that one run may use. */
  readonly threads: number;
}

export type SessionRequest =
  | { readonly kind: 'load'; readonly id: number; readonly model: string; readonly weights: Uint8Array }
  | {
      readonly kind: 'run';
      readonly id: number;
      readonly model: string;
      readonly input: string;
      readonly data: Float32Array;
      readonly dims: readonly number[];
      readonly outputs: readonly string[];
    }
  /** Finish what is being done, do nothing more, and leave. */
  | { readonly kind: 'close' };

/** A tensor that came out of a network: row-major values and their dimensions. */
export interface OutputTensor {
  readonly data: Float32Array<ArrayBuffer>;
  readonly dims: readonly number[];
}

export type SessionReply =
  | { readonly id: number; readonly outputs: Record<string, OutputTensor>; readonly milliseconds: number }
  | { readonly id: number; readonly error: string };
