import { LucencyError } from '../../../core/errors.js';
import { isAeTitle } from '../scp/peer-rule.js';

/** Where a destination or source is, as a user writes it. */
export type Address =
  | { readonly kind: 'dimse'; readonly aeTitle: string; readonly host: string; readonly port: number }
  | { readonly kind: 'web'; readonly url: URL };

/**
 * `AE@host:port` for a DICOM node, `http(s)://...` for DICOMweb.
 * @throws LUC_USAGE_INVALID
 */
export function parseAddress(text: string): Address {
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) {
    const url = new URL(text);
    if (url.username === '' && url.password === '') return { kind: 'web', url };
    const reason = 'Credentials do not belong into an address; see --help for how to give them.';
    throw new LucencyError('LUC_USAGE_INVALID', { reason });
  }
  const [, aeTitle = '', host = '', port = ''] = /^([^@]+)@(.+):(\d{1,5})$/.exec(text) ?? [];
  const number = Number(port);
  if (!isAeTitle(aeTitle) || host === '' || number < 1 || number > 65_535) {
    const reason = `"${text}" is no address: write AE@host:port, or the http(s) address of DICOMweb services.`;
    throw new LucencyError('LUC_USAGE_INVALID', { reason });
  }
  return { kind: 'dimse', aeTitle: aeTitle.trim(), host: host.replace(/^\[|\]$/g, ''), port: number };
}
