// node tools/compare-readings.mjs BEFORE AFTER: whether two runs of `lucency analyze` say the same. Each is a file of readings
// (JSON Lines) or a folder of results as DICOM objects. What must differ is left out: how long it took, who said it when.
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

const left = ['timingsMs', 'id', 'created', 'author', 'verification'];

async function readings(file) {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const said = JSON.parse(line);
    for (const name of left) delete said[name];
    return said;
  });
}

/** Bytes of an object with its dates and times blanked; explicit VR, little endian. */
async function withoutTimes(file) {
  const bytes = await readFile(file);
  for (const vr of ['DA', 'TM', 'DT']) {
    for (let at = bytes.indexOf(vr); at >= 0; at = bytes.indexOf(vr, at + 1)) {
      const length = bytes.readUInt16LE(Math.min(at + 2, bytes.length - 2));
      if (length === 6 || length === 8 || length === 14) bytes.fill(0x30, at + 4, at + 4 + length);
    }
  }
  return bytes;
}

const [before, after] = process.argv.slice(2);
if (!before || !after) throw new Error('name two files of readings, or two folders of DICOM objects');
const differences = [];
let compared = 0;
if ((await stat(before)).isDirectory()) {
  const names = [await readdir(before), await readdir(after)];
  for (const name of new Set(names.flat())) {
    compared++;
    if (!names.every((list) => list.includes(name))) differences.push(`${name}: only in one`);
    else {
      const [one, other] = await Promise.all([
        withoutTimes(path.join(before, name)),
        withoutTimes(path.join(after, name)),
      ]);
      if (!one.equals(other)) differences.push(`${name}: other bytes`);
    }
  }
} else {
  const [one, other] = [await readings(before), await readings(after)];
  for (let at = 0; at < Math.max(one.length, other.length); at++) {
    compared++;
    const [a, b] = [JSON.stringify(one[at]), JSON.stringify(other[at])];
    if (a !== b)
      differences.push(`line ${at + 1} (${one[at]?.input ?? other[at]?.input ?? ''}):\n  ${a}\n  ${b}`);
  }
}
for (const difference of differences) console.log(difference);
console.log(`${compared} compared, ${differences.length} differ`);
process.exitCode = differences.length > 0 || compared === 0 ? 1 : 0;
