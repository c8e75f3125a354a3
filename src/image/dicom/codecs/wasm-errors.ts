import { LucencyError } from '../../../core/errors.js';
import { WasmCodecError } from './wasm-codec.js';

/** Words by which the decoders say that a stream ends too early. */
const truncationWords =
  /too short|reached its end|too small|end of (stream|file)|inconsistent with stream length/i;

/** Gives the errors of a WebAssembly decoder their catalogued codes. */
export async function withWasmErrors<T>(name: string, decode: Promise<T>): Promise<T> {
  try {
    return await decode;
  } catch (error) {
    if (!(error instanceof WasmCodecError)) throw error;
    const code = truncationWords.test(error.message) ? 'LUC_DICOM_TRUNCATED' : 'LUC_DICOM_CORRUPT';
    throw new LucencyError(code, { path: name, reason: error.message }, { cause: error });
  }
}
