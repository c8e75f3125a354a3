import type { Block, ReportDocument } from '../document/blocks.js';
import { type ChecklistItem, checklist } from './checklist.js';
import { factsTable } from './facts-table.js';
import { dataFillers } from './fill-data.js';
import { modelFillers } from './fill-model.js';
import { resultFillers, resultSentences } from './fill-results.js';
import type { ReportState } from './report.schema.js';
import type { Filled, Filler, ReportSource } from './report-source.js';

const fillers: Readonly<Record<string, Filler>> = { ...dataFillers, ...modelFillers, ...resultFillers };

type Status = ReportState['items'][number]['status'];
const statusWords: Readonly<Record<Status, string>> = {
  filled: 'filled from the data',
  partly: 'partly filled; author to complete',
  open: 'author to write',
};

interface Answer {
  readonly item: ChecklistItem;
  readonly filled: Filled | null;
  readonly status: Status;
}

function itemName({ number }: ChecklistItem): string {
  return number.startsWith('+') ? `STARD ${number}` : `Item ${number}`;
}

function labelOf({ item: { number, stard }, status }: Answer): string {
  const claim = number.startsWith('+') ? null : `CLAIM 2024 item ${number}`;
  const ofStard = stard === null ? null : stard === 'AI' ? 'STARD-AI' : `STARD 2015 item ${stard}`;
  return [claim, ofStard, statusWords[status]].filter((part) => part !== null).join(' \u00b7 ');
}

function answers(source: ReportSource): Answer[] {
  return checklist.map((item) => {
    const filled = fillers[item.number]?.(source) ?? null;
    return { item, filled, status: filled === null ? 'open' : filled.complete ? 'filled' : 'partly' };
  });
}

function itemBlocks(answer: Answer): Block[] {
  const { item, filled } = answer;
  return [
    { kind: 'heading', level: 3, text: `${itemName(item)}. ${item.topic}` },
    { kind: 'label', text: labelOf(answer) },
    ...(filled?.blocks ?? []),
    ...(filled?.complete ? [] : [{ kind: 'author', text: item.author } as const]),
  ];
}

function opening({ evaluation, cards }: ReportSource): Block[] {
  const simulated = evaluation.data.simulated || cards.some(({ simulatedOnly }) => simulatedOnly);
  return [
    {
      kind: 'notice',
      text: 'Draft for authors. Decision support and research; not a medical device. Everything in a box marked "To be written by the author" must be replaced before this is published.',
    },
    ...(simulated
      ? [
          {
            kind: 'notice',
            text: 'Simulated data: the truth or a model rests on simulated images only. Nothing here says how accurate it is in patients.',
          } as const,
        ]
      : []),
    { kind: 'heading', level: 2, text: 'Main results' },
    { kind: 'list', items: resultSentences(evaluation) },
    ...(evaluation.notes.length === 0
      ? []
      : ([
          { kind: 'paragraph', text: 'To be kept in mind:' },
          { kind: 'list', items: evaluation.notes },
        ] as const)),
  ];
}

function overview(all: readonly Answer[]): Block {
  const count = (status: Status) => all.filter((answer) => answer.status === status).length;
  return {
    kind: 'table',
    table: {
      title: 'Checklist',
      head: ['Item', 'Topic', 'STARD', 'State'],
      rows: all.map(({ item, status }) => [
        itemName(item),
        item.topic,
        item.stard ?? '',
        statusWords[status],
      ]),
      notes: [
        `${count('filled')} filled, ${count('partly')} partly, ${count('open')} open.`,
        'Items follow CLAIM 2024 (Tejani et al., Radiology: Artificial Intelligence 2024;6:e240300); the column STARD gives the items of STARD 2015 that they meet, AI what STARD-AI (Sounderajah et al., Nature Medicine 2025) adds. The wording is that of this program; the checklists themselves are to be filled in on the forms of the journals.',
      ],
    },
  };
}

/** Which items the data fill, and which are left to the author. */
export function checklistState(source: ReportSource): Omit<ReportState, 'files'> {
  return {
    schema: 'lucency.report/1',
    set: source.set,
    items: answers(source).map(({ item: { number, topic, stard }, status }) => ({
      number,
      topic,
      stard,
      status,
    })),
  };
}

/** The report of an evaluation: what the data fill, and clearly marked what the author must write. */
export function evaluationReport(source: ReportSource): ReportDocument {
  const all = answers(source);
  const sections = [...new Set(checklist.map(({ section }) => section))];
  const models = source.evaluation.data.models.map(({ id, version }) => `${id} ${version}`).join(', ');
  const facts = factsTable(source);
  return {
    title: `Evaluation report: ${source.set}`,
    subtitle: `${models === '' ? source.evaluation.data.predictions.path : models}; made with Lucency ${source.evaluation.software.version}`,
    blocks: [
      ...opening(source),
      ...sections.flatMap((section): Block[] => [
        { kind: 'heading', level: 2, text: section },
        ...all.filter(({ item }) => item.section === section).flatMap(itemBlocks),
      ]),
      ...(facts === null
        ? []
        : ([
            { kind: 'heading', level: 2, text: 'Facts for the model card' },
            { kind: 'table', table: facts },
          ] as const)),
      { kind: 'heading', level: 2, text: 'Which items are filled' },
      overview(all),
    ],
  };
}
