import { describe, expect, it } from 'vitest';
import type { Answer } from '../../evidence/answer.js';
import { loadAskingWords } from '../../evidence/asking/open-asker.js';
import { checkEvidence } from '../../evidence/check/check-evidence.js';
import { loadTone, refusedWords } from '../../evidence/check/tone.js';
import { composeAnswer } from '../../evidence/compose.js';
import type { ComposeContext } from '../../evidence/compose-context.js';
import { loadEvidence } from '../../evidence/evidence-base.js';
import { resolveFact } from '../../evidence/facts.js';
import { readingLevel } from '../../evidence/reading-level.js';
import { plainText } from '../../evidence/sentence.js';
import type { Study } from '../../evidence/study.js';
import { loadSiteText } from './site-text.js';
import { evidenceStatistics } from './statistics.js';

const base = loadEvidence();
const context: ComposeContext = { base, statistics: evidenceStatistics, own: [] };
const reviewedOn = '2026-11-25';

function get<T>(map: ReadonlyMap<string, T>, id: string): T {
  const entry = map.get(id);
  if (!entry) throw new Error(`${id} is part of the base`);
  return entry;
}

/** The problems of the base with one answer or one study changed. */
function problemsWith(
  change: { answer?: Partial<Answer>; study?: Partial<Study> },
  today = reviewedOn,
): string[] {
  const wrist = { ...get(base.answers, 'wrist'), ...change.answer };
  const kuo = { ...get(base.studies, 'kuo-2022'), ...change.study };
  const changed = {
    ...base,
    answers: new Map(base.answers).set('wrist', wrist),
    studies: new Map(base.studies).set('kuo-2022', kuo),
  };
  return checkEvidence({ ...context, base: changed }, today).map(({ where, what }) => `${where}: ${what}`);
}

describe('the evidence and the answers as they stand', () => {
  it('pass the check today', () => {
    expect(checkEvidence(context, new Date().toISOString().slice(0, 10))).toEqual([]);
  });

  it('compute the rates of OsteoDetect from its counts, as the FDA printed them', () => {
    const rate = (fact: string) =>
      resolveFact(base.studies, `osteodetect-den180005/${fact}`, evidenceStatistics);
    const round = (value: number) => Number(value.toFixed(3));
    expect([rate('sensitivity').value, ...(rate('sensitivity').interval ?? [])].map(round)).toEqual([
      0.921, 0.886, 0.946,
    ]);
    expect([rate('specificity').value, ...(rate('specificity').interval ?? [])].map(round)).toEqual([
      0.902, 0.877, 0.922,
    ]);
  });

  it('say of a positive ankle result what the notes worked out: about 65 of 100, and 88 where breaks are frequent', () => {
    const [few, many] = composeAnswer(get(base.answers, 'ankle-and-foot'), context).chances;
    expect(few?.hundreds.map(({ right }) => right)).toEqual([65, 99]);
    expect(many?.hundreds.map(({ right }) => right)).toEqual([88, 97]);
    expect(few?.hundreds[0].sentence).toContain('about 65 have a broken bone in the ankle or foot');
  });

  it('pool the cells of a review with our own meta-analysis where they are known', () => {
    const cells = [
      [20, 2, 3, 40],
      [35, 5, 4, 60],
      [18, 1, 2, 25],
      [50, 4, 8, 90],
      [28, 3, 2, 33],
    ].map(([tp = 0, fn = 0, fp = 0, tn = 0], index) => ({ name: `study ${index}`, tp, fn, fp, tn }));
    const { sensitivity, specificity } = evidenceStatistics.pool(cells);
    for (const { value, interval } of [sensitivity, specificity]) {
      expect(interval[0]).toBeLessThan(value);
      expect(value).toBeLessThan(interval[1]);
    }
    const raw = cells.map(({ tp, fn }) => tp / (tp + fn));
    expect(sensitivity.value).toBeGreaterThan(Math.min(...raw));
    expect(sensitivity.value).toBeLessThan(Math.max(...raw));
  });

  it('make the three corrections where they belong', () => {
    const corrections = (id: string) =>
      composeAnswer(get(base.answers, id), context)
        .corrections.map(({ claim, sentences }) => [claim, ...sentences].map(plainText).join(' '))
        .join(' ');
    const main = corrections('can-ai-classify-and-locate');
    expect(main).toContain('is from 2024');
    expect(main).toContain('The record of the paper says 2026.');
    expect(main).toContain('weak overall at telling broken bones from whole ones');
    expect(main).toContain('better at marking the place');
    for (const id of ['can-ai-classify-and-locate', 'ribs', 'fresh-or-old']) {
      expect(corrections(id)).toMatch(/senior/);
      expect(corrections(id)).toMatch(/second, separate model/);
    }
    for (const id of ['can-ai-classify-and-locate', 'better-than-radiologist']) {
      expect(corrections(id)).toContain('AI often does as well as radiologists, or better.');
      expect(corrections(id)).toContain('fewer false alarms');
    }
  });

  it('give no answer more confidence than the page that claims a high one', () => {
    const level = composeAnswer(get(base.answers, 'can-ai-classify-and-locate'), context).confidence.level;
    expect(level).not.toBe('high');
  });

  it('hold fixed replies that read as easily and use no refused word', () => {
    const replies = Object.values(loadAskingWords('en').replies).flat();
    expect(readingLevel(replies.join(' ')).fleschKincaid).toBeLessThanOrEqual(8);
    expect(refusedWords(replies.join(' '), loadTone('en'))).toEqual([]);
  });
});

describe('the words around the answers', () => {
  const strings = (value: unknown): string[] =>
    typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(strings);
  // Only what patients read: the sources and model facts speak to professionals, too.
  const { footer, search, answer, method } = loadSiteText('en');
  const groups = {
    own: base.wording.own,
    chance: base.wording.chance,
    footer,
    search,
    answer,
    method,
  };

  it.each(Object.entries(groups))('%s read at grade 8 or below', (_name, words) => {
    const sentences = strings(words)
      .filter((text) => /[.?!]$/.test(text))
      .map((text) => text.replace(/\{\w+\}/g, 'it'));
    expect(sentences.length).toBeGreaterThan(0);
    expect(readingLevel(sentences.join(' ')).fleschKincaid).toBeLessThanOrEqual(8);
  });

  it('hold no alarming or promising word', () => {
    const all = [...strings(base.wording), ...strings(loadSiteText('en'))].join('\n');
    expect(refusedWords(all, loadTone('en'))).toEqual([]);
  });
});

describe('the check finds', () => {
  const finding = (text: string, cites = ['kuo-2022']) => ({ findings: [{ text, cites }] });

  it.each<[string, Parameters<typeof problemsWith>[0], RegExp]>([
    [
      'a citation that is not held',
      { answer: finding('AI is tested.', ['nobody-2020']) },
      /cites nobody-2020/,
    ],
    ['a typed number', { answer: finding('AI caught 91 breaks.') }, /a number is typed/],
    ['a share in words', { answer: finding('AI caught nine in ten breaks.') }, /a share is spelled out/],
    [
      'a number without its source',
      { answer: finding('AI caught {{nowroozi-2024/sensitivity}} breaks.') },
      /without citing nowroozi-2024/,
    ],
    ['two sentences in one', { answer: finding('AI is tested. It is used.') }, /is 2 sentences/],
    [
      'a gap that is none',
      { answer: { findings: [{ text: 'No study looks at the neck.', lacks: ['neck'] }] } },
      /cervical-spine-external-2024 has measured neck/,
    ],
    [
      'a promising word',
      { answer: { unknown: ['It is a miracle of our time.'] } },
      /"miracle" is refused: promising/,
    ],
    [
      'an alarming word',
      { answer: { unknown: ['That would be a Disaster.'] } },
      /"Disaster" is refused: alarming/,
    ],
    [
      'hard words',
      {
        answer: {
          unknown: [
            'Heterogeneous retrospective epidemiological investigations necessitate multidisciplinary interpretation, notwithstanding methodological inconsistencies.',
          ],
        },
      },
      /reads at grade/,
    ],
    ['an unknown topic', { answer: { topic: 'sports' } }, /no topic sports/],
    [
      'a related answer that is not there',
      { answer: { related: ['nothing-here'] } },
      /nothing-here as related/,
    ],
    ['a review in the future', { answer: { reviewed: '2026-11-26' } }, /reviewed on 2026-11-26, after today/],
    ['a review cycle that is too long', { answer: { reviewBy: '2029-01-01' } }, /days after the last/],
    [
      'a question asked twice',
      { answer: { question: 'How accurate is AI for a broken hip?' } },
      /asks the same question as hip/,
    ],
    [
      'a share above one',
      {
        study: {
          facts: {
            ...get(base.studies, 'kuo-2022').facts,
            'high-risk-of-bias': {
              label: 'Share',
              unit: 'proportion',
              value: 52,
              how: 'table',
              via: 'notes',
            },
          },
        },
      },
      /52 is no proportion/,
    ],
    [
      'a value outside its interval',
      {
        study: {
          facts: {
            ...get(base.studies, 'kuo-2022').facts,
            odd: {
              label: 'Odd',
              unit: 'proportion',
              value: 0.5,
              interval: [0.6, 0.7],
              how: 'table',
              via: 'notes',
            },
          },
        },
      },
      /lies outside its interval/,
    ],
    [
      'counts that do not give what was printed',
      {
        study: {
          facts: {
            ...get(base.studies, 'kuo-2022').facts,
            odd: {
              label: 'Odd',
              unit: 'proportion',
              count: [291, 316],
              stated: { value: 0.93 },
              how: 'table',
              via: 'notes',
            },
          },
        },
      },
      /the source prints 0.93/,
    ],
    ['a look-up without an address', { study: { checkedAt: [] } }, /no address says where/],
  ])('%s', (_name, change, expected) => {
    expect(problemsWith(change).join('\n')).toMatch(expected);
  });

  it('an answer past its review date', () => {
    expect(problemsWith({}, '2027-11-26').join('\n')).toMatch(/wrist: its review was due on 2027-11-25/);
  });
});
