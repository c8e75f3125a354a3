import type { Box } from '../../core/box.js';
import type { Finding } from '../../core/reading.js';
import type { DataSetValues } from '../data-set/encode.js';
import { boxCorners } from '../report/regions.js';

type Point = readonly [number, number];

/** The amber and the blue of the annotated pictures as PCS values (PS3.3 C.10.7.1.1): L*, a*, b* in 16 bits. */
const colours = {
  definite: [51180, 38564, 53613],
  doubtful: [49791, 27806, 23386],
} as const;

/** Dashes and gaps along a side, in shares of a whole number of repeats, a dash at either end. */
const dashPixels = 14;
const gapShare = 0.6;

function polylineObject(
  points: readonly Point[],
  style: DataSetValues,
  tracked: DataSetValues,
): DataSetValues {
  return {
    GraphicAnnotationUnits: 'PIXEL',
    GraphicDimensions: 2,
    NumberOfGraphicPoints: points.length,
    GraphicData: points.flat(),
    GraphicType: 'POLYLINE',
    GraphicFilled: 'N',
    LineStyleSequence: [style],
    ...tracked,
  };
}

function lineStyle(certainty: 'definite' | 'doubtful', dashing: 'SOLID' | 'DASHED'): DataSetValues {
  return {
    ShadowStyle: 'OFF',
    ShadowOffsetX: 0,
    ShadowOffsetY: 0,
    ShadowColorCIELabValue: [0, 0x8080, 0x8080],
    ShadowOpacity: 0,
    PatternOnColorCIELabValue: colours[certainty],
    PatternOnOpacity: 1,
    LineThickness: 2,
    LineDashingStyle: dashing,
    // Bits of the pattern along the line: eight on, eight off.
    ...(dashing === 'DASHED' ? { LinePattern: 0xff00ff00 } : {}),
  };
}

/** The dashes of one side, as lines. */
function dashes([x1, y1]: Point, [x2, y2]: Point, dash: number): [Point, Point][] {
  const length = Math.hypot(x2 - x1, y2 - y1);
  const gap = dash * gapShare;
  const count = Math.max(2, Math.round((length + gap) / (dash + gap)));
  const step = 1 / (count - gapShare / (1 + gapShare));
  const part = step / (1 + gapShare);
  const at = (share: number): Point => [x1 + (x2 - x1) * share, y1 + (y2 - y1) * share];
  return Array.from({ length: count }, (_, index) => [
    at(index * step),
    at(Math.min(1, index * step + part)),
  ]);
}

/**
 * The outline of a finding as graphic objects that every viewer knows: one closed polyline for a definite finding, and
 * for a doubtful one a polyline per dash, because many viewers draw every line solid whatever its stated style.
 *
 * @param imageSide longer side of the image; dashes grow with it
 * @param tracked what ties the objects of one finding together
 */
export function boxGraphics(
  finding: Finding,
  box: Box,
  imageSide: number,
  tracked: DataSetValues,
): DataSetValues[] {
  if (finding.certainty === 'definite') {
    return [polylineObject(boxCorners(box), lineStyle('definite', 'SOLID'), tracked)];
  }
  const dash = Math.max(dashPixels, imageSide / 100);
  const outline = boxCorners(box);
  const style = lineStyle('doubtful', 'SOLID');
  return outline
    .slice(1)
    .flatMap((corner, index) => dashes(outline[index] ?? corner, corner, dash))
    .map((line) => polylineObject(line, style, tracked));
}

/** The same outline as one rectangle with a line style, for viewers that know compound graphics. */
export function boxCompound(finding: Finding, [x, y, width, height]: Box, id: number): DataSetValues {
  const definite = finding.certainty === 'definite';
  return {
    CompoundGraphicInstanceID: id,
    CompoundGraphicUnits: 'PIXEL',
    GraphicDimensions: 2,
    NumberOfGraphicPoints: 2,
    GraphicData: [x, y, x + width, y + height],
    CompoundGraphicType: 'RECTANGLE',
    GraphicFilled: 'N',
    LineStyleSequence: [lineStyle(definite ? 'definite' : 'doubtful', definite ? 'SOLID' : 'DASHED')],
    GraphicGroupID: id,
  };
}
