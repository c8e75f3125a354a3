// Writes straightened ribs of simulated chests for training (training/src/training/ribs.py reads them):
// `node tools/rib-patches.mjs --out DIR --from SEED --count N [--fractures N]`. Scanner settings are those of the
// training group. Per scan one file of bytes (straightened ribs, one after the other) and one JSON file with the truth.
import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildIfStale } from './build.mjs';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'training/cache/ribs' },
    from: { type: 'string', default: '100000' },
    count: { type: 'string', default: '40' },
    fractures: { type: 'string', default: '16' },
  },
});
await buildIfStale();
const { Random } = await import('../dist/phantom/random.js');
const { Chest } = await import('../dist/phantom/thorax/chest.js');
const { ChestScan } = await import('../dist/phantom/thorax/scan-chest.js');
const { chestVolume } = await import('../dist/phantom/thorax/chest-volume.js');
const { centreLine } = await import('../dist/phantom/thorax/rib-tube.js');
const { drawSettings } = await import('../dist/phantom/scanner/ct-settings.js');
const { framesAlong, resampleLine, sampleMm, straighten, toNetworkValue } = await import(
  '../dist/ribs/straighten.js'
);

// Wider than what the networks see, so that training can shift the window as the rib finder errs.
const section = { across: 34, high: 42 };
const tiltDegrees = 10;

/** The true line as the rib finder would have it: off by a millimetre or two, slowly changing. */
function jittered(points, random) {
  const waves = [0, 1, 2].map(() => ({
    amplitude: 0.9 * random.normal(),
    length: random.between(35, 110),
    phase: random.between(0, 6.28),
  }));
  return points.map((point, i) =>
    point.map(
      (value, axis) =>
        value +
        waves[axis].amplitude *
          Math.sin((2 * Math.PI * i * sampleMm) / waves[axis].length + waves[axis].phase),
    ),
  );
}

/** Turns the frames of a rib about its line by one small angle. */
function rolled(frames, radians) {
  const mix = (a, b, by) => a.map((value, i) => Math.cos(by) * value + Math.sin(by) * b[i]);
  return frames.map((frame) => ({
    ...frame,
    outwards: mix(frame.outwards, frame.upwards, radians),
    upwards: mix(frame.upwards, frame.outwards, -radians),
  }));
}

function straightRibs(chest, scan, ct, random) {
  const { vertebrae, ribs } = chest.cage;
  const mean = (axis) => vertebrae.reduce((sum, { centre }) => sum + centre[axis], 0) / vertebrae.length;
  const chestCentre = [mean(0), mean(1) - 65];
  return ribs.map(({ side, number, bone, cartilage }) => {
    const seen = random.fork(`${side} ${number}`);
    const line = [...centreLine(bone), ...(cartilage ? centreLine(cartilage).slice(1, 6) : [])].map(
      ([x, y, z]) => {
        const [dx, dy] = scan.shiftAt(z);
        return [x + dx, y + dy, z];
      },
    );
    const frames = framesAlong(jittered(resampleLine(line, sampleMm), seen), chestCentre);
    const rib = straighten(ct, rolled(frames, (seen.between(-1, 1) * tiltDegrees * Math.PI) / 180), section);
    const fractures = chest.fractures
      .filter((fracture) => fracture.side === side && fracture.number === number)
      .map(({ alongMm, halfZoneMm, kind, age, displaced }) => ({
        from: (alongMm - halfZoneMm) / sampleMm,
        to: (alongMm + halfZoneMm) / sampleMm,
        kind,
        age,
        displaced,
      }));
    return { side, number, rib, fractures };
  });
}

await mkdir(values.out, { recursive: true });
for (let seed = Number(values.from); seed < Number(values.from) + Number(values.count); seed++) {
  const target = path.join(values.out, `scan-${seed}`);
  if (await stat(`${target}.json`).catch(() => null)) continue;
  const random = new Random(`patches ${seed}`);
  const chest = new Chest({ seed, fractures: random.chance(0.12) ? 0 : Number(values.fractures) });
  const breadth = 2 * chest.halfBreadthMm + 34;
  const pixelMm = random.between(0.72, 0.98);
  const settings = drawSettings(
    'training',
    [breadth, 245 * chest.build.size * chest.build.depth],
    Math.round(breadth / pixelMm),
    random.fork('scanner'),
  );
  const scan = new ChestScan(chest, settings, seed);
  const ribs = straightRibs(chest, scan, chestVolume(scan), random.fork('ribs'));
  await writeFile(
    `${target}.bin`,
    Buffer.concat(
      ribs.map(({ rib }) =>
        Buffer.from(Uint8Array.from(rib.hu, (hu) => Math.round(255 * toNetworkValue(hu)))),
      ),
    ),
  );
  const truth = {
    seed,
    simulated: true,
    ...section,
    sampleMm,
    settings,
    build: chest.build,
    ribs: ribs.map(({ side, number, rib, fractures }) => ({ side, number, count: rib.count, fractures })),
  };
  await writeFile(`${target}.tmp`, JSON.stringify(truth));
  await rename(`${target}.tmp`, `${target}.json`);
  console.error(
    `scan ${seed}: ${chest.fractures.length} fractures, ${settings.columns} x ${settings.rows} x ${scan.grid.slices}`,
  );
}
