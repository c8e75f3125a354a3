import { readerKinds, type Sought } from '../../core/reader-kinds.js';
import type { Finding, FindingType, Reading, SuvMeasures } from '../../core/reading.js';
import { labelWords, modelWords, NOTICE, percent, verdictLine } from '../../core/reading-words.js';
import type { Card } from '../../models/card.js';
import { limitationList } from './limitation-list.js';
import type { DetailPictures } from './report-detail.js';
import { html, type SafeHtml } from './safe-html.js';
import { volumeFigures } from './volume-accuracy.js';

/** What opens below the row of a volume: overviews and cuts, and everything that is known of it. */
export function volumeDetail(
  reading: Reading,
  pictures: DetailPictures | null,
  cards: readonly Card[],
): SafeHtml {
  return html`<div class="detail volume">
${pictures ? panelColumn(pictures) : html`<p class="warning">This run kept no pictures of it.</p>`}
<div class="facts"><h3>${verdictLine(reading)}</h3>
${reading.refusal ? html`<p>Code <code>${reading.refusal.code}</code>. No answer was given: the study is outside of what the models were validated for, or cannot be read as one volume.</p>` : findingsTable(reading)}
${limitationList(reading)}
${ribWords(reading)}
${suvWords(reading)}
${accuracyWords(reading, cards)}
<h4>About this study</h4>
${studyFacts(reading)}
<p class="quiet">${NOTICE}</p></div></div>`;
}

function panelColumn({ entry, panels }: DetailPictures): SafeHtml {
  return html`<div class="panels">${entry.panels.map(
    ({ title, picture }, index) =>
      html`<figure><a href="${picture}"><img src="${panels[index] ?? ''}" alt="${title}"></a><figcaption>${title}</figcaption></figure>`,
  )}</div>`;
}

const foundWords: Readonly<Record<Sought, string>> = {
  fracture: 'holds a fracture',
  infection: 'is infected',
};

function findingsTable({ findings, kind }: Reading): SafeHtml {
  const shown = findings.filter(({ certainty }) => certainty !== 'candidate');
  if (shown.length === 0) return html`<p>No place was marked.</p>`;
  const what = foundWords[readerKinds[kind].sought];
  return html`<h4>Findings</h4><div class="scroll" tabindex="0" role="group" aria-label="Findings"><table>
<thead><tr><th scope="col">No.</th><th scope="col">Score</th><th scope="col">What and where</th><th scope="col">Classes</th><th scope="col">Slice, place</th></tr></thead>
<tbody>${shown.map(findingRow)}</tbody></table></div>
<p class="quiet small">Score: probability that the place ${what}. Slices are counted from 1, from the feet up for axial slices of a patient on the back. Places are in patient coordinates: to the left, to the back, to the head.</p>`;
}

function findingRow(finding: Finding): SafeHtml {
  const { id, score, certainty, description, type, displacement, box3d, centerMm } = finding;
  const slice = box3d ? `${Math.floor(box3d[2] + box3d[5] / 2) + 1}` : '–';
  const place = centerMm ? `${centerMm.map((part) => part.toFixed(0)).join(', ')} mm` : '';
  return html`<tr><th scope="row">${id}</th><td>${percent(score)}, ${certainty}</td><td>${description ?? '–'}${finding.suv ? html`<br><span class="small">${suvText(finding.suv)}</span>` : null}</td><td>${classList([type, displacement])}</td><td>${slice}<br><span class="quiet small">${place}</span></td></tr>`;
}

function classList(types: readonly (FindingType | undefined)[]): SafeHtml | string {
  const rows = types.flatMap((type) => (type ? Object.entries(type.probabilities) : []));
  if (rows.length === 0) return '–';
  return html`<ul class="plain small">${rows.map(([label, probability]) => html`<li>${labelWords(label)} ${percent(probability)}</li>`)}</ul>`;
}

function suvText({ suvMax, suvPeak, suvMean, metabolicVolumeMl, thresholdSuv }: SuvMeasures): string {
  return `SUVmax ${suvMax.toFixed(2)}, SUVpeak ${suvPeak.toFixed(2)}, SUVmean ${suvMean.toFixed(2)}; ${metabolicVolumeMl.toFixed(1)} ml at SUV ${thresholdSuv.toFixed(2)} or more`;
}

function ribWords(reading: Reading): SafeHtml | null {
  const ribs = 'ribs' in reading ? reading.ribs : undefined;
  if (!ribs) return null;
  const { fractures, flailSegments, ribsFound, ribsNumbered } = ribs;
  const flail = flailSegments.map(({ side, ribs: numbers }) => `${side}, ribs ${numbers.join(', ')}`);
  return html`<h4>Ribs</h4><ul>
<li>${fractures.total} fractures: ${fractures.right} right, ${fractures.left} left; ${fractures.fresh} fresh, ${fractures.old} old; ${fractures.displaced} displaced.</li>
<li>${flail.length > 0 ? html`<strong>Flail segment: ${flail.join('; ')}</strong> (three or more adjacent ribs broken in two places).` : 'No flail segment (three or more adjacent ribs broken in two places).'}</li>
<li>${ribsFound} ribs were found, ${ribsNumbered} of them numbered.</li></ul>`;
}

function suvWords(reading: Reading): SafeHtml | null {
  const suv = 'suv' in reading ? reading.suv : undefined;
  if (!suv) return null;
  const { hottest, rule } = suv;
  return html`<h4>Uptake of the hottest region</h4><p>${suvText(hottest)}.</p>
<p>The plain rule (infected when SUVmax is ${rule.cutOff} or more) says: ${rule.positive ? 'infected' : 'not infected'}.</p>`;
}

/** What the cards of the models of this reading say they measured, and on what. */
function accuracyWords({ models }: Reading, cards: readonly Card[]): SafeHtml | null {
  if (models.length === 0) return null;
  const used = cards.filter(({ id }) => models.some((model) => model.id === id));
  return html`<h4>How often is such an answer right?</h4>${used.map(
    ({ title, results, simulatedOnly }) =>
      html`<h5>${title}</h5>${simulatedOnly ? html`<p class="warning">Trained on simulated data only. What it says of a real patient has not been shown to be right.</p>` : null}${results.length > 0 ? volumeFigures(results) : html`<p class="warning">Not measured.</p>`}`,
  )}`;
}

function studyFacts(reading: Reading): SafeHtml {
  const { image, timingsMs } = reading;
  const series = ('series' in reading ? reading.series : undefined) ?? [];
  const steps = Object.entries(timingsMs).map(([step, ms]) => `${step} ${(ms / 1000).toFixed(1)} s`);
  const sizes = series.map(
    ({ modality, width, height, depth, spacingMm }) =>
      `${modality}: ${width} × ${height} × ${depth} voxels of ${spacingMm.map((part) => part.toFixed(2)).join(' × ')} mm`,
  );
  const facts: [string, string][] = [
    ['Input', reading.input],
    ...(reading.study === undefined ? [] : [['Study', reading.study] as [string, string]]),
    [
      'Series',
      sizes.length > 0 ? sizes.join('; ') : `${image.width} × ${image.height} × ${image.depth ?? 1} voxels`,
    ],
    ['Models', reading.models.map(modelWords).join(', ') || 'none'],
    ...(steps.length > 0 ? [['Time', steps.join(', ')] as [string, string]] : []),
  ];
  return html`<dl>${facts.map(([term, value]) => html`<dt>${term}</dt><dd><bdi>${value}</bdi></dd>`)}</dl>`;
}
