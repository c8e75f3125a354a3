import type { ChestBuild } from './build.js';
import type { Rib } from './rib-cage.js';
import { type BrokenPoint, breakPoint, fractureReachMm, type RibFracture } from './rib-fracture.js';
import { type RibTube, stationStepMm } from './rib-tube.js';
import { inside, type SlicePlane, windowOf } from './slice-plane.js';
import { coarseTexture, fineTexture } from './texture.js';

// Around whole bone only its own surface matters; around a break shifted ends, callus and haematoma reach further.
const plainReachMm = 11;
const brokenReachMm = 19;
const haematomaHu = 62;
const islandLevel = 0.78;
const islandHu = 380;

/** What a rib is made of; cartilage has no cortex. */
export interface RibMaterial {
  readonly cortexMm: number;
  readonly cortexHu: number;
  readonly marrowHu: number;
  /** Calcified share of cartilage, 0 to 1; null for bone. */
  readonly calcification: number | null;
}

export function boneMaterial(build: ChestBuild): RibMaterial {
  return {
    cortexMm: build.cortexMm,
    cortexHu: build.cortexHu,
    marrowHu: build.marrowHu,
    calcification: null,
  };
}

export function cartilageMaterial(build: ChestBuild): RibMaterial {
  return { cortexMm: 0, cortexHu: 0, marrowHu: 105, calcification: build.calcification };
}

/** A stretch of a tube between two stations, ready to be drawn. */
export interface TubePiece {
  readonly tube: RibTube;
  readonly station: number;
  readonly material: RibMaterial;
  readonly fractures: readonly RibFracture[];
  readonly reachMm: number;
  readonly minZ: number;
  readonly maxZ: number;
}

/** The pieces of a rib. @param fractures those of this rib */
export function piecesOf(rib: Rib, build: ChestBuild, fractures: readonly RibFracture[]): TubePiece[] {
  const pieces = tubePieces(rib.bone, boneMaterial(build), fractures);
  if (rib.cartilage)
    for (const piece of tubePieces(rib.cartilage, cartilageMaterial(build), [])) pieces.push(piece);
  return pieces;
}

function tubePieces(tube: RibTube, material: RibMaterial, fractures: readonly RibFracture[]): TubePiece[] {
  const pieces: TubePiece[] = [];
  for (let station = 0; station + 1 < tube.count; station++) {
    const middle = (station + 0.5) * stationStepMm;
    const near = fractures.filter(
      ({ alongMm }) => Math.abs(alongMm - middle) < fractureReachMm + stationStepMm,
    );
    const reachMm = near.length > 0 ? brokenReachMm : plainReachMm;
    const z0 = tube.positions[3 * station + 2] ?? 0;
    const z1 = tube.positions[3 * station + 5] ?? 0;
    pieces.push({
      tube,
      station,
      material,
      fractures: near,
      reachMm,
      minZ: Math.min(z0, z1) - reachMm,
      maxZ: Math.max(z0, z1) + reachMm,
    });
  }
  return pieces;
}

const point: BrokenPoint = { along: 0, out: 0, up: 0, gone: 0, callusMm: 0, haematomaMm: 0, sclerosis: 0 };

/**
 * Draws a piece into a plane. A point belongs to the piece when it lies between the planes across the tube at its two
 * stations, so that pieces neither overlap nor leave gaps.
 */
export function paintPiece(plane: SlicePlane, piece: TubePiece): void {
  const { tube, station, reachMm } = piece;
  const { z, columns, spacingMm } = plane;
  const { positions: p, tangents: t, normals: n, ups: w } = tube;
  const a = 3 * station;
  const b = a + 3;
  const ax = p[a] as number;
  const ay = p[a + 1] as number;
  const az = z - (p[a + 2] as number);
  const bx = p[b] as number;
  const by = p[b + 1] as number;
  const bz = z - (p[b + 2] as number);
  const [firstColumn, lastColumn, firstRow, lastRow] = windowOf(
    plane,
    Math.min(ax, bx) - reachMm,
    Math.max(ax, bx) + reachMm,
    Math.min(ay, by) - reachMm,
    Math.max(ay, by) + reachMm,
  );
  const first = station === 0;
  const last = station + 2 === tube.count;
  for (let row = firstRow; row <= lastRow; row++) {
    const y = plane.y + row * spacingMm;
    for (let column = firstColumn; column <= lastColumn; column++) {
      const x = plane.x + column * spacingMm;
      const da = (x - ax) * (t[a] as number) + (y - ay) * (t[a + 1] as number) + az * (t[a + 2] as number);
      if (da < 0 && !first) continue;
      const db = (x - bx) * (t[b] as number) + (y - by) * (t[b + 1] as number) + bz * (t[b + 2] as number);
      if (db >= 0 && !last) continue;
      // Round ends: beyond its ends a tube goes on shrinking.
      const beyond = Math.max(0, first ? -da : 0, last ? db : 0);
      if (beyond > 8) continue;
      const f = Math.max(0, Math.min(1, da / (da - db)));
      const g = 1 - f;
      const cx = x - (g * ax + f * bx);
      const cy = y - (g * ay + f * by);
      const cz = g * az + f * bz;
      const out =
        cx * (g * (n[a] as number) + f * (n[b] as number)) +
        cy * (g * (n[a + 1] as number) + f * (n[b + 1] as number)) +
        cz * (g * (n[a + 2] as number) + f * (n[b + 2] as number));
      const up =
        cx * (g * (w[a] as number) + f * (w[b] as number)) +
        cy * (g * (w[a + 1] as number) + f * (w[b + 1] as number)) +
        cz * (g * (w[a + 2] as number) + f * (w[b + 2] as number));
      if (Math.abs(out) > reachMm || Math.abs(up) > reachMm) continue;
      const at = row * columns + column;
      plane.hu[at] = drawnPoint(piece, f, beyond, out, up, plane.hu[at] as number, spacingMm, x, y, z);
    }
  }
}

function drawnPoint(
  piece: TubePiece,
  f: number,
  beyond: number,
  out: number,
  up: number,
  background: number,
  spacingMm: number,
  x: number,
  y: number,
  z: number,
): number {
  const { tube, station, fractures, material } = piece;
  const along = (station + f) * stationStepMm;
  let movedOut = out;
  let movedUp = up;
  let gone = 0;
  let callus = 0;
  let haematoma = 0;
  let sclerosis = 0;
  let strongest: RibFracture | undefined;
  for (const fracture of fractures) {
    const from = along - fracture.alongMm;
    if (from < -fractureReachMm || from > fractureReachMm) continue;
    breakPoint(fracture.shape, from, movedOut, movedUp, spacingMm, point);
    movedOut = point.out;
    movedUp = point.up;
    gone = Math.max(gone, point.gone);
    haematoma = Math.max(haematoma, point.haematomaMm);
    if (point.callusMm > callus) {
      callus = point.callusMm;
      strongest = fracture;
      sclerosis = point.sclerosis;
    }
  }
  const thickness = mixed(tube.halfThickness, station, f);
  const height = mixed(tube.halfHeight, station, f);
  const round = beyond > 0 ? Math.sqrt(Math.max(0.02, 1 - (beyond / 6) ** 2)) : 1;
  // No rib is as smooth as a pipe.
  const uneven = 0.4 * coarseTexture(0.5 * x, 0.5 * y, 0.5 * z);
  const distance = ellipseDistance(movedOut, movedUp, thickness * round, height * round) + uneven;
  let value = background;
  if (haematoma > 0.3 && value < haematomaHu && distance > -1) {
    value += 0.95 * inside(distance - haematoma, 1.6) * (haematomaHu - value);
  }
  if (callus > 0.1 && strongest) {
    const { callusHu } = strongest.shape;
    const woven = callusHu * (1 + 0.3 * fineTexture(x, y, z));
    value += inside(distance - callus, 1) * (woven - value);
  }
  if (distance > 0.7) return value;
  const intact = intactHu(material, distance, x, y, z, strongest, sclerosis);
  const bone = intact + gone * (haematomaHu - intact);
  return value + inside(distance, 0.8) * (bone - value);
}

function intactHu(
  material: RibMaterial,
  distance: number,
  x: number,
  y: number,
  z: number,
  healed: RibFracture | undefined,
  sclerosis: number,
): number {
  const { calcification } = material;
  if (calcification !== null) {
    const spot = coarseTexture(1.7 * x, 1.7 * y, 1.7 * z);
    const rim = distance > -1.8 ? 0.3 : 0;
    return spot + rim > 1.05 - calcification ? 420 + 180 * spot : material.marrowHu;
  }
  const cortexMm = material.cortexMm * (1 + 0.2 * coarseTexture(y, z, x));
  let marrow = material.marrowHu + 75 * fineTexture(x, y, z);
  let cortexHu = material.cortexHu;
  // Bone islands: dense spots that mean nothing.
  if (coarseTexture(2.1 * y, 2.1 * z, 2.1 * x) > islandLevel) marrow += islandHu;
  if (healed && sclerosis > 0) {
    marrow += sclerosis * (healed.shape.sclerosisHu + 60 * fineTexture(x, y, z) - marrow);
    // Cortex under callus is being taken down.
    cortexHu += 0.5 * sclerosis * (healed.shape.callusHu - cortexHu);
  }
  return marrow + (1 - inside(distance + cortexMm, 0.8)) * (cortexHu - marrow);
}

function mixed(column: Float64Array, station: number, f: number): number {
  return (1 - f) * (column[station] as number) + f * (column[station + 1] as number);
}

/** Distance from an ellipse, exact to first order at its surface; negative inside. */
export function ellipseDistance(x: number, y: number, a: number, b: number): number {
  const u = x / a;
  const v = y / b;
  const q = Math.sqrt(u * u + v * v);
  if (q < 1e-6) return -Math.min(a, b);
  const slope = Math.sqrt((u / a) ** 2 + (v / b) ** 2) / q;
  return Math.max(-Math.min(a, b), (q - 1) / slope);
}
