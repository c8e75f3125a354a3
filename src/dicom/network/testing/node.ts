import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestElement, writeDicom } from '../../../image/testing/dicom-writer.js';
import type { NetworkEvent } from '../scp/network-event.js';
import { StorageScp, type StorageScpOptions } from '../scp/storage-scp.js';
import { ObjectStore } from '../store/object-store.js';
import type { Peer } from '../upper-layer/request.js';

export interface TestNode {
  readonly scp: StorageScp;
  readonly store: ObjectStore;
  readonly folder: string;
  readonly events: NetworkEvent[];
  /** How our SCU reaches it. */
  readonly peer: Peer;
  /** Codes of what went wrong so far. */
  codes(): string[];
  /** Resolves once the node has done with every connection. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** A node on the loopback interface with a folder of its own. */
export async function startNode(
  options: Partial<StorageScpOptions> = {},
  folder?: string,
): Promise<TestNode> {
  const home = folder ?? (await mkdtemp(path.join(tmpdir(), 'lucency-node-')));
  const store = await ObjectStore.open(home);
  const events: NetworkEvent[] = [];
  const scp = await StorageScp.listen({
    store,
    aeTitle: 'LUCENCY',
    host: '127.0.0.1',
    port: 0,
    peers: null,
    tls: null,
    onEvent: (event) => events.push(event),
    ...options,
  });
  return {
    scp,
    store,
    folder: home,
    events,
    peer: {
      host: '127.0.0.1',
      port: scp.port,
      calledAeTitle: 'LUCENCY',
      callingAeTitle: 'TESTER',
      tls: null,
      connectSeconds: 10,
      idleSeconds: 30,
    },
    codes: () => events.flatMap((event) => ('error' in event ? [event.error.code] : [])),
    settled: async () => {
      while (scp.connections > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    close: async () => {
      await scp.close(1);
      if (folder === undefined) await rm(home, { recursive: true, force: true });
    },
  };
}

export const secondaryCapture = '1.2.840.10008.5.1.4.1.1.7';

export interface TestObject {
  readonly sopInstanceUid: string;
  readonly studyInstanceUid?: string;
  readonly patientName?: string;
  readonly transferSyntax?: string;
  readonly explicit?: boolean;
  readonly littleEndian?: boolean;
  readonly deflated?: boolean;
  readonly pixels?: Uint8Array;
  readonly more?: readonly TestElement[];
}

/** A small DICOM file; its header names the object as `buildFileHeader` would. */
export function dataSetElements(object: TestObject): TestElement[] {
  return [
    [0x0008_0016, 'UI', secondaryCapture],
    [0x0008_0018, 'UI', object.sopInstanceUid],
    [0x0010_0010, 'PN', object.patientName ?? 'PHANTOM^ONE'],
    [0x0010_0020, 'LO', 'P1'],
    [0x0020_000d, 'UI', object.studyInstanceUid ?? '2.25.100'],
    [0x0020_000e, 'UI', '2.25.101'],
    ...(object.more ?? []),
    [0x7fe0_0010, 'OB', object.pixels ?? Uint8Array.of(1, 2, 3, 4)],
  ];
}

/** The data set of a test object alone, as it travels. */
export function dataSetOf(object: TestObject): Buffer {
  const { transferSyntax, explicit, littleEndian, deflated } = object;
  return Buffer.from(
    writeDicom(dataSetElements(object), {
      preamble: false,
      meta: false,
      ...(transferSyntax === undefined ? {} : { transferSyntax }),
      ...(explicit === undefined ? {} : { explicit }),
      ...(littleEndian === undefined ? {} : { littleEndian }),
      ...(deflated === undefined ? {} : { deflated }),
    }),
  );
}
