import {
  type AbortReason,
  type AnsweredContext,
  type AssociateAccept,
  type AssociateReject,
  type AssociateRequest,
  abortReason,
  PduError,
  type ProposedContext,
} from './pdu.js';

function invalid(what: string): PduError {
  return new PduError(what, abortReason.invalidParameter);
}

/** Names and UIDs. They stand in logs, so what is no printable character must not get there. */
function text(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(/\0+$/, '')
    .replace(/[^\x20-\x7e]/g, '?')
    .trim();
}

interface Item {
  readonly type: number;
  readonly body: Buffer;
}

function items(bytes: Buffer): Item[] {
  const found: Item[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + 4 > bytes.length) throw invalid('the header of an item is cut');
    const end = at + 4 + bytes.readUInt16BE(at + 2);
    if (end > bytes.length) throw invalid('an item is longer than its unit');
    found.push({ type: bytes.readUInt8(at), body: bytes.subarray(at + 4, end) });
    at = end;
  }
  return found;
}

function syntaxes(body: Buffer, type: number): string[] {
  return items(body.subarray(4))
    .filter((inner) => inner.type === type)
    .map((inner) => text(inner.body));
}

function contextHead(body: Buffer): { id: number; result: number } {
  if (body.length < 4) throw invalid('a presentation context is cut');
  return { id: body.readUInt8(0), result: body.readUInt8(2) };
}

function proposedContext(body: Buffer): ProposedContext {
  const { id } = contextHead(body);
  const [abstractSyntax] = syntaxes(body, 0x30);
  if (abstractSyntax === undefined) throw invalid('a presentation context names no abstract syntax');
  return { id, abstractSyntax, transferSyntaxes: syntaxes(body, 0x40) };
}

function answeredContext(body: Buffer): AnsweredContext {
  const [transferSyntax] = syntaxes(body, 0x40);
  return { ...contextHead(body), transferSyntax: transferSyntax ?? '' };
}

function associate(body: Buffer) {
  if (body.length < 68) throw invalid('an association unit is cut');
  const all = items(body.subarray(68));
  const of = (type: number): Buffer[] => all.filter((item) => item.type === type).map((item) => item.body);
  const user = of(0x50).flatMap(items);
  const userItem = (type: number): Buffer | undefined => user.find((item) => item.type === type)?.body;
  const length = userItem(0x51);
  if (length && length.length < 4) throw invalid('the maximum length is cut');
  return {
    protocolVersion: body.readUInt16BE(0),
    calledAeTitle: text(body.subarray(4, 20)),
    callingAeTitle: text(body.subarray(20, 36)),
    applicationContext: text(of(0x10)[0] ?? Buffer.alloc(0)),
    maxPduLength: length?.readUInt32BE(0) ?? 0,
    implementationClassUid: text(userItem(0x52) ?? Buffer.alloc(0)),
    implementationVersionName: text(userItem(0x55) ?? Buffer.alloc(0)),
    of,
  };
}

/** @throws PduError */
export function decodeAssociateRequest(body: Buffer): AssociateRequest {
  const { of, ...names } = associate(body);
  const contexts = of(0x20).map(proposedContext);
  if (new Set(contexts.map(({ id }) => id)).size !== contexts.length) {
    throw invalid('two presentation contexts have one id');
  }
  return { ...names, contexts };
}

/** @throws PduError */
export function decodeAssociateAccept(body: Buffer): AssociateAccept {
  const { of, protocolVersion: _, applicationContext: __, ...names } = associate(body);
  return { ...names, contexts: of(0x21).map(answeredContext) };
}

/** @throws PduError */
export function decodeAssociateReject(body: Buffer): AssociateReject {
  if (body.length < 4) throw invalid('a rejection is cut');
  const source = body.readUInt8(2);
  return {
    result: body.readUInt8(1) === 1 ? 1 : 2,
    source: source === 2 ? 2 : source === 3 ? 3 : 1,
    reason: body.readUInt8(3),
  };
}

export function decodeAbort(body: Buffer): AbortReason {
  return body.length < 4
    ? { source: 0, reason: 0 }
    : { source: body.readUInt8(2), reason: body.readUInt8(3) };
}
