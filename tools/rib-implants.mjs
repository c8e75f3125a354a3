// Implants simulated fractures into the ribs of a real CT and counts how many the rib reader finds:
// `node tools/rib-implants.mjs CT.nii.gz [ROUNDS]`. One fracture per rib of at least 55 mm and round.
import { readFile } from 'node:fs/promises';
import { buildIfStale } from './build.mjs';

await buildIfStale();
const { inPatientOrder } = await import('../dist/core/volume-geometry.js');
const { decodeNifti } = await import('../dist/image/nifti/decode-nifti.js');
const { Random } = await import('../dist/phantom/random.js');
const { implantFracture } = await import('../dist/phantom/thorax/implant-fracture.js');
const { drawShape } = await import('../dist/phantom/thorax/rib-fracture.js');
const { findRibs } = await import('../dist/ribs/find-ribs.js');
const { openRibReader } = await import('../dist/ribs/open-reader.js');
const { sampleMm } = await import('../dist/ribs/straighten.js');

const shortestMm = 55;
const nearMm = 12;
const [file, rounds = '4'] = process.argv.slice(2);
if (file === undefined) throw new Error('Name a CT (.nii.gz).');
const whole = inPatientOrder(await decodeNifti(await readFile(file), file));
const map = findRibs(whole);
if (map === null) throw new Error(`No ribs were found in ${file}.`);
const reader = await openRibReader();
const counts = { simulated: true, implanted: 0, definite: 0, shown: 0, ageRight: 0 };
for (let round = 0; round < Number(rounds); round++) {
  let ct = whole;
  const places = [];
  map.ribs.forEach(({ pointsMm }, rib) => {
    const lengthMm = pointsMm.length * sampleMm;
    if (lengthMm < shortestMm) return;
    const random = new Random(`${round} ${rib}`);
    /** @type {'fresh' | 'old'} */
    const age = random.pick(['fresh', 'old']);
    const shape = drawShape(random.pick(['displaced', 'nondisplaced', 'buckle']), age, random);
    const alongMm = lengthMm * random.between(0.4, 0.65);
    ct = implantFracture(ct, { pointsMm, chestCentre: map.chestCentre, alongMm, shape });
    places.push({ age, at: pointsMm[Math.round(alongMm / sampleMm)] });
  });
  const study = {
    input: file,
    study: null,
    ct,
    pet: null,
    limitations: [],
    started: performance.now(),
    timingsMs: {},
  };
  const { reading } = await reader.read(study);
  for (const { age, at } of places) {
    const found = reading.findings.find(
      ({ centerMm }) =>
        centerMm !== undefined && Math.hypot(...centerMm.map((value, axis) => value - at[axis])) < nearMm,
    );
    counts.implanted++;
    if (!found) continue;
    counts.shown++;
    if (found.certainty === 'definite') counts.definite++;
    if (found.type?.label === age) counts.ageRight++;
  }
}
await reader.close();
console.log(JSON.stringify(counts));
