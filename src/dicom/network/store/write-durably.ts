import { open, rename } from 'node:fs/promises';
import path from 'node:path';
import { FolderSync } from './folder-sync.js';

const folders = new FolderSync();

/** Brings a file that was written to the disk. @throws system errors */
export async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** Writes a small file whole, or leaves the old one; it is on the disk when this resolves. @throws system errors */
export async function writeDurably(file: string, content: string): Promise<void> {
  const aside = `${file}.part`;
  const handle = await open(aside, 'w', 0o640);
  try {
    await handle.writeFile(content);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(aside, file);
  await folders.sync(path.dirname(file));
}
