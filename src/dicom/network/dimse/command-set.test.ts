import { describe, expect, it } from 'vitest';
import { PduError } from '../upper-layer/pdu.js';
import { decodeCommandSet, encodeCommandSet, hasDataSet } from './command-set.js';

describe('a command set', () => {
  it('comes back as it was written, group length first, values of even length', () => {
    const command = {
      affectedSopClassUid: '1.2.840.10008.1.1',
      commandField: 0x8030,
      messageIdBeingRespondedTo: 7,
      status: 0xa700,
      errorComment: 'LUC_DICOM_NET_DISK_FULL',
    };
    const bytes = encodeCommandSet(command, false);
    expect(bytes.readUInt32LE(8)).toBe(bytes.length - 12);
    expect(bytes.length % 2).toBe(0);
    const read = decodeCommandSet(bytes);
    expect(read).toEqual({ ...command, commandDataSetType: 0x0101 });
    expect(hasDataSet(read)).toBe(false);
    expect(hasDataSet(decodeCommandSet(encodeCommandSet(command, true)))).toBe(true);
  });

  it('lets nothing into the log that is no printable character', () => {
    const bytes = encodeCommandSet({ affectedSopInstanceUid: '1.2\n2026 forged line' }, false);
    expect(decodeCommandSet(bytes).affectedSopInstanceUid).toBe('1.2?2026 forged line');
  });

  it('is refused when it is cut or holds elements of another group', () => {
    const bytes = encodeCommandSet({ commandField: 1, messageId: 1 }, true);
    expect(() => decodeCommandSet(bytes.subarray(0, bytes.length - 1))).toThrow(PduError);
    bytes.writeUInt16LE(8, 12);
    expect(() => decodeCommandSet(bytes)).toThrow(PduError);
  });
});
