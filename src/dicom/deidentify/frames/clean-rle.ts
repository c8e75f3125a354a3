const headerBytes = 64;

/** Bytes of a segment that give `count` samples (PS3.5 G.3.2); what follows them is padding. */
function usedBytes(segment: Uint8Array, count: number): number {
  let left = count;
  let at = 0;
  while (left > 0 && at < segment.length) {
    const control = segment[at] as number;
    at += 1;
    if (control < 128) {
      at += control + 1;
      left -= control + 1;
    } else if (control > 128) {
      at += 1;
      left -= 257 - control;
    }
  }
  return Math.min(at, segment.length);
}

/**
 * An RLE frame (PS3.5 annex G) whose segments end with their last sample, its header holding nothing else. The frame must
 * have been found whole before.
 * @param pixels of the frame
 */
export function cleanRle(bytes: Uint8Array, pixels: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(0, true);
  const offsets = Array.from({ length: count }, (_, index) => view.getUint32(4 + 4 * index, true));
  const segments = offsets.map((offset, index) => {
    const segment = bytes.subarray(offset, offsets[index + 1] ?? bytes.length);
    return segment.subarray(0, usedBytes(segment, pixels));
  });
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32LE(count, 0);
  let at = headerBytes;
  const parts: Uint8Array[] = [header];
  segments.forEach((segment, index) => {
    header.writeUInt32LE(at, 4 + 4 * index);
    const padding = segment.length % 2;
    parts.push(segment, new Uint8Array(padding));
    at += segment.length + padding;
  });
  return Uint8Array.from(Buffer.concat(parts));
}
