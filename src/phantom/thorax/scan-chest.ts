import type { Vec3 } from '../geometry/vector.js';
import { Random } from '../random.js';
import type { CtSettings } from '../scanner/ct-settings.js';
import { Kernel } from '../scanner/kernel.js';
import { drawMetal, paintMetal } from '../scanner/metal.js';
import { NoiseTexture } from '../scanner/noise-texture.js';
import type { Chest } from './chest.js';
import type { SlicePlane } from './slice-plane.js';

// Planes that are averaged into one slice lie no further apart than this.
const planesApartMm = 1;

/** Where the voxels of a simulated scan lie. */
export interface ScanGrid {
  readonly columns: number;
  readonly rows: number;
  readonly slices: number;
  /** Centre of the first voxel (mm, LPS): x to the left, y to the back, z to the head. */
  readonly origin: Vec3;
  /** Millimetres per column, row, slice. */
  readonly spacing: Vec3;
}

/** A simulated scan, to be made slice by slice from the feet up. */
export class ChestScan {
  readonly chest: Chest;
  readonly settings: CtSettings;
  readonly grid: ScanGrid;
  readonly #seed: string;

  constructor(chest: Chest, settings: CtSettings, seed: number, heights = chest.heightsMm) {
    this.chest = chest;
    this.settings = settings;
    this.#seed = `scan ${seed}`;
    const { columns, rows, pixelMm, intervalMm } = settings;
    const middleY = chest.cage.axis(-120 * chest.build.size)[1] + 8;
    this.grid = {
      columns,
      rows,
      slices: Math.max(1, Math.floor((heights[1] - heights[0]) / intervalMm)),
      origin: [-((columns - 1) / 2) * pixelMm, middleY - ((rows - 1) / 2) * pixelMm, heights[0]],
      spacing: [pixelMm, pixelMm, intervalMm],
    };
  }

  /** How far the chest had moved when the plane at this height was scanned: towards the left and the back, mm. */
  shiftAt(z: number): readonly [number, number] {
    const { motionMm } = this.settings;
    if (motionMm === 0) return [0, 0];
    return [0.3 * motionMm * Math.sin(z / 13), motionMm * Math.sin(z / 17)];
  }

  /** Slices from the lowest up: HU, one row after the other. The array is used again for the next slice. */
  *planes(): Generator<Int16Array> {
    const { columns, rows, slices, origin, spacing } = this.grid;
    const { sliceMm, blurMm, edge, noiseHu, pixelMm, metalParts, motionMm } = this.settings;
    const random = new Random(this.#seed);
    const noise = new NoiseTexture(random.fork('noise'), blurMm / pixelMm);
    const noiseShifts = random.fork('shifts');
    const metal = drawMetal(metalParts, this.chest.cage, random.fork('metal'));
    const kernel = new Kernel(blurMm / pixelMm, edge, columns, rows);
    const count = Math.max(motionMm > 0 ? 2 : 1, Math.ceil(sliceMm / planesApartMm));
    const hu = new Float32Array(columns * rows);
    const sum = new Float32Array(columns * rows);
    const out = new Int16Array(columns * rows);
    const top = (this.grid.slices - 1) * spacing[2] + origin[2];
    for (let slice = 0; slice < slices; slice++) {
      const centre = origin[2] + slice * spacing[2];
      if (count > 1) sum.fill(0);
      for (let part = 0; part < count; part++) {
        const z = centre + ((part + 0.5) / count - 0.5) * sliceMm;
        const [dx, dy] = this.shiftAt(z);
        const plane: SlicePlane = {
          columns,
          rows,
          spacingMm: pixelMm,
          x: origin[0] - dx,
          y: origin[1] - dy,
          z,
          hu,
        };
        this.chest.paint(plane);
        if (metal.length > 0) paintMetal(plane, metal);
        if (count > 1)
          for (let i = 0; i < hu.length; i++) sum[i] = (sum[i] as number) + (hu[i] as number) / count;
      }
      const field = count > 1 ? sum : hu;
      kernel.apply(field);
      // Shoulders take most of the beam: more noise there.
      const shoulders = 1 + 0.7 * Math.exp(-Math.max(0, top - 30 - centre) / 45);
      noise.addTo(field, columns, noiseHu * shoulders, noiseShifts);
      for (let i = 0; i < out.length; i++) {
        const value = Math.round(field[i] as number);
        out[i] = value < -1024 ? -1024 : value > 3071 ? 3071 : value;
      }
      yield out;
    }
  }
}
