import { noise3 } from '../geometry/noise.js';
import type { Random } from '../random.js';
import type { LimbAnatomy } from './limb-anatomy.js';
import { insideBy, mix } from './limb-point.js';
import { locate, newTubePoint, type RadialTube } from './radial-tube.js';

/** What a limb is before anything was broken or built in: drawn, or a real one. */
export interface LimbBackground {
  /** The bone that is fractured, and the skin, as tubes. */
  readonly bone: RadialTube;
  readonly skin: RadialTube;
  /** Whether uptake is already blurred and noisy, as that of a real scan is. */
  readonly real: boolean;
  /** Attenuation at a point, HU; `shifted` moves the fractured bone sideways there. */
  attenuation(x: number, y: number, z: number, shifted: readonly [number, number]): number;
  /** Uptake at a point, SUV. */
  uptake(x: number, y: number, z: number): number;
}

// Attenuation of tissues at 120 kV, HU.
const hu = { air: -1000, skin: 20, fat: -100, muscle: 56, vessel: 44, fattyMarrow: -40, trabecular: 330 };

/** Uptake of normal tissues of limbs an hour after injection, SUV: usual ranges of the FDG literature. */
function drawUptake(r: Random) {
  const bloodPool = r.between(1.2, 2);
  return {
    muscle: r.between(0.45, 0.9),
    fat: r.between(0.15, 0.32),
    vessel: bloodPool * r.between(0.85, 1.1),
    marrow: r.between(0.3, 0.8),
    trabecular: r.between(0.5, 1.2),
    cortex: r.between(0.2, 0.5),
    skin: r.between(0.4, 0.8),
  };
}

/** A drawn limb: skin, fat, muscle with seams of fat, vessels, bones with cortex and marrow. */
export function drawnBackground({ bones, envelope, vessels }: LimbAnatomy, r: Random): LimbBackground {
  const uptake = drawUptake(r);
  const seed = r.bits();
  const fatHu = hu.fat + r.between(-12, 8);
  const muscleHu = hu.muscle + r.between(-14, 8);
  const cortexHu = r.between(1050, 1650);
  const trabecularHu = hu.trabecular * r.between(0.5, 1.2);
  const seamWidth = r.between(0.04, 0.09);
  const edge = 0.8;
  const skinPoint = newTubePoint();
  const bonePoint = newTubePoint();
  const [bone] = bones as [RadialTube];

  // 0 in the middle of a seam of fat between muscles, 1 beyond it.
  const offSeam = (x: number, y: number, z: number) => {
    const compartment = Math.abs(noise3(seed, x / 24, y / 24, z / 110));
    const bundle = Math.abs(noise3(seed + 1, x / 15, y / 15, z / 90)) * 2;
    return Math.min(1, Math.min(compartment, bundle) / seamWidth);
  };

  const nearVessel = (x: number, y: number, z: number): number => {
    let nearest = 99;
    for (const vessel of vessels) {
      const d = Math.hypot(x - vessel.x - vessel.leanX * z, y - vessel.y - vessel.leanY * z) - vessel.radius;
      if (d < nearest) nearest = d;
    }
    return nearest;
  };

  return {
    bone,
    skin: envelope,
    real: false,
    attenuation(x, y, z, shifted) {
      if (!locate(envelope, x, y, z, 2, skinPoint) || skinPoint.outside > edge) return hu.air;
      const intoFascia = insideBy(skinPoint.beyondInner, 1);
      let value = fatHu + 8 * noise3(seed + 2, x / 4, y / 4, z / 4);
      if (intoFascia > 0) {
        const muscle = muscleHu + 10 * noise3(seed + 3, x / 6, y / 6, z / 20);
        value = mix(value, mix(fatHu + 35, muscle, offSeam(x, y, z)), intoFascia);
        const vessel = nearVessel(x, y, z);
        if (vessel < 4) value = vessel < 0 ? hu.vessel : mix(fatHu, value, vessel / 4);
      }
      if (skinPoint.outside > -1.8) value = hu.skin;
      for (let b = 0; b < bones.length; b++) {
        const dx = b === 0 ? shifted[0] : 0;
        const dy = b === 0 ? shifted[1] : 0;
        if (!locate(bones[b] as RadialTube, x - dx, y - dy, z, 2, bonePoint) || bonePoint.outside > edge)
          continue;
        const trabeculae = bonePoint.trabecular * (1 + 0.35 * noise3(seed + 4, x / 2.2, y / 2.2, z / 2.2));
        const marrow = mix(hu.fattyMarrow, trabecularHu, trabeculae);
        const cortex = cortexHu * (1 + 0.06 * noise3(seed + 5, x / 4, y / 4, z / 9));
        const inside = mix(cortex, marrow, insideBy(bonePoint.beyondInner, edge));
        value = mix(value, inside, insideBy(bonePoint.outside, edge));
      }
      return mix(hu.air, value, insideBy(skinPoint.outside, edge));
    },
    uptake(x, y, z) {
      if (!locate(envelope, x, y, z, 2, skinPoint) || skinPoint.outside > 1) return 0.01;
      let value = skinPoint.outside > -2 ? uptake.skin : uptake.fat;
      if (skinPoint.beyondInner < 0) {
        value =
          mix(uptake.fat, uptake.muscle, offSeam(x, y, z)) *
          (1 + 0.15 * noise3(seed + 6, x / 15, y / 15, z / 40));
        if (nearVessel(x, y, z) < 0) value = uptake.vessel;
      }
      for (const one of bones) {
        if (!locate(one, x, y, z, 2, bonePoint) || bonePoint.outside > 0) continue;
        value =
          bonePoint.beyondInner < 0
            ? mix(uptake.marrow, uptake.trabecular, bonePoint.trabecular)
            : uptake.cortex;
      }
      return value;
    },
  };
}
