import { type AnatomyName, anatomies, type View } from './anatomy/anatomies.js';
import { type Build, buildLimb, type Pose } from './anatomy/limb.js';
import type { BrokenBone } from './fracture/break-bone.js';
import { fractureZone } from './fracture/zone.js';
import type { SimulatedFracture, SimulatedRadiograph } from './output/simulated.js';
import { detect } from './physics/detector.js';
import { render } from './physics/display.js';
import { transmit } from './physics/expose.js';
import type { PathLengths } from './physics/path-lengths.js';
import { type Projection, projectPoint } from './physics/projection.js';
import { spongiosaFor } from './physics/trabeculae.js';
import { Random } from './random.js';
import { type Collimation, fieldMask } from './scene/collimation.js';
import { implantMetal, wrapCast } from './scene/dressing.js';
import { type FractureRequest, planFracture } from './scene/fracture-plan.js';
import { traceScene } from './scene/limb-scene.js';
import { type Marker, placeMarker } from './scene/marker.js';
import { setUpProjection } from './scene/projection-setup.js';

export interface RadiographOptions {
  /** Whole number: the same options give the same pixels on every machine. */
  readonly seed: number;
  readonly anatomy: AnatomyName;
  /** Two views with the same seed show the same limb and the same fracture. */
  readonly view: View;
  /** The pattern, and any parameter that shall not be drawn from the seed; null for an unbroken limb. */
  readonly fracture: FractureRequest | null;
  /** A plaster cast or splint. @default false */
  readonly cast?: boolean;
  /** A plate with screws, or wires near a joint. @default false */
  readonly metal?: boolean;
  /** Drawn from the seed by default. */
  readonly laterality?: 'L' | 'R';
  /** How much of the limb the field takes in: 0 is collimated tightly, 1 shows hand or foot whole. Drawn by default. */
  readonly field?: number;
  /** Height of the image in pixels; it is five sixths as wide. @default 1200 */
  readonly size?: number;
}

const defaultSize = 1200;
const aspectRatio = 5 / 6;

/** One person: no two limbs have the same size, cortex or fat. */
function drawBuild(random: Random): Build {
  return {
    size: Math.min(1.07, Math.max(0.88, random.factor(0.045))),
    flesh: random.factor(0.09),
    cortex: Math.min(1.2, random.factor(0.13)),
    spongiosa: Math.min(1.35, random.factor(0.16)),
  };
}

function drawPose(bend: Readonly<Record<keyof Pose, readonly [number, number]>>, random: Random): Pose {
  const at = ([low, high]: readonly [number, number]) => random.between(low, high);
  return { knee: at(bend.knee), ankle: at(bend.ankle), elbow: at(bend.elbow) };
}

/** The field of the collimator: the whole detector, or a border that was shielded, sometimes cut off by a shutter. */
function drawCollimation(
  width: number,
  height: number,
  random: Random,
): { field: Collimation; shutter: boolean } | null {
  if (random.chance(0.5)) return null;
  const inset = () => (random.chance(0.45) ? random.between(0.008, 0.045) : -0.05);
  return {
    field: {
      left: width * inset(),
      top: height * inset(),
      right: width * (1 - inset()),
      bottom: height * (1 - inset()),
      tiltDegrees: 0.4 * random.normal(),
      penumbra: Math.max(2, width / 250),
    },
    shutter: random.chance(0.4),
  };
}

/** The corner with the least tissue under it, so that the letter hides nothing. */
function drawMarker(paths: PathLengths, laterality: 'L' | 'R', pixelMm: number, random: Random): Marker {
  const heightMm = random.between(9, 13) * Math.min(1.6, Math.max(0.75, (paths.height * pixelMm) / 300));
  const away = (0.09 + 0.05 * random.next()) * paths.width;
  const tiltDegrees = 6 * random.normal();
  const reach = Math.round((heightMm / pixelMm) * 0.7);
  const covered = (x: number, y: number) => {
    let sum = 0;
    for (let j = y - reach; j <= y + reach; j += 4) {
      for (let i = x - reach; i <= x + reach; i += 4) {
        const at =
          Math.max(0, Math.min(paths.height - 1, j)) * paths.width +
          Math.max(0, Math.min(paths.width - 1, i));
        sum +=
          (paths.muscle[at] as number) +
          (paths.fat[at] as number) +
          4 * (paths.insideBones[at] as number) +
          (paths.plaster[at] as number);
      }
    }
    return sum;
  };
  const levels = [away, paths.height * random.between(0.25, 0.4), paths.height - away];
  const spots = levels.flatMap((y) =>
    [away, paths.width - away].map((x) => ({ x: Math.round(x), y: Math.round(y) })),
  );
  const free = spots.map((spot) => ({ ...spot, tissue: covered(spot.x, spot.y) + random.next() }));
  const { x, y } = free.reduce((best, spot) => (spot.tissue < best.tissue ? spot : best));
  return { letter: laterality, x, y, heightMm, tiltDegrees };
}

/** The truth of one broken bone in the image; null when the break lies outside of it. */
function truthOf(broken: BrokenBone, p: Projection): SimulatedFracture | null {
  const points = broken.faces.map((face) => projectPoint(p, face));
  const zone = fractureZone(points, 0.8 / p.pixelMm + 1, p.width, p.height);
  const { parameters } = broken;
  return zone && { type: parameters.type, bone: parameters.bone, ...zone, parameters };
}

/** Quanta behind the limb per mm2, which the automatic exposure keeps about the same for every limb. */
const quantaBehindLimb = 70_000;

function exposureFor(transmitted: Float32Array): number {
  const behind: number[] = [];
  for (let i = 0; i < transmitted.length; i += 11) {
    const t = transmitted[i] as number;
    if (t < 0.85) behind.push(t);
  }
  const sorted = Float64Array.from(behind).sort();
  const median = sorted[sorted.length >> 1] ?? 1;
  return quantaBehindLimb / Math.max(0.005, median);
}

/**
 * Simulates a radiograph of a limb: three-dimensional bones with cortex, spongiosa and marrow in muscle, fat and skin,
 * projected by Beer-Lambert from a point source, with scatter, quantum noise, blur, heel effect, collimation, marker
 * and the processing of a digital system. Grey values are 12 bits, 0 black.
 *
 * @throws LUC_PHANTOM_FRACTURE when the anatomy has no bone that breaks as asked
 */
export function simulateRadiograph(options: RadiographOptions): SimulatedRadiograph {
  const { seed, anatomy: name, view, fracture } = options;
  const anatomy = anatomies[name];
  const setup = anatomy.views[view];
  const random = new Random(seed).fork(name);
  const own = random.fork(view);
  const build = drawBuild(random.fork('build'));
  const laterality = options.laterality ?? (random.fork('side').chance(0.5) ? 'R' : 'L');
  const height = options.size ?? defaultSize;
  const width = Math.round(height * aspectRatio);
  const field = options.field ?? random.fork('field').next();
  const [tight, wide] = anatomy.heightMm;
  const pixelMm = (tight + (wide - tight) * field) / height;

  const limb = buildLimb(anatomy.build(drawPose(setup.bend, own.fork('pose'))), build);
  const metal = options.metal ?? false;
  const cast = options.cast ?? false;
  const broken = fracture
    ? planFracture(name, anatomy, limb, build.size, fracture, metal, random.fork('fracture'))
    : [];
  const p = setUpProjection(
    setup,
    anatomy.limb,
    laterality === 'L',
    build.size,
    field,
    { width, height, pixelMm },
    own.fork('set-up'),
  );
  const paths = traceScene(
    {
      limb,
      broken,
      cast: cast ? wrapCast(name, build.size, random.fork('cast')) : null,
      implant: metal ? implantMetal(anatomy, limb, broken, build.size, random.fork('metal')) : null,
      spongiosa: spongiosaFor(random.fork('spongiosa')),
      seed: random.fork('bones').bits() & 0xffffff,
    },
    p,
  );
  placeMarker(paths, drawMarker(paths, laterality, pixelMm, own.fork('marker')), pixelMm);

  const collimation = drawCollimation(width, height, own.fork('collimation'));
  const open = collimation && fieldMask(width, height, collimation.field);
  const measured = paths.steel.map((steel, i) =>
    steel > 0.1 || (open && (open[i] as number) < 0.99) ? 0 : 1,
  );
  const transmitted = transmit(paths);
  const beam = own.fork('beam');
  const heelAngle = beam.pick([0, 0.5, 1, 1.5]) * Math.PI;
  const signal = detect(
    { width, height, values: transmitted },
    {
      pixelMm,
      quantaPerMm2: exposureFor(transmitted) * beam.factor(0.35),
      scatter: beam.between(0.2, 0.4),
      focalBlurMm: beam.between(0.03, 0.06),
      detectorBlurMm: beam.between(0.07, 0.12),
      heel: beam.between(0.05, 0.2),
      heelDirection: [Math.cos(heelAngle), Math.sin(heelAngle)],
      field: open,
    },
    own.fork('noise'),
  );
  const pixels = render(signal, {
    pixelMm,
    compression: beam.between(0.45, 0.64),
    enhancement: beam.between(0.25, 0.6),
    measured,
    shutter: collimation?.shutter ? open : null,
  });
  const fractures = broken.map((b) => truthOf(b, p)).filter((truth) => truth !== null);
  return {
    seed,
    anatomy: name,
    view,
    laterality,
    width,
    height,
    pixels,
    pixelSpacingMm: [pixelMm, pixelMm],
    fractures,
    cast,
    metal,
  };
}
