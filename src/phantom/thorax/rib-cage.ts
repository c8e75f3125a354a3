import type { Vec3 } from '../geometry/vector.js';
import type { Random } from '../random.js';
import type { ChestBuild } from './build.js';
import { makeTube, type RibTube, splineThrough } from './rib-tube.js';

export type Side = 'left' | 'right';

/**
 * One rib, bone and cartilage. Patient coordinates of the simulation, mm: x to the left, y to the back, z to the head
 * (DICOM LPS), origin in the middle of the first thoracic vertebra.
 */
export interface Rib {
  readonly side: Side;
  /** 1 to 12, from the head down. */
  readonly number: number;
  readonly bone: RibTube;
  /** Costal cartilage; null for the floating ribs. */
  readonly cartilage: RibTube | null;
}

export interface Vertebra {
  /** Middle of the body. */
  readonly centre: Vec3;
  readonly halfWidth: number;
  readonly halfDepth: number;
  readonly halfHeight: number;
  /** 1 to 12 thoracic; 0 and below cervical, above 12 lumbar. */
  readonly number: number;
}

export interface RibCage {
  readonly build: ChestBuild;
  readonly ribs: readonly Rib[];
  readonly vertebrae: readonly Vertebra[];
  /** Middle of the chest at a height, from which "outward" is counted: [x, y]. */
  readonly axis: (z: number) => readonly [number, number];
  /** Front of the sternum's middle plane at a height, mm. */
  readonly sternumY: (z: number) => number;
}

/**
 * Mean adult chest. Per rib: half breadth and half depth of the arch (mm), fall of the bony end below the head of the
 * rib (mm), angle of the bony end (degrees, 0 behind, 180 in front), distance of the arch behind the middle of the
 * vertebral body (mm), height of the vertebra with its disc (mm). Proportions after anatomical atlases.
 */
const arches: readonly (readonly [number, number, number, number, number, number])[] = [
  [55, 49, 34, 140, 26, 19.5],
  [82, 62, 48, 144, 31, 20],
  [102, 72, 60, 146, 35, 20.5],
  [116, 80, 70, 147, 38, 21],
  [126, 86, 78, 146, 41, 21.5],
  [132, 90, 86, 143, 43, 22],
  [136, 93, 90, 138, 44, 22.5],
  [138, 94, 88, 130, 44, 23],
  [136, 93, 78, 119, 43, 23.5],
  [131, 90, 66, 108, 41, 24.5],
  [122, 84, 42, 80, 38, 25.5],
  [108, 76, 26, 54, 35, 26.5],
];

/** Where the cartilage of a rib ends: x and z from the first thoracic vertebra, mm. */
const cartilageEnds: readonly (readonly [number, number])[] = [
  [20, -34],
  [19, -68],
  [18, -88],
  [17, -108],
  [16, -128],
  [15, -146],
  [14, -160],
  [36, -184],
  [60, -208],
  [86, -236],
];

const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** How much of its fall a rib has behind it: slow at the back, fast at the side. */
function fallen(along: number): number {
  return 0.45 * along + 0.55 * (0.5 - 0.5 * Math.cos(Math.PI * along));
}

function spine(build: ChestBuild): (z: number) => readonly [number, number] {
  const lengthMm = 265 * build.size;
  return (z) => {
    const along = -z / lengthMm;
    const bow = Math.sin(Math.PI * Math.max(-0.4, Math.min(1.4, along)));
    return [
      build.scoliosisMm * Math.sin(2 * Math.PI * Math.max(0, Math.min(1, along))),
      build.kyphosisMm * bow,
    ];
  };
}

function makeVertebrae(build: ChestBuild, at: (z: number) => readonly [number, number]): Vertebra[] {
  const vertebrae: Vertebra[] = [];
  let z = 20 * build.size * 2;
  for (let number = -1; number <= 15; number++) {
    const arch = arches[Math.max(0, Math.min(11, number - 1))] ?? arches[0];
    const height = (arch?.[5] ?? 22) * build.size;
    const [x, y] = at(z);
    const grown = Math.max(0, number - 3) / 10;
    vertebrae.push({
      centre: [x, y, z],
      halfWidth: (15 + 6 * grown) * build.size,
      halfDepth: (10.5 + 5 * grown) * build.size,
      halfHeight: height * 0.4,
      number,
    });
    z -= height;
  }
  return vertebrae;
}

/** Half thickness and half height of a rib's bone along it, mm. */
function boneSection(
  number: number,
  thick: number,
  high: number,
): (along: number) => readonly [number, number] {
  return (along) => {
    const neck = Math.exp(-((along / 0.09) ** 2));
    const front = Math.max(0, (along - 0.75) / 0.25) ** 2;
    const tip = number >= 11 ? Math.max(0, (along - 0.8) / 0.2) : 0;
    return [
      thick * (1 + 0.12 * neck + 0.12 * front) * (1 - 0.35 * tip),
      high * (1 - 0.15 * neck + 0.16 * front) * (1 - 0.35 * tip),
    ];
  };
}

/** The simulated rib cage of one person: 24 ribs, vertebrae and the surfaces that other tissue follows. */
export function makeRibCage(build: ChestBuild, random: Random): RibCage {
  const { size } = build;
  const spineAt = spine(build);
  const vertebrae = makeVertebrae(build, spineAt);
  const axis = (z: number): readonly [number, number] => {
    const [x, y] = spineAt(z);
    const low = Math.min(1, Math.max(0, -z / (150 * size)));
    return [x, y - (20 + 32 * low) * size * build.depth];
  };
  const sternumY = (z: number): number => {
    const along = Math.min(1.1, Math.max(-0.1, -z / (175 * size)));
    return spineAt(-10 * size)[1] - (78 + 58 * along) * size * build.depth;
  };
  const ribs: Rib[] = [];
  for (const side of ['right', 'left'] as const) {
    for (let number = 1; number <= 12; number++) {
      ribs.push(
        makeRib(side, number, { build, vertebrae, axis, sternumY }, random.fork(`${side} ${number}`)),
      );
    }
  }
  return { build, ribs, vertebrae, axis, sternumY };
}

function makeRib(side: Side, number: number, cage: Omit<RibCage, 'ribs'>, random: Random): Rib {
  const { build, vertebrae, axis, sternumY } = cage;
  const { size } = build;
  const sign = side === 'left' ? 1 : -1;
  const arch = arches[number - 1] ?? ([136, 93, 90, 138, 44, 22] as const);
  const [meanWidth, meanDepth, meanFall, meanEnd, behind] = arch;
  const width = meanWidth * size * build.breadth * random.factor(0.012);
  const depth = meanDepth * size * build.depth * random.factor(0.012);
  const fall = meanFall * size * build.slope + 2 * random.normal();
  const end = meanEnd + 2 * random.normal();
  const vertebra = vertebrae.find((v) => v.number === number);
  const [vx, vy, vz] = vertebra?.centre ?? [0, 0, 0];
  const headZ = vz + 8 * size;
  const arcY = vy + behind * size - depth;
  const bend = random.between(0.82, 0.95);
  const start = 24;
  const knots: Vec3[] = [
    [vx + sign * ((vertebra?.halfWidth ?? 17) + 1.5), vy + 7 * size, headZ],
    [vx + sign * 38 * size, vy + 0.62 * behind * size, headZ - 3 * size],
  ];
  for (let degrees = number <= 1 ? 44 : 32; degrees < end + 6; degrees += 14) {
    const angle = Math.min(degrees, end);
    const along = (angle - start) / (end - start);
    knots.push([
      vx * (1 - along) + sign * width * Math.sin(radians(angle)) ** bend,
      arcY + depth * Math.cos(radians(angle)),
      headZ - 4 * size - fall * fallen(along),
    ]);
  }
  // The first rib lies flat: its outer surface looks up.
  const flat = [0.85, 0.45, 0.2][number - 1] ?? 0;
  const outward = (point: Vec3): Vec3 => {
    const [ax, ay] = axis(point[2]);
    const [dx, dy] = [point[0] - ax, point[1] - ay];
    const radius = Math.hypot(dx, dy);
    return [(dx / radius) * (1 - flat), (dy / radius) * (1 - flat), flat];
  };
  const thick = (number === 1 ? 3.3 : 3.9) * size * random.factor(0.07);
  const high = (number === 1 ? 7.5 : number >= 11 ? 5.4 : 6.4) * size * random.factor(0.07);
  const bone = makeTube(splineThrough(knots), outward, boneSection(number, thick, high));
  const last = bone.count - 1;
  const tip: Vec3 = [
    bone.positions[3 * last] ?? 0,
    bone.positions[3 * last + 1] ?? 0,
    bone.positions[3 * last + 2] ?? 0,
  ];
  const target = cartilageEnds[number - 1];
  if (!target) return { side, number, bone, cartilage: null };
  const reach: Vec3 = [
    sign * target[0] * size,
    (number <= 7 ? sternumY(target[1] * size) : tip[1] + 0.35 * (sternumY(target[1] * size) - tip[1])) + 1,
    target[1] * size,
  ];
  const sag = number >= 5 ? 10 + 2 * number : 0;
  const middle: Vec3 = [
    0.45 * reach[0] + 0.55 * tip[0],
    0.62 * reach[1] + 0.38 * tip[1],
    0.4 * reach[2] + 0.6 * tip[2] - sag * 0.4 * size,
  ];
  const tangent: Vec3 = [
    tip[0] - 6 * (bone.tangents[3 * last] ?? 0),
    tip[1] - 6 * (bone.tangents[3 * last + 1] ?? 0),
    tip[2] - 6 * (bone.tangents[3 * last + 2] ?? 0),
  ];
  const path = splineThrough([tangent, tip, middle, reach]).slice(16);
  const section = boneSection(number, thick, high)(1);
  const cartilage = makeTube(path, outward, (along) => [
    section[0] * (1 - 0.1 * along),
    section[1] * (1 - 0.25 * along),
  ]);
  return { side, number, bone, cartilage };
}
