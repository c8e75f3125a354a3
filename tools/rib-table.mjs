// The table of the rib reader in README.md, between its markers, beside what was published of patients.
import { readFile, writeFile } from 'node:fs/promises';

const begin = '<!-- ribs:begin -->';
const end = '<!-- ribs:end -->';

function figure({ value, interval }, percent = false) {
  const text = (number) => (percent ? `${(100 * number).toFixed(1)} %` : number.toFixed(3));
  return interval
    ? `${text(value)} (${text(interval[0])} to ${text(interval[1])})`
    : `${text(value)} (no interval: all resamples agree)`;
}

function realWords({ name, verdict, refusal, ribs, ribMm, definite, doubtful }) {
  if (verdict === 'refused') return `${name}: refused (${refusal.split('. ')[0]})`;
  return `${name}: ${definite} definite and ${doubtful} doubtful marks on ${(ribMm / 10).toFixed(0)} cm of ${ribs} ribs in its field`;
}

/** Markdown of the figures. */
export function ribTable(measured, real) {
  const { counts, froc, frocMean, sensitivity, falsePositives, age, displacement, ribOfFinding, numbering } =
    measured;
  const rows = [
    [
      'mean sensitivity at 0.5, 1, 2, 4, 8 false positives per scan',
      figure(frocMean),
      '0.75 / 0.90',
      '0.812 (FracNet on RibFrac)',
    ],
    ...froc.map(({ rate, value, interval }) => [
      `sensitivity at ${rate} false positives per scan`,
      figure({ value, interval }),
      '',
      { 0.5: '0.660', 1: '0.750', 2: '0.817', 4: '0.905', 8: '0.929' }[rate] ?? '',
    ]),
    ['fresh / old accuracy, of fractures found', figure(age, true), '85 % / 95 %', '87.63 % (Yang 2022)'],
    ['displaced / nondisplaced accuracy, of fractures found', figure(displacement, true), '', ''],
    [`rib numbering correct (${numbering.n} ribs)`, figure(numbering, true), '90 % / 99 %', ''],
    ['side and number of a fracture found', figure(ribOfFinding, true), '', ''],
    ['sensitivity, dashed boxes (doubtful and definite)', figure(sensitivity.doubtful), '', ''],
    ['false positives per scan, dashed boxes', figure(falsePositives.doubtful), '', ''],
    ['sensitivity, solid boxes (definite)', figure(sensitivity.definite), '', ''],
    ['false positives per scan, solid boxes', figure(falsePositives.definite), '<= 1', ''],
  ];
  const lines = [
    `| ribs, ${counts.test} SIMULATED chests with ${counts.fractures} fractures | reached (95 % interval) | bar / aim | published, of patients |`,
    '|---|---|---|---|',
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
  ];
  if (real.length > 0)
    lines.push(
      '',
      `On real CT (small fields around the heart, metal in them): ${real.map(realWords).join('; ')}.`,
    );
  return lines.join('\n');
}

/** Puts the text between the markers. */
export async function insertTable(file, text) {
  const content = await readFile(file, 'utf8');
  const [before, rest] = content.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`${file} has no lines ${begin} and ${end}`);
  await writeFile(file, `${before}${begin}\n${text}\n${end}${after}`);
}
