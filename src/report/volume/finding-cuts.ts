import type { Vector3 } from '../../core/affine.js';
import { largest, smallest } from '../../core/extremes.js';
import type { Finding } from '../../core/reading.js';
import type { Volume } from '../../core/volume.js';
import { type Box3d, voxelToPatient } from '../../core/volume-geometry.js';
import { heatPixels } from '../picture/colour-map.js';
import { colours } from '../picture/colours.js';
import type { Glyphs } from '../picture/glyphs.js';
import { type CutFrame, type CutPlane, cutEdges, cutThrough, pointInCut } from './cut.js';
import { type GreyWindow, greyOf } from './grey-window.js';
import { outline, plate } from './marks.js';
import { blend, type PanelPart, rgbOfGrey, sideBySide } from './panel.js';

/** What is laid over the grey of a cut in colours: a PET, or a heat map. */
export interface ColourLayer {
  readonly volume: Pick<Volume, 'size' | 'affine' | 'voxels'>;
  /** The value that gets the last colour. */
  readonly top: number;
}

export interface CutOptions {
  readonly window: GreyWindow;
  /** Side of the square that is shown, mm. */
  readonly sideMm: number;
  readonly layer: ColourLayer | null;
}

const planes: readonly CutPlane[] = ['axial', 'coronal', 'sagittal'];
const pixels = 320;

/** Corners of a voxel box in the patient. */
function cornersOf(ct: Volume, [x, y, z, w, h, d]: Box3d): Vector3[] {
  return [x, x + w].flatMap((cx) =>
    [y, y + h].flatMap((cy) => [z, z + d].map((cz) => voxelToPatient(ct, [cx - 0.5, cy - 0.5, cz - 0.5]))),
  );
}

function boxMarks(ct: Volume, finding: Finding, frame: CutFrame): string {
  if (!finding.box3d) return '';
  const points = cornersOf(ct, finding.box3d).map((corner) => pointInCut(frame, corner));
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const left = smallest(xs);
  const top = smallest(ys);
  return outline(finding, left, top, largest(xs) - left, largest(ys) - top);
}

function edgeLetters(plane: CutPlane, glyphs: Glyphs): string {
  const [left, right, top, bottom] = cutEdges[plane];
  const size = 13;
  const middle = pixels / 2 - size;
  return [
    plate(left, 2, middle, size, colours.text, glyphs),
    plate(right, pixels - 2 - size * 1.4, middle, size, colours.text, glyphs),
    plate(top, middle, 2, size, colours.text, glyphs),
    plate(bottom, middle, pixels - 2 - size * 1.4, size, colours.text, glyphs),
  ].join('');
}

/** A bar of 20 mm in the corner, so that sizes can be judged. */
function scaleBar(sideMm: number, glyphs: Glyphs): string {
  const length = (20 / sideMm) * pixels;
  const y = pixels - 12;
  return (
    `<path d="M8 ${y}h${length.toFixed(1)}" stroke="${colours.rim}" stroke-width="5"/>` +
    `<path d="M8 ${y}h${length.toFixed(1)}" stroke="${colours.text}" stroke-width="2"/>` +
    plate('20 mm', 6, y - 22, 12, colours.text, glyphs)
  );
}

/**
 * Axial, coronal and sagittal cut of a CT through one point, with a finding's box and whatever is laid over it.
 * @param finding whose box is drawn; null for none
 */
export function cutsThrough(
  ct: Volume,
  centreMm: Vector3,
  finding: Finding | null,
  { window, sideMm, layer }: CutOptions,
  glyphs: Glyphs,
): PanelPart[] {
  const parts = planes.map((plane) => {
    const frame: CutFrame = { plane, centreMm, sideMm, pixels };
    const grey = Uint8Array.from(cutThrough(ct, frame, -1024), (value) => greyOf(value, window));
    const rgb = rgbOfGrey(grey);
    if (layer) blend(rgb, heatPixels(cutThrough(layer.volume, frame, 0), layer.top));
    const marks = [
      finding ? boxMarks(ct, finding, frame) : '',
      edgeLetters(plane, glyphs),
      plate(plane, 2, 2, 13, colours.text, glyphs),
      plane === 'axial' ? scaleBar(sideMm, glyphs) : '',
    ].join('');
    return { width: pixels, height: pixels, pixels: rgb, marks };
  });
  return sideBySide(parts);
}
