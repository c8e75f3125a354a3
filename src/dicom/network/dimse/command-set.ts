import { abortReason, PduError } from '../upper-layer/pdu.js';
import { type CommandSet, commandElements, noDataSet } from './command-elements.js';

export type { CommandSet } from './command-elements.js';

type Name = keyof typeof commandElements;
const names = Object.keys(commandElements) as Name[];
const nameOf: ReadonlyMap<number, Name> = new Map(names.map((name) => [commandElements[name].element, name]));

function valueBytes(value: string | number, vr: string): Buffer {
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(2);
    bytes.writeUInt16LE(value);
    return bytes;
  }
  const bytes = Buffer.from(value, 'latin1');
  if (bytes.length % 2 === 0) return bytes;
  return Buffer.concat([bytes, Buffer.from(vr === 'UI' ? '\0' : ' ')]);
}

function elementBytes(element: number, value: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16LE(element, 2);
  header.writeUInt32LE(value.length, 4);
  return Buffer.concat([header, value]);
}

/** A command set in implicit little endian (PS3.7 6.3), group length first. */
export function encodeCommandSet(command: CommandSet, withDataSet: boolean): Buffer {
  const full: CommandSet = { ...command, commandDataSetType: withDataSet ? 0 : noDataSet };
  const elements: Buffer[] = [];
  for (const name of names) {
    const value = full[name];
    if (value === undefined) continue;
    const { element, vr } = commandElements[name];
    elements.push(elementBytes(element, valueBytes(value, vr)));
  }
  const body = Buffer.concat(elements);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([elementBytes(0, length), body]);
}

/** They stand in logs, so what is no printable character must not get there. */
function textOf(value: Buffer): string {
  return value
    .toString('latin1')
    .replace(/[\0 ]+$/, '')
    .replace(/[^\x20-\x7e]/g, '?');
}

/** @throws PduError when the bytes are no command set */
export function decodeCommandSet(bytes: Buffer): CommandSet {
  const values: Partial<Record<Name, string | number>> = {};
  for (let at = 0; at < bytes.length; ) {
    if (at + 8 > bytes.length) throw new PduError('a command is cut', abortReason.invalidParameter);
    const start = at + 8;
    const end = start + bytes.readUInt32LE(at + 4);
    if (end > bytes.length || bytes.readUInt16LE(at) !== 0) {
      throw new PduError('a command holds what is no command', abortReason.invalidParameter);
    }
    const name = nameOf.get(bytes.readUInt16LE(at + 2));
    if (name !== undefined) {
      const value = bytes.subarray(start, end);
      if (commandElements[name].vr !== 'US') values[name] = textOf(value);
      else if (value.length >= 2) values[name] = value.readUInt16LE();
    }
    at = end;
  }
  return values as CommandSet;
}

export function hasDataSet(command: CommandSet): boolean {
  return (command.commandDataSetType ?? noDataSet) !== noDataSet;
}
