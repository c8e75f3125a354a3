import { describe, expect, it } from 'vitest';
import { Random } from '../../phantom/random.js';
import {
  assessmentSchema,
  defaultUrgencyTable,
  patientClasses,
  type UrgencyTable,
  urgencyTableSchema,
} from '../words/urgency.js';
import { byUrgency, dueAt, urgencyReason, type WaitingStudy } from './urgency-order.js';

const minute = 60_000;
const noon = Date.UTC(2026, 0, 15, 12);

function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[random.bits() % items.length];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

function study(id: string, arrivedMinute: number, part: Partial<WaitingStudy> = {}): WaitingStudy {
  const arrivedAt = new Date(noon + arrivedMinute * minute);
  return { id, arrivedAt, assessment: 'unread', patientClass: 'outpatient', ...part };
}

function randomStudy(random: Random, id: string, arrivedMinute: number): WaitingStudy {
  const assessment = pick(random, assessmentSchema.options);
  return study(id, arrivedMinute, { assessment, patientClass: pick(random, patientClasses) });
}

/** Any targets at all, with the silent ones as long as they may be. */
function randomTable(random: Random): UrgencyTable {
  const row = () => ({
    emergency: 1 + (random.bits() % 300),
    inpatient: 1 + (random.bits() % 300),
    outpatient: 1 + (random.bits() % 300),
  });
  const [found, none, other] = [row(), row(), row()];
  const least = {
    emergency: Math.min(none.emergency, other.emergency),
    inpatient: Math.min(none.inpatient, other.inpatient),
    outpatient: Math.min(none.outpatient, other.outpatient),
  };
  return urgencyTableSchema.parse({
    fracture: found,
    infection: row(),
    doubt: row(),
    'no-fracture': none,
    'no-infection': other,
    refused: least,
    failed: least,
    unread: least,
  });
}

describe('the order of the reading list', () => {
  it('puts the most overdue first, whatever the verdict', () => {
    const fresh = study('fresh', 0, { assessment: 'fracture', patientClass: 'emergency' });
    const forgotten = study('forgotten', -1500, { assessment: 'no-fracture' });
    const waiting = study('waiting', -200, { patientClass: 'emergency' });
    const order = byUrgency([fresh, forgotten, waiting], defaultUrgencyTable).map(({ id }) => id);
    // Due at 12:15, at 11:00 and at 09:10.
    expect(order).toEqual(['waiting', 'forgotten', 'fresh']);
  });

  it.each([...Array(20).keys()])('loses no study and doubles none (random lists, %i)', (seed) => {
    const random = new Random(`list ${seed}`);
    const studies = [...Array(200).keys()].map((n) => randomStudy(random, `s${n}`, random.bits() % 3000));
    const ordered = byUrgency(studies, randomTable(random));
    expect(ordered.map(({ id }) => id).sort()).toEqual(studies.map(({ id }) => id).sort());
    expect(byUrgency([...studies].reverse(), defaultUrgencyTable)).toEqual(
      byUrgency(studies, defaultUrgencyTable),
    );
  });

  it.each([...Array(20).keys()])('lets nothing wait for ever (random streams, %i)', (seed) => {
    const random = new Random(`stream ${seed}`);
    const table = randomTable(random);
    const backlog = [...Array(50).keys()].map((n) => randomStudy(random, `backlog${n}`, 0));
    const arrivals = [...Array(2000).keys()].map((n) => randomStudy(random, `s${n}`, n));
    const read = new Map<string, number>();
    // One study comes and one is read each minute, so that the list never empties.
    let open = backlog;
    for (const [now, arrival] of arrivals.entries()) {
      open = byUrgency([...open, arrival], table);
      const first = open.shift();
      if (first) read.set(first.id, now);
    }
    // All ahead of a study had come before it was due: at most those, and the backlog.
    const late = [...backlog, ...arrivals]
      .filter((waiting) => {
        const due = (dueAt(waiting, table).getTime() - noon) / minute;
        const until = due + 51;
        return until < arrivals.length && (read.get(waiting.id) ?? Infinity) > until;
      })
      .map(({ id }) => id);
    expect(late).toEqual([]);
    expect(read.size).toBe(arrivals.length);
  });

  it('says why a study stands where it does', () => {
    const urgent = study('a', 0, { assessment: 'fracture', patientClass: 'emergency' });
    const say = (one: WaitingStudy, minutes: number) =>
      urgencyReason(one, defaultUrgencyTable, new Date(noon + minutes * minute));
    expect(say(urgent, 5)).toBe('AI found a fracture; emergency: within 15 min; 10 min left');
    expect(say(urgent, 19)).toBe('AI found a fracture; emergency: within 15 min; 4 min overdue');
    expect(say(study('b', 0), 4000)).toBe('not yet read by AI; outpatient: within 8 h; 2 days overdue');
  });
});

describe('the table of urgency', () => {
  it('is right as it comes', () => {
    expect(urgencyTableSchema.parse(defaultUrgencyTable)).toEqual(defaultUrgencyTable);
  });

  it.each(['refused', 'failed', 'unread'] as const)(
    'never lets %s studies wait longer than negative ones',
    (silent) => {
      const row = { ...defaultUrgencyTable[silent], emergency: 61 };
      const result = urgencyTableSchema.safeParse({ ...defaultUrgencyTable, [silent]: row });
      expect(result.error?.issues).toMatchObject([
        { path: [silent, 'emergency'], message: expect.stringContaining('60 minutes at most') },
      ]);
    },
  );

  it.each([
    ['no time at all', { ...defaultUrgencyTable, doubt: { emergency: 0, inpatient: 1, outpatient: 1 } }],
    [
      'more than two weeks',
      { ...defaultUrgencyTable, doubt: { emergency: 1, inpatient: 1, outpatient: 20_161 } },
    ],
    ['half a minute', { ...defaultUrgencyTable, doubt: { emergency: 0.5, inpatient: 1, outpatient: 1 } }],
    ['a class left out', { ...defaultUrgencyTable, doubt: { emergency: 1, inpatient: 1 } }],
    ['an assessment left out', { ...defaultUrgencyTable, doubt: undefined }],
    ['an assessment that does not exist', { ...defaultUrgencyTable, perhaps: defaultUrgencyTable.doubt }],
  ])('refuses %s', (_, table) => {
    expect(urgencyTableSchema.safeParse(table).success).toBe(false);
  });
});
