import type { Field } from '../geometry/field.js';
import type { Profile } from '../geometry/profile.js';
import { compose, identity, type Rigid } from '../geometry/rigid.js';
import type { Tube } from '../geometry/tube.js';
import { type Bounds, scale } from '../geometry/vector.js';

/** The part of the limb that a bone moves with when the bone above it breaks or the joint above it bends. */
export type Part = 'thigh' | 'leg' | 'foot' | 'arm' | 'forearm' | 'hand';

/**
 * One bone of a limb, in a frame of its own whose y axis runs along the bone, mm; `place` carries it into the limb.
 * Limb coordinates, right side: +x medial (the ulnar side), +y distal, +z anterior (palmar).
 */
export interface Bone {
  readonly name: string;
  readonly part: Part;
  readonly field: Field;
  /** Holds all of the field's inside, in the bone's frame. */
  readonly bounds: Bounds;
  readonly place: Rigid;
  /** Thickness of the cortex in mm by y. */
  readonly cortex: Profile;
  /** Bone volume fraction inside the cortex by y: near 0 in fatty marrow, about 0.3 under a joint surface. */
  readonly spongiosa: Profile;
  /** Centre line and widths, for bones with a shaft. */
  readonly shaft: Tube | null;
}

/** A short or irregular bone: even cortex, even spongiosa. */
export function blockBone(
  name: string,
  part: Part,
  field: Field,
  bounds: Bounds,
  cortexMm: number,
  fraction: number,
): Bone {
  return {
    name,
    part,
    field,
    bounds,
    place: identity,
    cortex: () => cortexMm,
    spongiosa: () => fraction,
    shaft: null,
  };
}

/** Carries a bone to another place. */
export function moveBone(bone: Bone, move: Rigid): Bone {
  return { ...bone, place: compose(move, bone.place) };
}

/** The bone of a larger or smaller person. */
export function scaleBone(bone: Bone, by: number): Bone {
  const grow =
    (field: Field): Field =>
    (x, y, z) =>
      field(x / by, y / by, z / by) * by;
  const { shaft, bounds, place } = bone;
  return {
    ...bone,
    field: grow(bone.field),
    bounds: { min: scale(bounds.min, by), max: scale(bounds.max, by) },
    place: { rows: place.rows, translation: scale(place.translation, by) },
    cortex: (y) => bone.cortex(y / by) * by,
    spongiosa: (y) => bone.spongiosa(y / by),
    shaft: shaft && {
      field: grow(shaft.field),
      from: shaft.from * by,
      to: shaft.to * by,
      centre: (y) => scale(shaft.centre(y / by), by),
      halfWidths: (y) => {
        const { x, z } = shaft.halfWidths(y / by);
        return { x: x * by, z: z * by };
      },
    },
  };
}
