import { largest } from '../../core/extremes.js';
import type { Volume } from '../../core/volume.js';
import type { Vec3 } from '../geometry/vector.js';
import { Random } from '../random.js';
import { asepticParts, asepticPatterns, incidentalParts } from './aseptic-parts.js';
import { drawFracture, type FracturePlan, type FractureSite } from './fracture-site.js';
import { healingParts } from './healing-parts.js';
import { drawImplant, type ImplantKind, implantKinds } from './implant.js';
import { infectedParts, infectedPatterns } from './infected-parts.js';
import { drawAnatomy, limbSegments } from './limb-anatomy.js';
import { drawnBackground, type LimbBackground } from './limb-background.js';
import { LimbField } from './limb-field.js';
import type { LimbPart } from './limb-point.js';
import { drawSuvMax } from './literature-suv.js';
import { centreAt, type RadialTube } from './radial-tube.js';
import { gridOver, renderCt } from './render-ct.js';
import { type PetParts, petWithSuvMax, renderPet } from './render-pet.js';
import { drawScanner, type ScannerFamily, type ScannerSettings } from './scanner.js';

/** Half the length of the limb that is simulated, mm. */
const halfLength = 75;
// Half the field of view around the broken bone, mm; thick limbs are cut by it, as in a targeted reconstruction.
const halfField = 80;
// Margin of air around the limb, mm.
const margin = 14;

/** Where an infection lies, in patient coordinates (LPS, mm): the smallest box around its uptake. */
export interface InfectionBox {
  readonly min: Vec3;
  readonly max: Vec3;
}

/** Everything that is known of a simulated limb. */
export interface LimbTruth {
  readonly seed: number;
  readonly infected: boolean;
  /** What takes up most: a form of infection, or of healing without one. */
  readonly pattern: string;
  readonly segment: string;
  readonly side: 'left' | 'right';
  readonly implant: ImplantKind;
  readonly metal: 'titanium' | 'steel' | null;
  readonly fracture: Pick<FracturePlan, 'state' | 'weeks' | 'gap'>;
  readonly parts: readonly string[];
  /** Null without infection. */
  readonly infectionMm: InfectionBox | null;
  /** Highest SUV within 22 mm of bone or metal, and the one that was drawn from the literature. */
  readonly suvMax: number;
  readonly suvMaxDrawn: number;
  /** Null for a drawn limb; else what real scan it was implanted into. */
  readonly background: string | null;
  readonly scanners: ScannerFamily;
  readonly settings: ScannerSettings;
}

export interface SimulatedLimb {
  readonly ct: Volume;
  /** SUVbw. */
  readonly pet: Volume;
  readonly truth: LimbTruth;
}

/** A real limb to implant into: see `real-limb.ts`. */
export interface RealBackground {
  readonly name: string;
  readonly background: LimbBackground;
  readonly min: Vec3;
  readonly max: Vec3;
}

export interface SimulateLimbOptions {
  readonly seed: number;
  /** @default drawn, half of all */
  readonly infected?: boolean;
  /** @default 'training' */
  readonly scanners?: ScannerFamily;
  /** Opens a real limb with draws of its own; by default the limb is drawn. */
  readonly openBackground?: (r: Random) => RealBackground;
}

function infectionBox(parts: PetParts): InfectionBox | null {
  const [columns, rows] = parts.grid.size;
  const { affine } = parts.grid;
  let most = 0;
  for (const value of parts.infected) most = Math.max(most, value);
  if (most === 0) return null;
  const low = [1e9, 1e9, 1e9];
  const high = [-1e9, -1e9, -1e9];
  for (let i = 0; i < parts.infected.length; i++) {
    if ((parts.infected[i] as number) < 0.35 * most) continue;
    const index = [i % columns, Math.floor(i / columns) % rows, Math.floor(i / (columns * rows))];
    for (let axis = 0; axis < 3; axis++) {
      low[axis] = Math.min(low[axis] as number, index[axis] as number);
      high[axis] = Math.max(high[axis] as number, index[axis] as number);
    }
  }
  const mm = (axis: 0 | 1 | 2, voxel: number) =>
    (affine[axis * 5] as number) * voxel + (affine[axis * 4 + 3] as number);
  return {
    min: [mm(0, (low[0] as number) - 0.5), mm(1, (low[1] as number) - 0.5), mm(2, (low[2] as number) - 0.5)],
    max: [
      mm(0, (high[0] as number) + 0.5),
      mm(1, (high[1] as number) + 0.5),
      mm(2, (high[2] as number) + 0.5),
    ],
  };
}

function drawnLimb(r: Random): RealBackground & { segment: string; side: 1 | -1 } {
  const segment = r.pick(limbSegments);
  const side = r.chance(0.5) ? 1 : -1;
  const anatomy = drawAnatomy(segment, side, halfLength + 20, r.fork('anatomy'));
  const { envelope } = anatomy;
  const reach = envelope.largestRadius + margin;
  const lean = largest(
    [0, envelope.count - 1].map((i) => Math.hypot(envelope.centreX[i] ?? 0, envelope.centreY[i] ?? 0)),
  );
  const half = reach + lean * 0.7;
  const [bx, by] = centreAt(anatomy.bones[0] as RadialTube, 0);
  return {
    name: segment,
    segment,
    side,
    background: drawnBackground(anatomy, r.fork('tissue')),
    min: [Math.max(-half, bx - halfField), Math.max(-half, by - halfField), -halfLength],
    max: [Math.min(half, bx + halfField), Math.min(half, by + halfField), halfLength],
  };
}

/**
 * Simulates the PET/CT of a limb with a healing fracture, infected or not. SIMULATED: nothing of it was measured in a
 * patient, save the background where a real one is given. Implant, fracture, scanner and everything incidental are
 * drawn from streams that do not know whether the limb is infected.
 */
export function simulateLimb(options: SimulateLimbOptions): SimulatedLimb {
  const r = new Random(`infection ${options.seed}`);
  const drawnInfected = r.fork('class').chance(0.5);
  const infected = options.infected ?? drawnInfected;
  const scanners = options.scanners ?? 'training';
  const settings = drawScanner(scanners, r.fork(`scanner ${scanners}`));
  const limbDraws = r.fork('limb');
  const drawn = options.openBackground ? null : drawnLimb(limbDraws);
  const place = drawn ?? (options.openBackground as (r: Random) => RealBackground)(limbDraws);
  const { background, min, max } = place;
  const { bone, skin } = background;

  const implant = drawImplant(r.fork('implant kind').pick(implantKinds), bone, skin, r.fork('implant'));
  const fracture = drawFracture(bone, !background.real, r.fork('fracture'));
  const site: FractureSite = { bone, skin, implant, fracture };

  const lesions = r.fork('lesions');
  // Healing goes on beside an infection; how much of the uptake is its own varies.
  const healingStrength = infected ? lesions.between(0.08, 0.7) : 1;
  const infectedPattern = lesions.pick(infectedPatterns);
  const asepticPattern = lesions.pick(asepticPatterns);
  const main = infected
    ? infectedParts(infectedPattern, site, r.fork('infected'))
    : asepticParts(asepticPattern, site, r.fork('aseptic'));
  const parts: LimbPart[] = [
    ...healingParts(site, main.length > 0 && !infected ? 0.7 : healingStrength, r.fork('healing')),
    ...incidentalParts(site, infected ? healingStrength : 1, r.fork('incidental')),
    ...main,
  ];
  const field = new LimbField(background, fracture, implant, parts);
  const ctGrid = gridOver(min, max, settings.ct.spacing, settings.ct.slice);
  const ct = renderCt(field, ctGrid, settings.ct, implant.metal, !background.real, r.fork('ct noise'));
  const petParts = renderPet(field, background, min, max, settings.pet, r.fork('pet noise'));
  const wanted = drawSuvMax(infected, r.fork('suv'));
  const pet = petWithSuvMax(petParts, wanted, settings.pet.noise);
  const common = { paddingValue: null, slices: [], dicom: null };
  return {
    ct: { ...ct, ...common, modality: 'CT', unit: 'HU' },
    pet: { ...petParts.grid, ...common, voxels: pet.suv, modality: 'PT', unit: 'SUVbw' },
    truth: {
      seed: options.seed,
      infected,
      pattern: infected ? infectedPattern : asepticPattern,
      segment: drawn?.segment ?? 'real limb',
      side: (drawn?.side ?? 1) > 0 ? 'left' : 'right',
      implant: implant.kind,
      metal: implant.kind === 'none' ? null : implant.metal,
      fracture: { state: fracture.state, weeks: fracture.weeks, gap: fracture.gap },
      parts: parts.map(({ name }) => name),
      infectionMm: infected ? infectionBox(petParts) : null,
      suvMax: pet.suvMax,
      suvMaxDrawn: wanted,
      background: drawn ? null : place.name,
      scanners,
      settings,
    },
  };
}
