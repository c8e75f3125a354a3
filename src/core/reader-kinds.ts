/** What a reader looks for. */
export type Sought = 'fracture' | 'infection';

/** What a reader is given: single images, a CT series, or a PET series with its CT. */
export type ReaderInput = 'image' | 'CT' | 'PET/CT';

interface ReaderFacts {
  readonly reads: ReaderInput;
  readonly sought: Sought;
}

/**
 * The kinds of reader with what every room may need to know of them. With the registry of `src/reading`, which opens them, this
 * is the one place where they stand by name: all else asks what a kind reads and looks for.
 */
export const readerKinds = {
  radiograph: { reads: 'image', sought: 'fracture' },
  ribs: { reads: 'CT', sought: 'fracture' },
  infection: { reads: 'PET/CT', sought: 'infection' },
} as const satisfies Readonly<Record<string, ReaderFacts>>;

type Kinds = typeof readerKinds;
export type ReaderKind = keyof Kinds;
/** Kinds that read volumes. */
export type VolumeReaderKind = {
  [Kind in ReaderKind]: Kinds[Kind]['reads'] extends 'image' ? never : Kind;
}[ReaderKind];

export const readerKindNames = Object.keys(readerKinds) as [ReaderKind, ...ReaderKind[]];

export function isVolumeKind(kind: string): kind is VolumeReaderKind {
  return kind in readerKinds && readerKinds[kind as ReaderKind].reads !== 'image';
}

export const volumeReaderKinds: readonly VolumeReaderKind[] = readerKindNames.filter(isVolumeKind);

/** The kind of reader that reads such series. */
export function volumeKindFor(reads: Exclude<ReaderInput, 'image'>): VolumeReaderKind {
  const kind = volumeReaderKinds.find((name) => readerKinds[name].reads === reads);
  if (!kind) throw new RangeError(`no reader reads ${reads}`);
  return kind;
}

/** The kind of reader that looks for this in volumes. */
export function volumeKindSeeking(sought: Sought): VolumeReaderKind {
  const kind = volumeReaderKinds.find((name) => readerKinds[name].sought === sought);
  if (!kind) throw new RangeError(`no reader of volumes looks for ${sought}`);
  return kind;
}
