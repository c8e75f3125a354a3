import { readFile } from 'node:fs/promises';
import { LucencyError } from '../../core/errors.js';

/** PEM files of one side of a TLS connection. */
export interface TlsFiles {
  readonly key: string | null;
  readonly certificate: string | null;
  /** Certificates that the other side's must lead to. */
  readonly authorities: string | null;
}

export interface TlsMaterial {
  readonly key: Buffer | null;
  readonly certificate: Buffer | null;
  readonly authorities: Buffer | null;
}

/** Lowest version that BCP 195, and with it PS3.15 B.9 to B.12, allows. */
export const lowestTlsVersion = 'TLSv1.2';

/** @throws LUC_DICOM_NET_TLS_FILE */
export async function readTlsFiles(files: TlsFiles): Promise<TlsMaterial> {
  const read = async (path: string | null): Promise<Buffer | null> => {
    if (path === null) return null;
    try {
      return await readFile(path);
    } catch (error) {
      const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      throw new LucencyError('LUC_DICOM_NET_TLS_FILE', { path, reason }, { cause: error });
    }
  };
  return {
    key: await read(files.key),
    certificate: await read(files.certificate),
    authorities: await read(files.authorities),
  };
}

/** What node:tls and node:https take of it. */
export function secureContext({ key, certificate, authorities }: TlsMaterial) {
  return {
    minVersion: lowestTlsVersion,
    ...(key === null ? {} : { key }),
    ...(certificate === null ? {} : { cert: certificate }),
    ...(authorities === null ? {} : { ca: authorities }),
  } as const;
}

/** Whether a connection failed for its certificates, keys or versions, which another try does not mend. */
export function isTlsFault(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(ERR_TLS|ERR_SSL|EPROTO|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code);
}
