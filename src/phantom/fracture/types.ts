/** The patterns that a simulated fracture can take. */
export const fractureTypes = ['transverse', 'oblique', 'spiral', 'comminuted', 'greenstick'] as const;
export type FractureType = (typeof fractureTypes)[number];

/** Everything that shapes one fracture. Lengths in mm, angles in degrees. */
export interface FractureParameters {
  readonly type: FractureType;
  readonly bone: string;
  /** Part of the bone that breaks off, such as `medial malleolus`; null for a break across the shaft. */
  readonly spur: string | null;
  /** Level of the middle of the break along the limb, in the frame of the anatomy. */
  readonly levelMm: number;
  /** Slope of the break against a plane across the bone; for a spiral, of its line around the bone. */
  readonly slopeDegrees: number;
  /** Direction around the bone in which the break rises (or the spiral starts, or the greenstick gapes); 0 is +x, 90 is +z. */
  readonly directionDegrees: number;
  /** Width of the line: bone that is lost between the fragments. */
  readonly gapMm: number;
  /** Sideways shift of the lower fragment and its direction. */
  readonly displacementMm: number;
  readonly displacementDegrees: number;
  /** Bend of the lower fragment, and the direction to which its end swings. */
  readonly angulationDegrees: number;
  readonly angulationTowardsDegrees: number;
  /** Turn of the lower fragment about its own axis. */
  readonly rotationDegrees: number;
  /** How far the fragments slide past each other along the bone. */
  readonly shorteningMm: number;
  /** Growth of the soft tissue over the break. */
  readonly swellingMm: number;
}
