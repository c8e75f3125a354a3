import { largest, smallest } from '../../core/extremes.js';
import type { Vec3 } from '../geometry/vector.js';
import type { Rib, Side } from './rib-cage.js';
import type { FractureAge, RibFracture, RibFractureKind } from './rib-fracture.js';
import { centreLine, stationAt, stationStepMm } from './rib-tube.js';
import type { ChestScan, ScanGrid } from './scan-chest.js';

/** What is known of one simulated fracture in the scan. */
export interface FractureTruth {
  readonly side: Side;
  readonly rib: number;
  readonly kind: RibFractureKind;
  readonly age: FractureAge;
  readonly displaced: boolean;
  /** [x, y, z, width, height, depth] in voxels: encloses the changed zone of the rib. */
  readonly box3d: readonly [number, number, number, number, number, number];
  /** Patient coordinates (LPS), mm. */
  readonly centerMm: Vec3;
}

export interface RibTruth {
  readonly side: Side;
  readonly number: number;
  /** Centre line of the bone from its head to its cartilage, patient coordinates (LPS), mm. */
  readonly pointsMm: readonly Vec3[];
}

/** Half of a cross-section, widened by callus or soft tissue that belongs to the finding, mm. */
const marginMm = 1.5;

/** Where a point of the chest lies in the scan: breathing shifts it. */
function scanned([x, y, z]: Vec3, scan: ChestScan): Vec3 {
  const [dx, dy] = scan.shiftAt(z);
  return [x + dx, y + dy, z];
}

/** Ribs as they lie in the scan. */
export function ribTruths(scan: ChestScan): RibTruth[] {
  return scan.chest.cage.ribs.map(({ side, number, bone }) => ({
    side,
    number,
    pointsMm: centreLine(bone).map((point) => scanned(point, scan)),
  }));
}

function boxIn(
  { origin, spacing, columns, rows, slices }: ScanGrid,
  points: readonly Vec3[],
): FractureTruth['box3d'] {
  const size = [columns, rows, slices];
  const range = ([0, 1, 2] as const).map((axis) => {
    const at = points.map((point) => (point[axis] - origin[axis]) / spacing[axis] + 0.5);
    const low = Math.max(0, Math.floor(smallest(at)));
    const high = Math.min(size[axis] as number, Math.ceil(largest(at)));
    return [low, Math.max(1, high - low)] as const;
  });
  const [x, y, z] = range as [
    readonly [number, number],
    readonly [number, number],
    readonly [number, number],
  ];
  return [x[0], y[0], z[0], x[1], y[1], z[1]];
}

function truthOf(fracture: RibFracture, rib: Rib, scan: ChestScan): FractureTruth {
  const { alongMm, halfZoneMm, shape } = fracture;
  const points: Vec3[] = [];
  for (let along = alongMm - halfZoneMm; along <= alongMm + halfZoneMm + 1e-6; along += halfZoneMm / 4) {
    const { position, normal, up } = stationAt(rib.bone, along);
    const station = Math.max(0, Math.min(rib.bone.count - 1, Math.round(along / stationStepMm)));
    const reach = marginMm + 0.6 * shape.callusMm;
    const thick = (rib.bone.halfThickness[station] ?? 0) + reach;
    const high = (rib.bone.halfHeight[station] ?? 0) + reach;
    const moved = along > alongMm ? 1 : -0.35;
    for (let corner = 0; corner < 8; corner++) {
      const angle = (corner * Math.PI) / 4;
      const out = thick * Math.cos(angle) + moved * shape.offset[0];
      const above = high * Math.sin(angle) + moved * shape.offset[1];
      points.push([
        position[0] + out * normal[0] + above * up[0],
        position[1] + out * normal[1] + above * up[1],
        position[2] + out * normal[2] + above * up[2],
      ]);
    }
  }
  const { side, number, kind, age, displaced } = fracture;
  return {
    side,
    rib: number,
    kind,
    age,
    displaced,
    box3d: boxIn(
      scan.grid,
      points.map((point) => scanned(point, scan)),
    ),
    centerMm: scanned(stationAt(rib.bone, alongMm).position, scan),
  };
}

/** The fractures of the chest as they lie in the scan. */
export function fractureTruths(scan: ChestScan): FractureTruth[] {
  const { cage, fractures } = scan.chest;
  return fractures.flatMap((fracture) => {
    const rib = cage.ribs.find(({ side, number }) => side === fracture.side && number === fracture.number);
    return rib ? [truthOf(fracture, rib, scan)] : [];
  });
}
