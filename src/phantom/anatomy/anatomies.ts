import type { FractureType } from '../fracture/types.js';
import type { Field } from '../geometry/field.js';
import { translation } from '../geometry/rigid.js';
import type { Vec3 } from '../geometry/vector.js';
import type { Part } from './bone.js';
import { forearmLength } from './forearm.js';
import { tibiaLength } from './leg.js';
import { type Limb, lowerLimb, moveLimb, type Pose, upperLimb } from './limb.js';

export const anatomyNames = ['wrist', 'ankle', 'forearm', 'leg', 'humerus', 'femur'] as const;
export type AnatomyName = (typeof anatomyNames)[number];
export const views = ['ap', 'lateral'] as const;
export type View = (typeof views)[number];

/** A stretch of a bone that breaks. */
export interface FractureSite {
  readonly bone: string;
  /** Level along the limb, mm in the anatomy's frame before the build is applied. */
  readonly from: number;
  readonly to: number;
  /** What goes along with the lower fragment. */
  readonly carries: readonly Part[];
  readonly types: readonly [FractureType, ...FractureType[]];
  /** The bone that breaks with it when the displacement is large. */
  readonly pair: string | null;
  /** Where the middle of the break lies if not on the centre line, and the part of the bone that can break off. */
  readonly spur?: { readonly name: string; readonly at: Vec3; readonly region: Field };
  /** How often this site is drawn. */
  readonly weight: number;
}

/** How the tube looks at the limb. */
export interface ViewSetup {
  /** Turn about the limb's axis: 0 looks from the front, 90 from the inner side, 180 from the back. */
  readonly turnDegrees: number;
  /** The limb point in the middle of the image: for the tightest field and for the widest. */
  readonly centre: readonly [Vec3, Vec3];
  /** DICOM View Position; a lateral view is named after the side of the limb. */
  readonly position: 'AP' | 'PA' | 'lateral';
  /** How the joints are bent for this view: lowest and highest degrees. */
  readonly bend: Readonly<Record<keyof Pose, readonly [number, number]>>;
}

export interface Anatomy {
  readonly build: (pose: Pose) => Limb;
  /** Height of the image in mm at the detector: the tightest field and the widest. */
  readonly heightMm: readonly [number, number];
  readonly views: Readonly<Record<View, ViewSetup>>;
  readonly sites: readonly [FractureSite, ...FractureSite[]];
  /** DICOM Body Part Examined and Anatomic Region (PS3.16 Annex L). */
  readonly bodyPart: string;
  readonly region: { readonly code: string; readonly meaning: string };
  /** `hand` (upper limb) or `leg` (lower limb), the words of the body-region network. */
  readonly limb: 'hand' | 'leg';
}

/** Joints that are not named lie straight. */
function view(
  turnDegrees: number,
  position: ViewSetup['position'],
  tight: Vec3,
  wide: Vec3,
  bend: Partial<ViewSetup['bend']> = {},
): ViewSetup {
  const straight: ViewSetup['bend'] = { knee: [0, 0], ankle: [0, 0], elbow: [0, 0] };
  return { turnDegrees, position, centre: [tight, wide], bend: { ...straight, ...bend } };
}

const shaftTypes: readonly [FractureType, ...FractureType[]] = [
  'transverse',
  'oblique',
  'spiral',
  'comminuted',
];
const forearmTypes: readonly [FractureType, ...FractureType[]] = [
  'transverse',
  'oblique',
  'comminuted',
  'greenstick',
];

export const anatomies: Readonly<Record<AnatomyName, Anatomy>> = {
  wrist: {
    build: (pose) => moveLimb(upperLimb(pose, 'forearm'), translation([0, -forearmLength, 0])),
    heightMm: [176, 285],
    views: {
      ap: view(180, 'PA', [-8, 16, 0], [-4, 64, 0]),
      lateral: view(-90, 'lateral', [0, 14, 6], [0, 62, 6]),
    },
    sites: [
      { bone: 'radius', from: -30, to: -12, carries: ['hand'], types: forearmTypes, pair: null, weight: 4 },
      {
        bone: 'ulna',
        from: -45,
        to: -14,
        carries: [],
        types: ['transverse', 'oblique'],
        pair: null,
        weight: 1,
      },
    ],
    bodyPart: 'WRIST',
    region: { code: '74670003', meaning: 'Wrist joint' },
    limb: 'hand',
  },
  ankle: {
    build: (pose) => moveLimb(lowerLimb(pose, 'leg'), translation([0, -tibiaLength, 0])),
    heightMm: [215, 330],
    views: {
      ap: view(-14, 'AP', [2, -18, 0], [2, -58, 0], { ankle: [8, 20] }),
      lateral: view(90, 'lateral', [0, -4, 18], [0, -38, 58], { ankle: [-4, 22] }),
    },
    sites: [
      {
        bone: 'fibula',
        from: -55,
        to: 2,
        carries: [],
        types: ['oblique', 'spiral', 'transverse'],
        pair: null,
        weight: 3,
      },
      {
        bone: 'tibia',
        from: 1,
        to: 5,
        carries: [],
        types: ['transverse', 'oblique'],
        pair: null,
        spur: { name: 'medial malleolus', at: [21, 0, 1], region: (x) => 14 - x },
        weight: 1,
      },
      { bone: 'tibia', from: -75, to: -30, carries: ['foot'], types: shaftTypes, pair: 'fibula', weight: 2 },
    ],
    bodyPart: 'ANKLE',
    region: { code: '70258002', meaning: 'Ankle joint' },
    limb: 'leg',
  },
  forearm: {
    build: (pose) => upperLimb(pose, 'forearm'),
    heightMm: [345, 390],
    views: {
      ap: view(0, 'AP', [-2, 124, 0], [-2, 124, 0]),
      lateral: view(90, 'lateral', [0, 124, 0], [0, 124, 0], { elbow: [75, 95] }),
    },
    sites: [
      { bone: 'radius', from: 80, to: 222, carries: ['hand'], types: forearmTypes, pair: 'ulna', weight: 3 },
      { bone: 'ulna', from: 70, to: 220, carries: [], types: forearmTypes, pair: null, weight: 2 },
    ],
    bodyPart: 'FOREARM',
    region: { code: '14975008', meaning: 'Forearm' },
    limb: 'hand',
  },
  leg: {
    build: (pose) => lowerLimb(pose, 'leg'),
    heightMm: [470, 505],
    views: {
      ap: view(0, 'AP', [0, 186, 0], [0, 186, 0], { ankle: [10, 30] }),
      lateral: view(90, 'lateral', [0, 186, 6], [0, 186, 6], { knee: [5, 35], ankle: [0, 20] }),
    },
    sites: [
      { bone: 'tibia', from: 95, to: 320, carries: ['foot'], types: shaftTypes, pair: 'fibula', weight: 4 },
      { bone: 'fibula', from: 80, to: 335, carries: [], types: shaftTypes, pair: null, weight: 1 },
    ],
    bodyPart: 'LEG',
    region: { code: '30021000', meaning: 'Lower leg' },
    limb: 'leg',
  },
  humerus: {
    build: (pose) => upperLimb(pose, 'arm'),
    heightMm: [310, 360],
    views: {
      ap: view(0, 'AP', [0, -104, 0], [0, -104, 0]),
      lateral: view(90, 'lateral', [0, -104, 26], [0, -104, 26], { elbow: [70, 95] }),
    },
    sites: [
      {
        bone: 'humerus',
        from: -225,
        to: -65,
        carries: ['forearm', 'hand'],
        types: shaftTypes,
        pair: null,
        weight: 1,
      },
    ],
    bodyPart: 'HUMERUS',
    region: { code: '85050009', meaning: 'Humerus' },
    limb: 'hand',
  },
  femur: {
    build: (pose) => lowerLimb(pose, 'thigh'),
    heightMm: [400, 460],
    views: {
      ap: view(0, 'AP', [-8, -128, 0], [-8, -128, 0]),
      lateral: view(90, 'lateral', [0, -128, 0], [0, -128, 0], { knee: [10, 45] }),
    },
    sites: [
      {
        bone: 'femur',
        from: -280,
        to: -80,
        carries: ['leg', 'foot'],
        types: shaftTypes,
        pair: null,
        weight: 1,
      },
    ],
    bodyPart: 'FEMUR',
    region: { code: '71341001', meaning: 'Femur' },
    limb: 'leg',
  },
};
