import {
  EMPTY_MAP,
  type HeatMapLabel,
  heatMapMeaning,
  heatMapTitle,
  scaleEnd,
} from '../../core/heat-map-words.js';
import type { Finding, FindingType, Reading } from '../../core/reading.js';
import {
  answerWords,
  labelWords,
  modelWords,
  NOTICE,
  percent,
  recordWords,
  typeWords,
  verdictLine,
} from '../../core/reading-words.js';
import type { Card } from '../../models/card.js';
import { thresholdFor } from '../../models/operating-points.js';
import { limitationList } from './limitation-list.js';
import { boxesSvg } from './report-boxes.js';
import { splitPath } from './report-words.js';
import type { PictureEntry } from './run-record.js';
import { html, type SafeHtml } from './safe-html.js';

/** Addresses of the pictures of one reading: data URIs, or paths relative to the report. */
export interface DetailPictures {
  readonly entry: PictureEntry;
  readonly view: string;
  /** One per heat map of the entry. */
  readonly overlays: readonly string[];
  /** One per panel of the entry; volumes only. */
  readonly panels: readonly string[];
}

/** What opens below a row: the picture with its layers, and everything that is known of it. */
export function readingDetail(
  reading: Reading,
  pictures: DetailPictures | null,
  cards: readonly Card[],
  key: string,
): SafeHtml {
  return html`<div class="detail">
${pictures ? pictureColumn(reading, pictures, key) : html`<p class="warning">This run kept no pictures.</p>`}
<div class="facts">${answerSection(reading)}
${reading.refusal ? html`<p>Code <code>${reading.refusal.code}</code>. The models were not asked for an answer: the image is outside of what they were validated for.</p>` : findingsSection(reading, cards)}
${limitationList(reading)}
${networksSection(reading)}
${thresholdWords(reading, cards)}
<h4>How often is such an answer right?</h4>
${reading.image.region ? html`<div data-accuracy="${reading.image.region.label}"></div>` : html`<p>The body region is unknown, so no figures apply.</p>`}
<h4>About this image</h4>
${imageFacts(reading)}
<p class="quiet">${NOTICE}</p></div></div>`;
}

/** The answer and what became of earlier ones like it; the probability of this one stands second. */
function answerSection(reading: Reading): SafeHtml {
  const record = recordWords(reading);
  if (record === null || reading.probability === null) return html`<h3>${verdictLine(reading)}</h3>`;
  return html`<h3>${answerWords(reading)}</h3><p>${record.replace(/^of/, 'Of')}.</p><p class="quiet">Probability of a fracture in this image: ${percent(reading.probability)}.</p>`;
}

function pictureColumn(reading: Reading, { entry, view, overlays }: DetailPictures, key: string): SafeHtml {
  const { width, height } = reading.image;
  const name = splitPath(reading.input).name;
  const anyBox = reading.findings.some((finding) => finding.box && finding.certainty !== 'candidate');
  const maps = entry.heatMaps.map((map, index) => ({ map, src: overlays[index] ?? '' }));
  return html`<div class="picture"><div class="stage">
<img class="view" src="${view}" width="${width}" height="${height}" alt="Radiograph ${name}">
${maps.map(({ map, src }, index) => html`<img class="heat" data-map="${index}" src="${src}" alt="${`Heat map: ${heatMapTitle(map)}`}" hidden>`)}
${boxesSvg(reading, { tags: true })}</div>
<div class="layers">
${anyBox ? html`<label class="check"><input type="checkbox" class="toggle-boxes" checked> Boxes</label><p class="quiet small">Solid box: definite. Dashed box: doubtful.</p>` : null}
${
  maps.length > 0
    ? heatMapControls(
        maps.map(({ map }) => map),
        key,
      )
    : null
}
${pictureLinks(entry)}</div></div>`;
}

function heatMapControls(maps: PictureEntry['heatMaps'], key: string): SafeHtml {
  return html`<fieldset><legend>Heat map</legend>
<label class="check"><input type="radio" name="heat-${key}" value="" checked> none</label>
${maps.map((map, index) => html`<label class="check"><input type="radio" name="heat-${key}" value="${index}" data-meaning="${map.top === 0 ? EMPTY : meaningKey(map)}" data-end="${map.top === 0 ? '' : scaleEnd(map.method, map.top)}"> ${heatMapTitle(map)}</label>`)}
<label class="strength">Strength <input type="range" class="heat-strength" min="10" max="100" value="100"></label>
<p class="heat-key small" hidden><span>0</span><span class="ramp" aria-hidden="true"></span><span class="scale-end"></span></p>
<p class="heat-meaning quiet small" aria-live="polite"></p></fieldset>`;
}

const EMPTY = 'empty';

function meaningKey({ method, findingId }: HeatMapLabel): string {
  return findingId === null ? method : `${method}-finding`;
}

/** What each kind of heat map means, once for the whole page. */
export function heatMapMeanings(): SafeHtml {
  const kinds: HeatMapLabel[] = (['grad-cam', 'detector-scores'] as const).flatMap((method) => [
    { method, model: '', findingId: null },
    { method, model: '', findingId: 1 },
  ]);
  const meanings = [
    ...kinds.map((kind) => ({ key: meaningKey(kind), words: heatMapMeaning(kind) })),
    { key: EMPTY, words: EMPTY_MAP },
  ];
  return html`${meanings.map(({ key, words }) => html`<template class="meaning" data-meaning="${key}">${words}</template>`)}`;
}

function pictureLinks(entry: PictureEntry): SafeHtml | null {
  const links = [
    ...(entry.annotated ? [{ href: entry.annotated, label: 'Annotated picture (PNG)' }] : []),
    ...entry.heatMaps.flatMap((map) =>
      map.picture ? [{ href: map.picture, label: `${heatMapTitle(map)} (PNG)` }] : [],
    ),
  ];
  if (links.length === 0) return null;
  return html`<details><summary>Picture files</summary><p class="quiet small">These lie beside this report.</p><ul>${links.map(({ href, label }) => html`<li><a href="${href}">${label}</a></li>`)}</ul></details>`;
}

function findingsSection(reading: Reading, cards: readonly Card[]): SafeHtml {
  const findings = reading.findings.filter((finding) => finding.certainty !== 'candidate');
  if (findings.length === 0) return html`<p>No place was marked.</p>`;
  const conformal = cards.find((card) => card.task === 'type')?.conformal;
  const typed = findings.some(({ type }) => typeWords(type) !== null);
  const named = typed || findings.some(({ description }) => description !== undefined);
  return html`<h4>Findings</h4><div class="scroll" tabindex="0" role="group" aria-label="Findings"><table>
<thead><tr><th scope="col">No.</th><th scope="col">Score</th>${named ? html`<th scope="col">Type</th>` : null}<th scope="col">Size</th></tr></thead>
<tbody>${findings.map((finding) => findingRow(finding, reading, named))}</tbody></table></div>
<p class="quiet small">Score: probability that the box holds a fracture.${typed ? html` Types in bold cannot be ruled out${conformal ? html`; by its card, the true type is among them in ${percent(conformal.coverage)} of fractures like those it was tuned on` : null}.` : null}</p>`;
}

/** `named`: some finding of the table has a type or a description. */
function findingRow(finding: Finding, reading: Reading, named: boolean): SafeHtml {
  const kind = typeWords(finding.type) === null ? (finding.description ?? '–') : typeCell(finding.type);
  return html`<tr><th scope="row">${finding.id}</th><td>${percent(finding.score)}, ${finding.certainty}</td>${named ? html`<td>${kind}</td>` : null}<td>${sizeWords(finding, reading)}</td></tr>`;
}

function typeCell(type: FindingType | undefined): SafeHtml | null {
  if (type === undefined) return null;
  const byProbability = Object.entries(type.probabilities).sort(([, a], [, b]) => b - a);
  return html`${typeWords(type)}<ul class="plain small">${byProbability.map(([label, probability]) =>
    type.set.includes(label)
      ? html`<li><b>${labelWords(label)} ${percent(probability)}</b></li>`
      : html`<li class="quiet">${labelWords(label)} ${percent(probability)}</li>`,
  )}</ul>`;
}

function sizeWords({ box }: Finding, { image }: Reading): string {
  if (!box) return '–';
  const pixels = `${Math.round(box[2])} × ${Math.round(box[3])} pixels`;
  if (!image.pixelSpacingMm) return pixels;
  const [rowMm, columnMm] = image.pixelSpacingMm;
  const where = image.spacingSource === 'ImagerPixelSpacing' ? ' at detector' : '';
  return `${Math.round(box[2] * columnMm)} × ${Math.round(box[3] * rowMm)} mm${where} (${pixels})`;
}

function networksSection({ probabilities }: Reading): SafeHtml | null {
  const entries = Object.entries(probabilities ?? {});
  if (entries.length === 0) return null;
  return html`<h4>Each network by itself</h4><ul class="plain">${entries.map(([model, probability]) => html`<li>${model}: ${percent(probability)}</li>`)}</ul>`;
}

/** From which probability on an image gets which answer; only where one card decides it by the image as a whole. */
function thresholdWords({ image, verdict }: Reading, cards: readonly Card[]): SafeHtml | null {
  const combiner = cards.find((card) => card.task === 'combine');
  if (!combiner || verdict === 'refused') return null;
  const region = image.region?.label ?? null;
  const definite = thresholdFor(combiner, 'definite', region);
  const doubtful = thresholdFor(combiner, 'doubtful', region);
  if (definite === null || doubtful === null) return null;
  return html`<p class="small">An image counts as fractured from ${percent(definite)} on and as doubtful from ${percent(doubtful)} on (thresholds of ${combiner.id}${region === null ? null : html` for ${region}`}).</p>`;
}

function imageFacts(reading: Reading): SafeHtml {
  const { image, timingsMs } = reading;
  const steps = Object.entries(timingsMs).map(
    ([step, ms]) => `${step} ${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`,
  );
  const facts: [string, string][] = [
    ['File', reading.input],
    ...(reading.study === undefined ? [] : [['Study', reading.study] as [string, string]]),
    ['Size', `${image.width} × ${image.height} pixels`],
    ['Pixel spacing', spacingWords(image)],
    [
      'Body region',
      image.region ? `${image.region.label} (${percent(image.region.probability)})` : 'unknown',
    ],
    ['Models', reading.models.map(modelWords).join(', ') || 'none'],
    ['Time', steps.join(', ')],
  ];
  return html`<dl>${facts.map(([term, value]) => html`<dt>${term}</dt><dd><bdi>${value}</bdi></dd>`)}</dl>`;
}

function spacingWords({ pixelSpacingMm, spacingSource }: Reading['image']): string {
  if (!pixelSpacingMm) return 'not stated in the file';
  const [rowMm, columnMm] = pixelSpacingMm;
  const where =
    spacingSource === 'ImagerPixelSpacing' ? ' at the detector (a part away from it is shown larger)' : '';
  return `${columnMm} × ${rowMm} mm${where}`;
}
