import { LucencyError } from '../../../core/errors.js';
import { transferSyntaxes } from '../../../image/dicom/transfer-syntaxes.js';
import { storageSopClasses } from '../storage-sop-classes.js';
import { implicitLittleEndian, verificationSopClass } from '../uids.js';
import type { AcceptPolicy, Refusal } from '../upper-layer/accept.js';
import { type AnsweredContext, contextResult, type ProposedContext } from '../upper-layer/pdu.js';
import { mayAssociate, type PeerRule } from './peer-rule.js';

const nativeSyntaxes: ReadonlySet<string> = new Set([
  implicitLittleEndian,
  '1.2.840.10008.1.2.1',
  '1.2.840.10008.1.2.2',
]);

/** Transfer syntaxes in which objects are taken: all that Lucency decodes. */
export const takenTransferSyntaxes: ReadonlySet<string> = new Set(
  [...transferSyntaxes.values()].filter(({ codec }) => codec !== 'video').map(({ uid }) => uid),
);

/** The first of the proposed transfer syntaxes that can be taken; the sender's order is its preference. */
export function answerContext({
  id,
  abstractSyntax,
  transferSyntaxes: proposed,
}: ProposedContext): AnsweredContext {
  const isVerification = abstractSyntax === verificationSopClass;
  const [fallback = ''] = proposed;
  if (!isVerification && !storageSopClasses.has(abstractSyntax)) {
    return { id, result: contextResult.abstractSyntaxNotSupported, transferSyntax: fallback };
  }
  const taken = isVerification ? nativeSyntaxes : takenTransferSyntaxes;
  const transferSyntax = proposed.find((uid) => taken.has(uid));
  return transferSyntax === undefined
    ? { id, result: contextResult.transferSyntaxesNotSupported, transferSyntax: fallback }
    : { id, result: contextResult.acceptance, transferSyntax };
}

export interface ScpPolicyOptions {
  readonly aeTitle: string;
  /** Who may send; null for anyone. */
  readonly peers: readonly PeerRule[] | null;
  /** Takes a place for one more association; false when there is none. Asked last, once all else is in order. */
  readonly takeSeat: () => boolean;
}

/** Who may associate with a storage SCP, and in what. Reasons are those of PS3.8 table 9-21. */
export function scpPolicy({ aeTitle, peers, takeSeat }: ScpPolicyOptions): AcceptPolicy {
  return {
    answer: answerContext,
    refuse({ calledAeTitle, callingAeTitle }, { peer, address }): Refusal | null {
      if (calledAeTitle !== aeTitle) {
        const error = new LucencyError('LUC_DICOM_NET_CALLED_AE_UNKNOWN', { peer, aeTitle: calledAeTitle });
        return { pdu: { result: 1, source: 1, reason: 7 }, error };
      }
      if (peers && !mayAssociate(peers, callingAeTitle, address)) {
        const error = new LucencyError('LUC_DICOM_NET_CALLING_AE_UNKNOWN', { peer, aeTitle: callingAeTitle });
        return { pdu: { result: 1, source: 1, reason: 3 }, error };
      }
      if (!takeSeat()) {
        const error = new LucencyError('LUC_DICOM_NET_FULL', { peer, aeTitle: callingAeTitle });
        return { pdu: { result: 2, source: 3, reason: 2 }, error };
      }
      return null;
    },
  };
}
