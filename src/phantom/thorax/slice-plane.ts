/** One axial plane of the simulation, infinitely thin: CT numbers at points `spacingMm` apart. */
export interface SlicePlane {
  readonly columns: number;
  readonly rows: number;
  readonly spacingMm: number;
  /** Position of the first point: x to the left, y to the back, mm. */
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly hu: Float32Array;
}

/** Share of a point's surrounding that lies inside a surface. @param distance from it, negative inside, mm */
export function inside(distance: number, widthMm: number): number {
  const share = 0.5 - distance / widthMm;
  return share <= 0 ? 0 : share >= 1 ? 1 : share;
}

/** Columns and rows of the points within a rectangle: [first column, last, first row, last]; empty when first > last. */
export function windowOf(
  plane: SlicePlane,
  minX: number,
  maxX: number,
  minY: number,
  maxY: number,
): readonly [number, number, number, number] {
  const { spacingMm } = plane;
  return [
    Math.max(0, Math.ceil((minX - plane.x) / spacingMm)),
    Math.min(plane.columns - 1, Math.floor((maxX - plane.x) / spacingMm)),
    Math.max(0, Math.ceil((minY - plane.y) / spacingMm)),
    Math.min(plane.rows - 1, Math.floor((maxY - plane.y) / spacingMm)),
  ];
}
