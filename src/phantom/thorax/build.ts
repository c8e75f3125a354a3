import type { Random } from '../random.js';

/** One simulated person: what makes one chest differ from another. */
export interface ChestBuild {
  readonly ageYears: number;
  /** Factor on all lengths. */
  readonly size: number;
  /** Further factors on breadth, depth and on how steeply ribs fall. */
  readonly breadth: number;
  readonly depth: number;
  readonly slope: number;
  /** Backward bow of the thoracic spine, mm. */
  readonly kyphosisMm: number;
  /** Sideways bow of the thoracic spine, mm. */
  readonly scoliosisMm: number;
  /** Thickness of rib cortex, mm. */
  readonly cortexMm: number;
  readonly cortexHu: number;
  readonly marrowHu: number;
  /** Share of the costal cartilage that is calcified, 0 to 1. */
  readonly calcification: number;
  /** Fat under the skin, mm. */
  readonly fatMm: number;
  readonly muscleMm: number;
  readonly bloodHu: number;
  readonly lungHu: number;
}

/** Cortex thins and marrow fades with age; cartilage calcifies. */
export function drawBuild(random: Random): ChestBuild {
  const ageYears = random.between(20, 88);
  const old = Math.max(0, (ageYears - 40) / 48);
  const contrast = random.chance(0.35);
  return {
    ageYears: Math.round(ageYears),
    size: Math.min(1.12, Math.max(0.86, random.factor(0.06))),
    breadth: Math.min(1.1, Math.max(0.9, random.factor(0.04))),
    depth: Math.min(1.16, Math.max(0.84, random.factor(0.06) * (1 + 0.08 * old))),
    slope: Math.min(1.3, Math.max(0.7, random.factor(0.12))),
    kyphosisMm: random.between(6, 16) + 12 * old * random.next(),
    scoliosisMm: 3.5 * random.normal(),
    cortexMm: (1.25 - 0.45 * old) * random.factor(0.14),
    cortexHu: (1250 - 280 * old) * random.factor(0.08),
    marrowHu: Math.max(-20, (230 - 190 * old) * random.factor(0.25)),
    calcification: Math.min(0.9, Math.max(0, old * random.between(0.1, 1.1))),
    fatMm: 8 + 22 * random.next() * random.next() + 4 * random.next(),
    muscleMm: 12 * random.factor(0.2) * (1 - 0.25 * old),
    bloodHu: contrast ? random.between(120, 320) : random.between(35, 50),
    lungHu: random.between(-890, -800),
  };
}
