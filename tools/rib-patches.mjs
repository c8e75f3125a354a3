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
const { ribTruths } = await import('../dist/phantom/thorax/rib-truth.js');
const { stationStepMm } = await import('../dist/phantom/thorax/rib-tube.js');
const { findRibs } = await import('../dist/ribs/find-ribs.js');
const { drawSettings } = await import('../dist/phantom/scanner/ct-settings.js');
const { beyondEnds, extendLine, framesAlong, sampleMm, straighten, toNetworkValue } = await import(
  '../dist/ribs/straighten.js'
);

// Wider than what the networks see, so that training can shift the window as the rib finder errs.
const section = { across: 34, high: 42 };
const tiltDegrees = 10;
// Training leaves out the first 40 samples (FIRST in rib_data.py): segments begin where those of the reader do.
const before = 40 + beyondEnds;

/** Turns the frames of a rib about its line by one small angle. */
function rolled(frames, radians) {
  const mix = (a, b, by) => a.map((value, i) => Math.cos(by) * value + Math.sin(by) * b[i]);
  return frames.map((frame) => ({
    ...frame,
    outwards: mix(frame.outwards, frame.upwards, radians),
    upwards: mix(frame.upwards, frame.outwards, -radians),
  }));
}

const between = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** Nearest station of a true rib to a point: how far along it (mm), and how far away. */
function nearestOn(points, point) {
  let best = { along: 0, distance: Number.POSITIVE_INFINITY };
  points.forEach((other, i) => {
    const distance = between(other, point);
    if (distance < best.distance) best = { along: i * stationStepMm, distance };
  });
  return best;
}

/** The ribs that the rib finder finds, straightened as it has them, with the fractures of the true ribs under them. */
function straightRibs(chest, scan, ct, random) {
  const map = findRibs(ct);
  const truths = ribTruths(scan);
  if (map === null) return [];
  const { chestCentre } = map;
  return map.ribs.flatMap(({ pointsMm }, i) => {
    const middle = pointsMm[Math.floor(pointsMm.length / 2)];
    const truth = truths.reduce((a, b) =>
      nearestOn(a.pointsMm, middle).distance <= nearestOn(b.pointsMm, middle).distance ? a : b,
    );
    if (nearestOn(truth.pointsMm, middle).distance > 6) return [];
    const seen = random.fork(i);
    const line = extendLine(pointsMm, before, beyondEnds);
    const frames = rolled(
      framesAlong(line, chestCentre),
      (seen.between(-1, 1) * tiltDegrees * Math.PI) / 180,
    );
    const rib = straighten(ct, frames, section);
    const along = line.map((point) => nearestOn(truth.pointsMm, point));
    const fractures = chest.fractures
      .filter(({ side, number }) => side === truth.side && number === truth.number)
      .flatMap(({ alongMm, halfZoneMm, kind, age, displaced }) => {
        const inside = along.flatMap(({ along: at, distance }, k) =>
          Math.abs(at - alongMm) <= halfZoneMm && distance < 12 ? [k] : [],
        );
        return inside.length === 0 ? [] : [{ from: inside[0], to: inside.at(-1), kind, age, displaced }];
      });
    return [{ side: truth.side, number: truth.number, rib, fractures }];
  });
}

await mkdir(values.out, { recursive: true });
for (let seed = Number(values.from); seed < Number(values.from) + Number(values.count); seed++) {
  const target = path.join(values.out, `scan-${seed}`);
  if (await stat(`${target}.json`).catch(() => null)) continue;
  const random = new Random(`patches ${seed}`);
  const chest = new Chest({ seed, fractures: random.chance(0.12) ? 0 : Number(values.fractures) });
  const breadth = 2 * chest.halfBreadthMm + 34;
  const pixelMm = random.between(0.72, 1.15);
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
