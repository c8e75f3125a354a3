import { LucencyError } from '../core/errors.js';
import type { Volume } from '../core/volume.js';
import type { CoarseCt } from './region-tensor.js';

// BodyPartExamined (PS3.16 annex L) of what is no limb. What is not listed, or not stated, is judged by the image.
const otherParts =
  /HEAD|SKULL|BRAIN|NECK|CHEST|THORAX|LUNG|HEART|BREAST|ABDOMEN|PELVIS|LIVER|SPINE|WHOLEBODY|WHOLE BODY/;

/** Air inside of the body, as lungs and bowel hold it, in this many slices and this much, cm2. */
const airArea = 25;
const airMm = 20;
/** Soft tissue that a ring of bone encloses, as a skull does; the marrow of the largest limb bones stays below, cm2. */
const enclosedArea = 80;

/** Cells of one slice that a fill from its border does not reach, where it may pass through cells that are `open`. */
function unreached(
  columns: number,
  rows: number,
  open: (cell: number) => boolean,
  count: (cell: number) => boolean,
): number {
  const reached = new Uint8Array(columns * rows);
  const stack: number[] = [];
  const enter = (cell: number) => {
    if (reached[cell] === 1 || !open(cell)) return;
    reached[cell] = 1;
    stack.push(cell);
  };
  for (let x = 0; x < columns; x++) {
    enter(x);
    enter(x + columns * (rows - 1));
  }
  for (let y = 0; y < rows; y++) {
    enter(columns * y);
    enter(columns * y + columns - 1);
  }
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const x = at % columns;
    if (x > 0) enter(at - 1);
    if (x < columns - 1) enter(at + 1);
    if (at >= columns) enter(at - columns);
    if (at < columns * (rows - 1)) enter(at + columns);
  }
  let cells = 0;
  for (let cell = 0; cell < reached.length; cell++) if (reached[cell] === 0 && count(cell)) cells++;
  return cells;
}

/** What the CT shows that no limb has, in words; null where nothing speaks against a limb. */
export function notALimb({ grid, hu }: CoarseCt, spacing: number): string | null {
  const [columns, rows, slices] = grid.size;
  const area = columns * rows;
  const cm2 = (spacing * spacing) / 100;
  let airSlices = 0;
  let skullSlices = 0;
  for (let z = 0; z < slices; z++) {
    const slice = hu.subarray(z * area, (z + 1) * area);
    const at = (cell: number) => slice[cell] as number;
    const air = unreached(
      columns,
      rows,
      (cell) => at(cell) < -300,
      (cell) => at(cell) < -400,
    );
    if (air * cm2 > airArea) airSlices++;
    const enclosed = unreached(
      columns,
      rows,
      (cell) => at(cell) < 220,
      (cell) => at(cell) > -20 && at(cell) < 120,
    );
    if (enclosed * cm2 > enclosedArea) skullSlices++;
  }
  if (airSlices * spacing >= airMm) return 'it holds air inside the body, as lungs or bowel do';
  return skullSlices * spacing >= airMm ? 'bone encloses soft tissue, as a skull does' : null;
}

/** The refusal of a study whose header or image says that it is no limb; null for limbs. */
export function limbRefusal(ct: Volume, coarse: CoarseCt, spacing: number): LucencyError | null {
  const stated = ct.dicom?.bodyPartExamined?.toUpperCase() ?? '';
  if (otherParts.test(stated)) return new LucencyError('LUC_INFECTION_BODY_PART', { bodyPart: stated });
  const reason = notALimb(coarse, spacing);
  return reason === null ? null : new LucencyError('LUC_INFECTION_NOT_LIMB', { reason });
}
