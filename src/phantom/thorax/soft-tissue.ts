import type { ChestWall } from './chest-wall.js';
import type { RibCage } from './rib-cage.js';
import { inside, type SlicePlane } from './slice-plane.js';
import { coarseTexture, vesselAt } from './texture.js';

// Distances to surfaces are smooth: they are computed at nodes this far apart and interpolated.
const nodeMm = 6;

const hu = { air: -1000, fat: -100, muscle: 55, skin: 40, organ: 58, disc: 70, trachea: -990 } as const;

/** Smooth step from 0 to 1 as `value` goes from `low` to `high`. */
function rise(value: number, low: number, high: number): number {
  const t = Math.max(0, Math.min(1, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}

/** Signed distances (mm, negative inside) of one slice at coarse nodes. */
interface Nodes {
  readonly columns: number;
  readonly rows: number;
  readonly wall: Float32Array;
  readonly skin: Float32Array;
  readonly lung: Float32Array;
  readonly heart: Float32Array;
  readonly dome: Float32Array;
}

/** Everything of a chest but its bones: air, skin, fat, muscle, lungs, heart and great vessels, upper abdomen. */
export class SoftTissue {
  readonly #cage: RibCage;
  readonly #wall: ChestWall;
  // Neighbouring points ask for the axis at one height.
  #axisZ = Number.NaN;
  #axisX = 0;
  #axisY = 0;

  constructor(cage: RibCage, wall: ChestWall) {
    this.#cage = cage;
    this.#wall = wall;
  }

  /** Distance from the surface of the ribs, mm, negative inside of the chest. */
  wallDistance(x: number, y: number, z: number): number {
    if (z !== this.#axisZ) {
      [this.#axisX, this.#axisY] = this.#cage.axis(z);
      this.#axisZ = z;
    }
    const dx = x - this.#axisX;
    const dy = y - this.#axisY;
    return 0.93 * (Math.sqrt(dx * dx + dy * dy) - this.#wall.radius(Math.atan2(Math.abs(dx), dy), z));
  }

  /** Distance of the skin from the axis of the chest. */
  #skinRadius(angle: number, z: number, wallRadius: number): number {
    const { size, muscleMm, fatMm } = this.#cage.build;
    const behind = Math.exp(-((angle / 0.75) ** 2));
    const before = Math.exp(-(((Math.PI - angle) / 0.9) ** 2));
    const scapular = Math.exp(-(((angle - 1.0) / 0.4) ** 2)) * rise(z, -170 * size, -110 * size);
    const pectoral = Math.exp(-(((angle - 2.4) / 0.45) ** 2)) * rise(z, -150 * size, -90 * size);
    const muscle = muscleMm * (0.75 + 1.7 * behind + 1.6 * scapular + 0.8 * pectoral - 0.2 * before);
    const chest = wallRadius + 6 + muscle + fatMm * (0.75 + 0.5 * before + 0.3 * behind);
    // Shoulders and neck, where no rib holds the skin out.
    const shoulders = rise(-z, -62 * size, -8 * size) * (1 - rise(-z, 70 * size, 150 * size));
    const across = (62 + 128 * shoulders) * size + 0.5 * fatMm;
    const along = (66 + 22 * shoulders) * size + 0.5 * fatMm;
    const upper = 1 - rise(-z, 60 * size, 150 * size);
    const neck = (across * along) / Math.hypot(along * Math.sin(angle), across * Math.cos(angle));
    return Math.max(chest, neck * upper);
  }

  #nodes(plane: SlicePlane): Nodes {
    const columns = Math.ceil(((plane.columns - 1) * plane.spacingMm) / nodeMm) + 2;
    const rows = Math.ceil(((plane.rows - 1) * plane.spacingMm) / nodeMm) + 2;
    const field = () => new Float32Array(columns * rows);
    const nodes = {
      columns,
      rows,
      wall: field(),
      skin: field(),
      lung: field(),
      heart: field(),
      dome: field(),
    };
    const { z } = plane;
    const { build } = this.#cage;
    const { size } = build;
    const [ax, ay] = this.#cage.axis(z);
    const spineY = ay + (20 + 32 * Math.min(1, Math.max(0, -z / (150 * size)))) * size * build.depth;
    for (let j = 0; j < rows; j++) {
      for (let i = 0; i < columns; i++) {
        const x = plane.x + i * nodeMm - ax;
        const y = plane.y + j * nodeMm - ay;
        const at = j * columns + i;
        const angle = Math.atan2(Math.abs(x), y);
        const distance = Math.sqrt(x * x + y * y);
        const wallRadius = this.#wall.radius(angle, z);
        const wall = 0.93 * (distance - wallRadius);
        const heart = ellipsoid(
          x - 20 * size,
          y + 26 * size,
          z + 172 * size,
          62 * size,
          46 * size,
          56 * size,
        );
        const mediastinum = ellipsoid(x - 3, y + 12 * size, z + 60 * size, 36 * size, 62 * size, 150 * size);
        const spine = Math.hypot(x, y - (spineY - ay)) - 22 * size;
        const side = x > 0 ? 1 : -1;
        const domeZ =
          (side > 0 ? -203 : -190) * size +
          8 -
          58 * size * ((x - side * 62 * size) / (88 * size)) ** 2 -
          50 * size * ((y + 12) / (100 * size)) ** 2;
        const dome = (z - domeZ) * 0.75;
        nodes.wall[at] = wall;
        nodes.skin[at] = 0.93 * (distance - this.#skinRadius(angle, z, wallRadius));
        nodes.heart[at] = heart;
        nodes.dome[at] = dome;
        nodes.lung[at] = Math.max(wall + 6, -dome, -heart - 3, -mediastinum, -spine);
      }
    }
    return nodes;
  }

  /** Fills the plane with soft tissue. */
  paint(plane: SlicePlane): void {
    const nodes = this.#nodes(plane);
    const { build } = this.#cage;
    const { columns, rows, spacingMm, z } = plane;
    const { wall, skin, lung, heart, dome } = nodes;
    const [ax, ay] = this.#cage.axis(z);
    const descending = { x: ax + 20 * build.size, y: ay + 26 * build.size, radius: 11.5 * build.size };
    const trachea = { x: ax, y: ay - 4 * build.size, radius: z > -88 * build.size ? 8.5 : -1 };
    for (let row = 0; row < rows; row++) {
      const y = plane.y + row * spacingMm;
      const down = (row * spacingMm) / nodeMm;
      const j = Math.floor(down);
      const fy = down - j;
      for (let column = 0; column < columns; column++) {
        const across = (column * spacingMm) / nodeMm;
        const i = Math.floor(across);
        const fx = across - i;
        const at = j * nodes.columns + i;
        const below = at + nodes.columns;
        const w00 = (1 - fx) * (1 - fy);
        const w10 = fx * (1 - fy);
        const w01 = (1 - fx) * fy;
        const w11 = fx * fy;
        const out = row * columns + column;
        const dSkin =
          w00 * (skin[at] as number) +
          w10 * (skin[at + 1] as number) +
          w01 * (skin[below] as number) +
          w11 * (skin[below + 1] as number);
        if (dSkin > 1) {
          plane.hu[out] = hu.air;
          continue;
        }
        const x = plane.x + column * spacingMm;
        const dWall =
          w00 * (wall[at] as number) +
          w10 * (wall[at + 1] as number) +
          w01 * (wall[below] as number) +
          w11 * (wall[below + 1] as number);
        let value: number;
        if (dWall > -2) {
          value = this.#outer(x, y, z, dWall, dSkin);
        } else {
          const dLung =
            w00 * (lung[at] as number) +
            w10 * (lung[at + 1] as number) +
            w01 * (lung[below] as number) +
            w11 * (lung[below + 1] as number);
          const dHeart =
            w00 * (heart[at] as number) +
            w10 * (heart[at + 1] as number) +
            w01 * (heart[below] as number) +
            w11 * (heart[below + 1] as number);
          const dDome =
            w00 * (dome[at] as number) +
            w10 * (dome[at + 1] as number) +
            w01 * (dome[below] as number) +
            w11 * (dome[below + 1] as number);
          value = this.#inner(x, y, z, dWall, dLung, dHeart, dDome);
          const dAorta = diskDistance(x, y, descending);
          if (dAorta < 1) value += inside(dAorta, 1.2) * (build.bloodHu - value);
          const dTrachea = diskDistance(x, y, trachea);
          if (dTrachea < 1) value += inside(dTrachea, 1.2) * (hu.trachea - value);
        }
        plane.hu[out] = value + inside(-dSkin, 1.2) * (hu.air - value);
      }
    }
  }

  /** From the ribs to the skin. */
  #outer(x: number, y: number, z: number, dWall: number, dSkin: number): number {
    if (dSkin > -1.8) return hu.skin;
    const { fatMm, muscleMm } = this.#cage.build;
    const texture = coarseTexture(x, y, z);
    // Sheets of fat between muscles run along the wall.
    const sheet = coarseTexture(0.35 * x, 0.35 * y, 0.35 * z + 2.2 * dWall);
    const fatEdge = dSkin + fatMm * (0.95 + 0.35 * texture);
    const fat = Math.max(inside(-fatEdge, 1.2), dWall > 5 && sheet > 0.32 + 0.01 * muscleMm ? 0.85 : 0);
    return hu.muscle + 8 * texture + fat * (hu.fat - hu.muscle);
  }

  /** Inside of the ribs. */
  #inner(
    x: number,
    y: number,
    z: number,
    dWall: number,
    dLung: number,
    dHeart: number,
    dDome: number,
  ): number {
    const { build } = this.#cage;
    if (dLung < -1) return lungValue(x, y, z, build.lungHu, build.bloodHu);
    const texture = coarseTexture(x, y, z);
    let tissue: number;
    if (dWall > -5.2) tissue = texture > 0.35 ? hu.fat + 60 : hu.muscle;
    else if (dDome < 0 && dWall < -8) tissue = texture > 0.42 ? hu.fat : hu.organ + 6 * texture;
    else if (dHeart < 0) tissue = dHeart < -9 && texture > -0.3 ? build.bloodHu : hu.muscle;
    else tissue = texture > 0.05 ? hu.fat + 10 : texture < -0.35 ? build.bloodHu : 40;
    if (dLung > 1) return tissue;
    return tissue + inside(dLung, 1.6) * (lungValue(x, y, z, build.lungHu, build.bloodHu) - tissue);
  }
}

function lungValue(x: number, y: number, z: number, lungHu: number, bloodHu: number): number {
  return vesselAt(x, y, z) === 1 ? 0.4 * bloodHu : lungHu + 25 * coarseTexture(z, x, y);
}

interface Disk {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Distance from a disk, negative inside; any number of at least 1 further away. */
function diskDistance(x: number, y: number, disk: Disk): number {
  const dx = x - disk.x;
  const dy = y - disk.y;
  const squared = dx * dx + dy * dy;
  return squared > (disk.radius + 1) ** 2 ? 1 : Math.sqrt(squared) - disk.radius;
}

/** About the distance from an ellipsoid around the origin, negative inside. */
function ellipsoid(x: number, y: number, z: number, a: number, b: number, c: number): number {
  const q = Math.sqrt((x / a) ** 2 + (y / b) ** 2 + (z / c) ** 2);
  return (q - 1) * Math.min(a, b, c);
}
