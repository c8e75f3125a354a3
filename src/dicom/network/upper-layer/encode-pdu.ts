import {
  type AbortReason,
  type AssociateAccept,
  type AssociateReject,
  type AssociateRequest,
  dicomApplicationContext,
  pduHeaderLength,
  pduType,
} from './pdu.js';

function pdu(type: number, body: Buffer): Buffer {
  const header = Buffer.alloc(pduHeaderLength);
  header.writeUInt8(type, 0);
  header.writeUInt32BE(body.length, 2);
  return Buffer.concat([header, body]);
}

function item(type: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const header = Buffer.alloc(4);
  header.writeUInt8(type, 0);
  header.writeUInt16BE(body.length, 2);
  return Buffer.concat([header, body]);
}

function textItem(type: number, text: string): Buffer {
  return item(type, Buffer.from(text, 'latin1'));
}

function aeTitle(title: string): Buffer {
  return Buffer.from(title.padEnd(16).slice(0, 16), 'latin1');
}

function userInformation(association: AssociateRequest | AssociateAccept): Buffer {
  const maxLength = Buffer.alloc(4);
  maxLength.writeUInt32BE(association.maxPduLength);
  return item(
    0x50,
    item(0x51, maxLength),
    textItem(0x52, association.implementationClassUid),
    textItem(0x55, association.implementationVersionName),
  );
}

function associate(type: number, names: AssociateRequest | AssociateAccept, items: Buffer[]): Buffer {
  const fixed = Buffer.alloc(4);
  fixed.writeUInt16BE(1);
  return pdu(
    type,
    Buffer.concat([
      fixed,
      aeTitle(names.calledAeTitle),
      aeTitle(names.callingAeTitle),
      Buffer.alloc(32),
      textItem(0x10, dicomApplicationContext),
      ...items,
      userInformation(names),
    ]),
  );
}

/** PS3.8 9.3.2. */
export function encodeAssociateRequest(request: AssociateRequest): Buffer {
  const contexts = request.contexts.map(({ id, abstractSyntax, transferSyntaxes }) =>
    item(
      0x20,
      Buffer.of(id, 0, 0, 0),
      textItem(0x30, abstractSyntax),
      ...transferSyntaxes.map((uid) => textItem(0x40, uid)),
    ),
  );
  return associate(pduType.associateRequest, request, contexts);
}

/** PS3.8 9.3.3. */
export function encodeAssociateAccept(accept: AssociateAccept): Buffer {
  const contexts = accept.contexts.map(({ id, result, transferSyntax }) =>
    item(0x21, Buffer.of(id, 0, result, 0), textItem(0x40, transferSyntax)),
  );
  return associate(pduType.associateAccept, accept, contexts);
}

/** PS3.8 9.3.4. */
export function encodeAssociateReject({ result, source, reason }: AssociateReject): Buffer {
  return pdu(pduType.associateReject, Buffer.of(0, result, source, reason));
}

/** PS3.8 9.3.6. */
export function encodeReleaseRequest(): Buffer {
  return pdu(pduType.releaseRequest, Buffer.alloc(4));
}

/** PS3.8 9.3.7. */
export function encodeReleaseResponse(): Buffer {
  return pdu(pduType.releaseResponse, Buffer.alloc(4));
}

/** PS3.8 9.3.8. */
export function encodeAbort({ source, reason }: AbortReason): Buffer {
  return pdu(pduType.abort, Buffer.of(0, 0, source, reason));
}

/** Bytes in front of the fragment in a P-DATA unit that holds one presentation data value. */
export const dataHeaderLength = pduHeaderLength + 6;

/** Writes the header of a P-DATA unit (PS3.8 9.3.5, annex E) in front of a fragment of `length` bytes. */
export function writeDataHeader(
  target: Buffer,
  {
    contextId,
    command,
    last,
    length,
  }: { contextId: number; command: boolean; last: boolean; length: number },
): void {
  target.writeUInt8(pduType.data, 0);
  target.writeUInt8(0, 1);
  target.writeUInt32BE(length + 6, 2);
  target.writeUInt32BE(length + 2, 6);
  target.writeUInt8(contextId, 10);
  target.writeUInt8((command ? 1 : 0) | (last ? 2 : 0), 11);
}
