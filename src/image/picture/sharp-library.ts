import type sharp from 'sharp';

export type SharpLibrary = typeof sharp;

let library: Promise<SharpLibrary> | null = null;

async function load(): Promise<SharpLibrary> {
  const loaded = (await import('sharp')).default;
  // Each file is read once; a cache would only hold memory.
  loaded.cache(false);
  return loaded;
}

/** sharp, loaded when it is first needed: it takes a fifth of a second of processor time, which most DICOM never needs. */
export function sharpLibrary(): Promise<SharpLibrary> {
  library ??= load();
  return library;
}
