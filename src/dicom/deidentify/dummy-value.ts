/** A value that says nothing, by value representation; empty where bytes of any length are allowed. */
const dummies: Readonly<Record<string, string>> = {
  AE: 'ANONYMOUS',
  AS: '000Y',
  CS: 'ANONYMOUS',
  DA: '19000101',
  DS: '0',
  DT: '19000101000000',
  IS: '0',
  LO: 'ANONYMOUS',
  LT: 'ANONYMOUS',
  PN: 'ANONYMOUS',
  SH: 'ANONYMOUS',
  ST: 'ANONYMOUS',
  TM: '000000',
  UC: 'ANONYMOUS',
  UR: 'urn:anonymous',
  UT: 'ANONYMOUS',
};
const binaryWidths: Readonly<Record<string, number>> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8, AT: 4 };

export function dummyValue(vr: string): Uint8Array {
  const text = dummies[vr];
  return text === undefined ? new Uint8Array(binaryWidths[vr] ?? 2) : Buffer.from(text, 'latin1');
}
