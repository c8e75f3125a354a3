import type { Vector3 } from '../../core/affine.js';
import { EMPTY_MAP } from '../../core/heat-map-words.js';
import type { Finding, Reading, SuvSummary } from '../../core/reading.js';
import { answerWords, modelsLine, percent, verdictLine } from '../../core/reading-words.js';
import type { Volume } from '../../core/volume.js';
import type { VolumeHeatMap, VolumeReadingResult } from '../../core/volume-reading.js';
import { colours } from '../picture/colours.js';
import { type Glyphs, loadGlyphs } from '../picture/glyphs.js';
import type { PanelFile, PictureSet } from '../picture/picture-set.js';
import type { StripText } from '../picture/strip.js';
import { type ColourLayer, type CutOptions, cutsThrough } from './finding-cuts.js';
import { boneWindow, softWindow } from './grey-window.js';
import { panelPng } from './panel.js';
import { frontView, type ProjectionLook, projections } from './projections.js';
import { unrolledRibs } from './unrolled-ribs.js';

/** Findings beyond these are listed, but get no cuts of their own. */
const mostFindings = 30;
/** Side of the cuts, mm: a rib and its neighbours; a limb. */
const ribSideMm = 80;
const limbSideMm = 200;

const boneLook: ProjectionLook = { floor: 150, window: { low: 100, high: 1300 }, inverted: false };

/** The hottest place of a reading that measures uptake. */
function hottestOf(reading: Reading): SuvSummary['hottest'] | null {
  return ('suv' in reading ? reading.suv?.hottest : null) ?? null;
}

/** A PET scale that leaves normal uptake faint: up to SUV 5 at least, as far as the hottest place of the study. */
function petTop(reading: Reading): number {
  return Math.max(5, hottestOf(reading)?.suvMax ?? 0);
}

function petLook(reading: Reading): ProjectionLook {
  return { floor: 0.05, window: { low: 0, high: petTop(reading) }, inverted: true };
}

function describe(finding: Finding): string {
  const { id, score, certainty, description } = finding;
  return `Finding ${id}, ${percent(score)}, ${certainty}${description ? `: ${description}` : ''}`;
}

function strip(title: string, reading: Reading, more: readonly StripText[] = []): StripText[] {
  return [
    { text: title, emphasis: 1.2 },
    ...more,
    ...(reading.models.length > 0 ? [{ text: modelsLine(reading), colour: colours.quiet }] : []),
  ];
}

function keyOf(findings: readonly Finding[]): StripText[] {
  if (findings.length === 0) return [];
  return [{ text: 'Solid: definite. Dashed: doubtful.', colour: colours.quiet }];
}

/** A heat map as a layer over a CT. */
function heatLayer({ size, affine, values }: VolumeHeatMap): ColourLayer {
  const top = values.reduce((highest, value) => Math.max(highest, value), 0);
  return { volume: { size, affine, voxels: values }, top: top > 0 ? top : 1 };
}

interface CutLook {
  readonly options: CutOptions;
  readonly note: StripText[];
}

function cutLook({ reading, pet }: VolumeReadingResult): CutLook {
  if (!pet) return { options: { window: boneWindow, sideMm: ribSideMm, layer: null }, note: [] };
  const top = petTop(reading);
  return {
    options: { window: softWindow, sideMm: limbSideMm, layer: { volume: pet, top } },
    note: [
      { text: `Colours: uptake of FDG, SUV 0 to ${top.toFixed(1)}, over the CT.`, colour: colours.quiet },
    ],
  };
}

/** Axial, coronal and sagittal cut through every finding, and the heat maps that belong to it. */
async function findingPanels(
  result: VolumeReadingResult,
  findings: readonly Finding[],
  glyphs: Glyphs,
): Promise<PanelFile[]> {
  const { ct, reading, heatMaps } = result;
  const { options, note } = cutLook(result);
  const panels: PanelFile[] = [];
  for (const finding of findings.slice(0, mostFindings)) {
    const { centerMm, id } = finding;
    if (!centerMm) continue;
    const parts = cutsThrough(ct, centerMm, finding, options, glyphs);
    const title = describe(finding);
    const words = strip(title, reading, [...note, ...keyOf([finding])]);
    panels.push({ name: `finding-${id}`, title, findingId: id, png: await panelPng(parts, words, glyphs) });
    for (const map of heatMaps.filter(({ findingId }) => findingId === id)) {
      panels.push(await heatPanel(ct, centerMm, finding, map, reading, options, glyphs));
    }
  }
  return panels;
}

async function heatPanel(
  ct: Volume,
  centreMm: Vector3,
  finding: Finding | null,
  map: VolumeHeatMap,
  reading: Reading,
  options: CutOptions,
  glyphs: Glyphs,
): Promise<PanelFile> {
  const parts = cutsThrough(ct, centreMm, finding, { ...options, layer: heatLayer(map) }, glyphs);
  const of = finding ? `finding ${finding.id}` : 'the whole study';
  const title = `Where ${map.model} looked, ${of} (3D Grad-CAM)`;
  const empty = map.values.every((value) => value === 0);
  const note = empty
    ? EMPTY_MAP
    : 'Colours show where the network looked, not where the bone is broken or infected.';
  const words = strip(title, reading, [{ text: note, colour: colours.quiet }]);
  const name = ['heat', map.model, finding ? `finding-${finding.id}` : 'whole'].join('-');
  return { name, title, findingId: finding?.id ?? null, png: await panelPng(parts, words, glyphs) };
}

/** Cuts through the hottest place of a PET/CT in which nothing was found: the reader can see why. */
async function hottestPanel(result: VolumeReadingResult, glyphs: Glyphs): Promise<PanelFile[]> {
  const { ct, reading } = result;
  const hottest = hottestOf(reading);
  if (!hottest) return [];
  const { suvMax, centerMm } = hottest;
  const { options, note } = cutLook(result);
  const title = `Hottest region, SUVmax ${suvMax.toFixed(1)}: ${answerWords(reading)}`;
  const parts = cutsThrough(ct, centerMm, null, options, glyphs);
  const png = await panelPng(parts, strip(title, reading, note), glyphs);
  return [{ name: 'hottest', title, findingId: null, png }];
}

/** Where a heat map of the whole study is cut: at the hottest uptake, else at its own highest value. */
function cutPoint({ reading, ct }: VolumeReadingResult): Vector3 {
  const hottest = hottestOf(reading)?.centerMm ?? reading.findings[0]?.centerMm;
  if (hottest) return hottest;
  const [columns, rows, slices] = ct.size;
  const { affine } = ct;
  const middle = [(columns - 1) / 2, (rows - 1) / 2, (slices - 1) / 2];
  const along = (row: number): number =>
    [0, 1, 2].reduce(
      (sum, axis) => sum + (affine[row * 4 + axis] ?? 0) * (middle[axis] ?? 0),
      affine[row * 4 + 3] ?? 0,
    );
  return [along(0), along(1), along(2)];
}

async function overviews(
  result: VolumeReadingResult,
  findings: readonly Finding[],
  glyphs: Glyphs,
): Promise<PanelFile[]> {
  const { ct, pet, reading, ribs } = result;
  const panels: PanelFile[] = [];
  if (ribs.length > 0) {
    const title = 'All ribs pulled straight, from the spine (left) to the front end';
    const parts = unrolledRibs(ct, ribs, findings, glyphs);
    const words = strip(title, reading, keyOf(findings));
    panels.push({ name: 'ribs', title, findingId: null, png: await panelPng(parts, words, glyphs) });
  }
  const bone = await projections(ct, findings, boneLook, glyphs);
  const title = `${verdictLine(reading)}: highest CT values from three sides`;
  const png = await panelPng(bone, strip(title, reading, keyOf(findings)), glyphs);
  panels.push({
    name: 'mip',
    title: `Highest CT values from three sides: ${answerWords(reading)}`,
    findingId: null,
    png,
  });
  if (pet) {
    const uptake = await projections(pet, findings, petLook(reading), glyphs);
    const words = `Highest uptake from three sides, SUV 0 (white) to ${petTop(reading).toFixed(1)} (black)`;
    panels.push({
      name: 'pet-mip',
      title: words,
      findingId: null,
      png: await panelPng(uptake, strip(words, reading, keyOf(findings)), glyphs),
    });
  }
  return panels;
}

/**
 * All pictures of one reading of a volume: overviews, cuts through every finding, and heat maps where there are any; the
 * volumes themselves stay as they are.
 */
export async function drawVolumePictures(result: VolumeReadingResult): Promise<PictureSet> {
  const glyphs = await loadGlyphs();
  const { ct, pet, reading, heatMaps } = result;
  const findings = reading.findings
    .filter(({ certainty }) => certainty !== 'candidate')
    .sort((a, b) => b.score - a.score);
  const { view, thumbnail } = await frontView(pet ?? ct, pet ? petLook(reading) : boneLook);
  const panels = [
    ...(await overviews(result, findings, glyphs)),
    ...(await findingPanels(result, findings, glyphs)),
    ...(findings.length === 0 ? await hottestPanel(result, glyphs) : []),
  ];
  for (const map of heatMaps.filter(({ findingId }) => findingId === null)) {
    const { options } = cutLook(result);
    panels.push(await heatPanel(ct, cutPoint(result), null, map, reading, options, glyphs));
  }
  return { annotated: null, view, thumbnail, heatMaps: [], panels };
}
