/** Status codes of responses (PS3.7 C, PS3.4 B.2.3, C.4.2.1.5) that Lucency sends or tells apart. */
export const status = {
  success: 0x0000,
  noSuchSopClass: 0x0118,
  duplicateSopInstance: 0x0111,
  invalidSopInstance: 0x0117,
  sopClassNotSupported: 0x0122,
  notAuthorized: 0x0124,
  unrecognizedOperation: 0x0211,
  outOfResources: 0xa700,
  moveDestinationUnknown: 0xa801,
  dataSetMismatch: 0xa900,
  cannotUnderstand: 0xc000,
  cancelled: 0xfe00,
  pending: 0xff00,
  pendingWithWarning: 0xff01,
} as const;

export function isPending(code: number): boolean {
  return code === status.pending || code === status.pendingWithWarning;
}

/** Warnings: the operation was done, with a remark. */
export function isWarning(code: number): boolean {
  return code === 0x0001 || code === 0x0107 || code === 0x0116 || code >>> 12 === 0xb;
}

/** Refusals for want of resources, which another try later may escape; all other failures are for good. */
export function isTransientFailure(code: number): boolean {
  return code >>> 8 === 0xa7;
}

/** `A700`, as people and logs write it. */
export function statusText(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, '0');
}
