/** Elements of command sets (PS3.7 E.1), group 0000: element number and value representation. */
export const commandElements = {
  affectedSopClassUid: { element: 0x0002, vr: 'UI' },
  requestedSopClassUid: { element: 0x0003, vr: 'UI' },
  commandField: { element: 0x0100, vr: 'US' },
  messageId: { element: 0x0110, vr: 'US' },
  messageIdBeingRespondedTo: { element: 0x0120, vr: 'US' },
  moveDestination: { element: 0x0600, vr: 'AE' },
  priority: { element: 0x0700, vr: 'US' },
  commandDataSetType: { element: 0x0800, vr: 'US' },
  status: { element: 0x0900, vr: 'US' },
  errorComment: { element: 0x0902, vr: 'LO' },
  affectedSopInstanceUid: { element: 0x1000, vr: 'UI' },
  remainingSuboperations: { element: 0x1020, vr: 'US' },
  completedSuboperations: { element: 0x1021, vr: 'US' },
  failedSuboperations: { element: 0x1022, vr: 'US' },
  warningSuboperations: { element: 0x1023, vr: 'US' },
  moveOriginatorAeTitle: { element: 0x1030, vr: 'AE' },
  moveOriginatorMessageId: { element: 0x1031, vr: 'US' },
} as const satisfies Record<string, { element: number; vr: 'UI' | 'US' | 'AE' | 'LO' }>;

type Elements = typeof commandElements;

/** Values of a command set by their names: numbers for US, else text. */
export type CommandSet = {
  readonly [Name in keyof Elements]?: Elements[Name]['vr'] extends 'US' ? number : string;
};

/** Command Field values (PS3.7 E.1-1); a response has bit 15 set. */
export const commandField = {
  storeRequest: 0x0001,
  findRequest: 0x0020,
  moveRequest: 0x0021,
  echoRequest: 0x0030,
  cancelRequest: 0x0fff,
  response: 0x8000,
} as const;

/** Command Data Set Type that says that no data set follows. */
export const noDataSet = 0x0101;
