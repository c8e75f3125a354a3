import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { readFileHeader } from './file-header.js';

const blockBytes = 2 ** 18;

async function sameBytes(
  a: { handle: FileHandle; at: number },
  b: { handle: FileHandle; at: number },
): Promise<boolean> {
  const blockA = Buffer.alloc(blockBytes);
  const blockB = Buffer.alloc(blockBytes);
  for (let done = 0; ; ) {
    const [readA, readB] = await Promise.all([
      a.handle.read(blockA, 0, blockBytes, a.at + done),
      b.handle.read(blockB, 0, blockBytes, b.at + done),
    ]);
    if (readA.bytesRead !== readB.bytesRead) return false;
    if (readA.bytesRead === 0) return true;
    if (!blockA.subarray(0, readA.bytesRead).equals(blockB.subarray(0, readB.bytesRead))) return false;
    done += readA.bytesRead;
  }
}

/**
 * Whether two DICOM files hold the same data set in the same transfer syntax. Their headers may differ: they say who
 * sent a file and what wrote it.
 */
export async function haveSameContent(pathA: string, pathB: string): Promise<boolean> {
  const a = await open(pathA, 'r');
  try {
    const b = await open(pathB, 'r');
    try {
      const [headerA, headerB] = [await readFileHeader(a, pathA), await readFileHeader(b, pathB)];
      if (headerA.transferSyntaxUid !== headerB.transferSyntaxUid) return false;
      const [sizeA, sizeB] = [(await a.stat()).size, (await b.stat()).size];
      if (sizeA - headerA.length !== sizeB - headerB.length) return false;
      return await sameBytes({ handle: a, at: headerA.length }, { handle: b, at: headerB.length });
    } finally {
      await b.close();
    }
  } finally {
    await a.close();
  }
}

/** SHA-256 of a file's data set, hexadecimal. */
export async function contentSum(path: string, headerLength: number): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { start: headerLength })) hash.update(chunk);
  return hash.digest('hex');
}
