import { type Field, moved, smoothMin } from '../geometry/field.js';
import { apply, compose, invert } from '../geometry/rigid.js';
import { type Bounds, boundsOf, corners } from '../geometry/vector.js';
import type { Bone } from './bone.js';

/** How far the facets of a joint are rounded at their rims, mm. */
const rimMm = 0.8;

/**
 * Gives neighbouring bones their joint facets: where two shapes would meet or overlap, each keeps what is nearer to
 * it, less half of the cartilage gap. Overlapping blobs become bones that fit each other with an even joint space.
 */
export function keepApart(bones: readonly Bone[], gapMm: number): Bone[] {
  const boxes = bones.map((bone) =>
    boundsOf(
      corners(bone.bounds).map((corner) => apply(bone.place, corner)),
      0,
    ),
  );
  return bones.map((bone, i) => {
    const toOwn = invert(bone.place);
    const rivals = bones
      .filter((_, j) => j !== i && overlap(boxes[i], boxes[j]))
      .map((rival) => moved(rival.field, compose(toOwn, rival.place)));
    if (rivals.length === 0) return bone;
    const field: Field = (x, y, z) => {
      const own = bone.field(x, y, z);
      if (own > gapMm + rimMm) return own;
      let result = own;
      for (const rival of rivals) result = -smoothMin(-result, (rival(x, y, z) - own - gapMm) / 2, rimMm);
      return result;
    };
    return { ...bone, field };
  });
}

function overlap(a: Bounds | undefined, b: Bounds | undefined): boolean {
  if (!a || !b) return false;
  return ([0, 1, 2] as const).every((i) => a.min[i] < b.max[i] && b.min[i] < a.max[i]);
}
