/** Writes RLE frames (PS3.5 annex G) of 16-bit samples for tests, each row by itself as the standard asks. */

function packRow(row: readonly number[]): number[] {
  const packed: number[] = [];
  for (let at = 0; at < row.length; ) {
    let run = 1;
    while (run < 128 && at + run < row.length && row[at + run] === row[at]) run += 1;
    if (run > 1) {
      packed.push(257 - run, row[at] as number);
      at += run;
      continue;
    }
    let literal = 1;
    while (literal < 128 && at + literal < row.length && row[at + literal] !== row[at + literal - 1])
      literal += 1;
    packed.push(literal - 1, ...row.slice(at, at + literal));
    at += literal;
  }
  return packed;
}

/** The frame: header, then the segments of high and low bytes. */
export function packBitsFrame(samples: Uint16Array, width: number): Uint8Array {
  const segments = [8, 0].map((shift) => {
    const packed: number[] = [];
    for (let at = 0; at < samples.length; at += width) {
      packed.push(
        ...packRow(Array.from(samples.subarray(at, at + width), (value) => (value >> shift) & 0xff)),
      );
    }
    return packed.length % 2 === 0 ? packed : [...packed, 0];
  });
  const header = new Uint32Array(16);
  header[0] = segments.length;
  let offset = 64;
  segments.forEach((segment, index) => {
    header[index + 1] = offset;
    offset += segment.length;
  });
  return Uint8Array.from([...new Uint8Array(header.buffer), ...segments.flat()]);
}
