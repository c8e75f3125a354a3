import { Random } from '../random.js';
import { type ChestBuild, drawBuild } from './build.js';
import { ChestWall } from './chest-wall.js';
import { drawFractures } from './draw-fractures.js';
import { paintPiece, piecesOf, type TubePiece } from './paint-rib.js';
import { makeRibCage, type RibCage } from './rib-cage.js';
import type { RibFracture } from './rib-fracture.js';
import { paintSolidBone, type SolidBone, skeletonOf } from './skeleton.js';
import type { SlicePlane } from './slice-plane.js';
import { SoftTissue } from './soft-tissue.js';

export interface ChestOptions {
  /** The same seed gives the same chest on every machine. */
  readonly seed: number;
  /** Breaks to make; fewer where no place is left. */
  readonly fractures: number;
}

/** A simulated chest: geometry that can be cut at any height with any spacing. */
export class Chest {
  readonly build: ChestBuild;
  readonly cage: RibCage;
  readonly fractures: readonly RibFracture[];
  readonly #soft: SoftTissue;
  readonly #bones: readonly SolidBone[];
  readonly #pieces: readonly TubePiece[];

  constructor(options: ChestOptions) {
    const random = new Random(`chest ${options.seed}`);
    this.build = drawBuild(random.fork('build'));
    this.cage = makeRibCage(this.build, random.fork('ribs'));
    this.fractures = drawFractures(this.cage.ribs, options.fractures, random.fork('fractures'));
    this.#soft = new SoftTissue(this.cage, new ChestWall(this.cage));
    this.#bones = skeletonOf(this.cage, this.#soft);
    this.#pieces = this.cage.ribs.flatMap((rib) =>
      piecesOf(
        rib,
        this.build,
        this.fractures.filter(({ side, number }) => side === rib.side && number === rib.number),
      ),
    );
  }

  /** Heights from below the last rib to above the lungs: [lowest, highest], mm. */
  get heightsMm(): readonly [number, number] {
    const { size } = this.build;
    const lowest = this.cage.ribs.reduce((low, { bone }) => {
      for (let i = 0; i < bone.count; i++) low = Math.min(low, bone.positions[3 * i + 2] as number);
      return low;
    }, 0);
    return [lowest - 22, 38 * size];
  }

  /** Half breadth of the field that takes in all ribs, mm. */
  get halfBreadthMm(): number {
    return this.cage.ribs.reduce((wide, { bone }) => {
      for (let i = 0; i < bone.count; i++) wide = Math.max(wide, Math.abs(bone.positions[3 * i] as number));
      return wide;
    }, 0);
  }

  /** Draws the chest as it is cut by a plane. */
  paint(plane: SlicePlane): void {
    this.#soft.paint(plane);
    for (const bone of this.#bones) paintSolidBone(plane, bone);
    for (const piece of this.#pieces) {
      if (plane.z >= piece.minZ && plane.z <= piece.maxZ) paintPiece(plane, piece);
    }
  }
}
