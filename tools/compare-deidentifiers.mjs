// Says what de-identifiers keep of one file in which a name is planted in every attribute of PS3.15 table E.1-1 and in
// other places. Needs Orthanc; the Python package deid takes part where DEID
// names its command.
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildIfStale } from './build.mjs';

await buildIfStale();
const { deidentify } = await import('../dist/dicom/deidentify/deidentify.js');
const { plantedFile, survivors } = await import('../dist/dicom/testing/planted-file.js');
const { startOrthanc } = await import('../dist/dicom/network/testing/orthanc.js');

const folder = await mkdtemp(path.join(tmpdir(), 'lucency-compare-'));
const source = path.join(folder, 'planted.dcm');
await writeFile(source, plantedFile());

async function byOrthanc() {
  const orthanc = await startOrthanc(1);
  try {
    const stored = await fetch(`${orthanc.rest}/instances`, { method: 'POST', body: await readFile(source) });
    const { ID } = await stored.json();
    const answer = await fetch(`${orthanc.rest}/instances/${ID}/anonymize`, { method: 'POST', body: '{}' });
    return new Uint8Array(await answer.arrayBuffer());
  } finally {
    await orthanc.stop();
  }
}

/** By the recipe that the package ships. @param program the command deid */
async function byDeid(program) {
  const out = path.join(folder, 'deid');
  await mkdir(out);
  execFileSync(
    program,
    ['--outfolder', out, '--overwrite', 'identifiers', '--input', folder, '--action', 'all'],
    {
      stdio: 'ignore',
    },
  );
  return readFile(path.join(out, 'planted.dcm'));
}

const copies = {
  'the file itself': await readFile(source),
  Lucency: (await deidentify(await readFile(source), { key: 'key', pixelsChecked: true })).bytes,
  'Orthanc anonymize': await byOrthanc(),
  ...(process.env.DEID ? { 'deid, its own recipe': await byDeid(process.env.DEID) } : {}),
};
const rows = Object.entries(copies).map(([name, bytes]) => ({ name, kept: survivors(bytes) }));
const places = Object.keys(rows[0]?.kept ?? {});
process.stdout.write(`| names kept in | ${rows.map(({ name }) => name).join(' | ')} |\n`);
process.stdout.write(`|---|${rows.map(() => '---|').join('')}\n`);
for (const place of places) {
  process.stdout.write(`| ${place} | ${rows.map(({ kept }) => kept[place]).join(' | ')} |\n`);
}
await rm(folder, { recursive: true, force: true });
