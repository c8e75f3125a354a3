import { alongFracture, type FracturePlan } from './fracture-site.js';
import { barsDistance, type Implant, implantDistance } from './implant.js';
import type { LimbBackground } from './limb-background.js';
import { insideBy, type LimbPart, type LimbPoint, mix } from './limb-point.js';
import { locate, newTubePoint } from './radial-tube.js';

// Attenuation of metal on an extended scale, HU; scanners cut it where their scale ends.
const metalHu = { titanium: 7000, steel: 16000 } as const;
const airHu = -1000;
// Farther from bone or metal than this nothing asks for the distance.
const boneReach = 60;
const metalReach = 12;
// So far outside of the skin there is nothing but bars of metal.
const airReach = 4;
const noShift: readonly [number, number] = [0, 0];

/** A limb with its fracture, metal and all that goes with them, asked point by point. */
export class LimbField {
  readonly #background: LimbBackground;
  readonly #fracture: FracturePlan;
  readonly #implant: Implant;
  readonly #parts: readonly LimbPart[];
  readonly #bonePoint = newTubePoint();
  readonly #skinPoint = newTubePoint();
  readonly #point: LimbPoint = {
    x: 0,
    y: 0,
    z: 0,
    nearBone: false,
    outside: 0,
    beyondMarrow: 0,
    angle: 0,
    radius: 0,
    along: 0,
    depth: 0,
    metal: 0,
  };

  constructor(
    background: LimbBackground,
    fracture: FracturePlan,
    implant: Implant,
    parts: readonly LimbPart[],
  ) {
    this.#background = background;
    this.#fracture = fracture;
    this.#implant = implant;
    this.#parts = parts;
  }

  /** Share of metal at the point last asked for attenuation, 0 to 1. */
  metalShare = 0;
  /** Uptake of what belongs to an infection at the point last asked for uptake, in units of the case. */
  infectedUptake = 0;

  /** Whether the point lies within `within` mm of the fractured bone or of metal (the point last placed). */
  isNearBone(within: number): boolean {
    const { nearBone, outside, metal } = this.#point;
    return (nearBone && outside < within) || metal < Math.min(within, metalReach);
  }

  /** Whether the point lies in metal or touches it (the point last placed). */
  get besideMetal(): boolean {
    return this.#point.metal < 1.5;
  }

  #place(x: number, y: number, z: number): readonly [number, number] {
    const p = this.#point;
    const bone = this.#bonePoint;
    p.x = x;
    p.y = y;
    p.z = z;
    const skin = this.#skinPoint;
    p.depth = locate(this.#background.skin, x, y, z, airReach, skin) ? -skin.outside : -airReach;
    if (p.depth <= -airReach) {
      p.nearBone = false;
      p.outside = boneReach;
      p.along = boneReach;
      p.metal = barsDistance(this.#implant.bars, p, metalReach);
      return noShift;
    }
    p.along = alongFracture(this.#fracture, x, y, z);
    const shift = p.along < 0 ? this.#fracture.shift : noShift;
    p.nearBone = locate(this.#background.bone, x - shift[0], y - shift[1], z, boneReach, bone);
    p.outside = p.nearBone ? bone.outside : boneReach;
    p.beyondMarrow = bone.beyondInner;
    p.angle = bone.angle;
    p.radius = bone.radius;
    p.metal = implantDistance(this.#implant, p, metalReach);
    return shift;
  }

  #within({ centre, reach }: LimbPart): boolean {
    const dx = this.#point.x - centre[0];
    const dy = this.#point.y - centre[1];
    const dz = this.#point.z - centre[2];
    return dx * dx + dy * dy + dz * dz < reach * reach;
  }

  /** Attenuation at a point, HU, metal on an extended scale. */
  attenuation(x: number, y: number, z: number): number {
    const shift = this.#place(x, y, z);
    if (this.#point.depth <= -airReach && this.#point.metal > 1 && !this.#background.real) {
      this.metalShare = 0;
      return airHu;
    }
    let hu = this.#background.attenuation(x, y, z, shift);
    for (const part of this.#parts) {
      if (part.attenuation && this.#within(part)) hu = part.attenuation(this.#point, hu);
    }
    const { tracks } = this.#implant;
    if (tracks.length > 0 && this.#point.nearBone && this.#point.outside < 1 && hu > 60) {
      hu = mix(hu, 50, insideBy(barsDistance(tracks, this.#point, 4), 0.8));
    }
    this.metalShare = insideBy(this.#point.metal, 0.7);
    return this.metalShare > 0 ? mix(hu, metalHu[this.#implant.metal], this.metalShare) : hu;
  }

  /** Uptake that the parts add at a point, in units of the case. */
  addedUptake(x: number, y: number, z: number): number {
    this.#place(x, y, z);
    this.infectedUptake = 0;
    if (this.#point.depth <= -airReach) return 0;
    let sum = 0;
    let infected = 0;
    for (const part of this.#parts) {
      if (!part.uptake || !this.#within(part)) continue;
      const uptake = part.uptake(this.#point);
      // What lies over each other does not add up: the stronger one is seen.
      if (part.infected) infected = Math.max(infected, uptake);
      sum = Math.max(sum, uptake);
    }
    // Metal takes up nothing.
    const living = 1 - insideBy(this.#point.metal, 0.7);
    this.infectedUptake = infected * living;
    return sum * living;
  }
}
