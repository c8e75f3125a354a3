import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../image/testing/noise.js';
import { echo } from '../scu/echo.js';
import { startNode, type TestNode } from '../testing/node.js';
import { associateRequest, dataUnit, RawPeer, storeCommand } from '../testing/raw-peer.js';
import { encodeReleaseRequest } from './encode-pdu.js';
import { pduType } from './pdu.js';

let node: TestNode;
beforeEach(async () => {
  node = await startNode({ artimSeconds: 2, idleSeconds: 2 });
});
afterEach(() => node.close());

function header(type: number, length: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUInt8(type, 0);
  bytes.writeUInt32BE(length, 2);
  return bytes;
}

/** Sends bytes, and gives the types of the units that come back until the node closes. */
async function answerTo(...parts: readonly Buffer[]): Promise<number[]> {
  const peer = await RawPeer.connect(node.scp.port);
  for (const part of parts) peer.send(part);
  const types = await peer.typesAtEnd();
  await node.settled();
  return types;
}

describe('bytes that are no association', () => {
  it('aborts on a unit type that does not exist, on one out of place, and on a length bomb', async () => {
    expect(await answerTo(Buffer.from('GET / HTTP/1.1\r\n\r\n'))).toEqual([pduType.abort]);
    expect(await answerTo(encodeReleaseRequest())).toEqual([pduType.abort]);
    expect(await answerTo(dataUnit(true, true, Buffer.alloc(10)))).toEqual([pduType.abort]);
    expect(await answerTo(header(pduType.associateRequest, 0xffff_fff0))).toEqual([pduType.abort]);
    expect(node.codes()).toEqual(Array(4).fill('LUC_DICOM_NET_PROTOCOL'));
    await echo(node.peer);
  });

  it('aborts on an association request whose items are cut or lie about their length', async () => {
    const good = associateRequest();
    for (let cut = 7; cut < good.length; cut += 13) {
      const bytes = Buffer.from(good.subarray(0, cut));
      bytes.writeUInt32BE(cut - 6, 2);
      const types = await answerTo(bytes);
      expect([[pduType.abort], [pduType.associateAccept], [pduType.associateReject]]).toContainEqual(
        types.slice(0, 1),
      );
    }
    await echo(node.peer);
  });

  it('closes a connection on which no request comes (ARTIM)', async () => {
    expect(await answerTo()).toEqual([]);
    expect(node.codes()).toEqual(['LUC_DICOM_NET_TIMEOUT']);
  });

  it('rejects another protocol version, another application context and another called AE title', async () => {
    const version = associateRequest();
    version.writeUInt16BE(2, 6);
    expect(await answerTo(version)).toEqual([pduType.associateReject]);
    const context = associateRequest();
    context.write('9', context.indexOf('1.2.840.10008.3.1.1.1'));
    expect(await answerTo(context)).toEqual([pduType.associateReject]);
    expect(await answerTo(associateRequest({ calledAeTitle: 'OTHER' }))).toEqual([pduType.associateReject]);
    expect(node.codes().at(-1)).toBe('LUC_DICOM_NET_CALLED_AE_UNKNOWN');
  });
});

describe('bytes that spoil an association', () => {
  const store = storeCommand('2.25.7');

  it.each([
    ['a P-DATA unit longer than was agreed', header(pduType.data, 0x7fff_ffff)],
    [
      'a data value longer than its unit',
      Buffer.concat([header(pduType.data, 6), Buffer.of(0, 0, 9, 9, 1, 3)]),
    ],
    ['a command that never ends', Buffer.concat(Array(5).fill(dataUnit(true, false, Buffer.alloc(16_000))))],
    ['a command that is none', dataUnit(true, true, Buffer.from('no command at all'))],
    ['a data set without a command', dataUnit(false, true, Buffer.alloc(8))],
    ['a context that was not agreed on', dataUnit(true, true, Buffer.alloc(8), 77)],
    ['a second association request', associateRequest()],
    ['a release in the middle of an object', Buffer.concat([store, encodeReleaseRequest()])],
    ['a command in the middle of an object', Buffer.concat([store, store])],
  ])('aborts on %s', async (_, bytes) => {
    expect(await answerTo(associateRequest(), bytes)).toEqual([pduType.associateAccept, pduType.abort]);
    expect(node.codes()).toEqual(['LUC_DICOM_NET_PROTOCOL']);
    expect(await readdir(path.join(node.folder, '.incoming'))).toEqual([]);
    await echo(node.peer);
  });

  it('ends an association whose peer falls silent in the middle of an object, and keeps nothing of it', async () => {
    const half = dataUnit(false, false, Buffer.alloc(1000));
    expect(await answerTo(associateRequest(), store, half)).toEqual([pduType.associateAccept]);
    expect(node.codes()).toEqual(['LUC_DICOM_NET_TIMEOUT']);
    expect(await readdir(path.join(node.folder, '.incoming'))).toEqual([]);
    expect(await readdir(node.store.studiesFolder)).toEqual([]);
  });

  it('survives bytes changed at random', async () => {
    const random = seededRandom(7);
    const good = Buffer.concat([associateRequest(), store, dataUnit(false, true, Buffer.alloc(300))]);
    for (let round = 0; round < 60; round++) {
      const bytes = Buffer.from(good);
      for (let change = 0; change < 4; change++) {
        bytes.writeUInt8(Math.floor(random() * 256), Math.floor(random() * bytes.length));
      }
      const peer = await RawPeer.connect(node.scp.port);
      peer.send(bytes);
      peer.socket.end();
      await peer.typesAtEnd();
    }
    await echo(node.peer);
    expect(await readdir(path.join(node.folder, '.incoming'))).toEqual([]);
  });
});
