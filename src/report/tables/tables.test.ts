import { describe, expect, it } from 'vitest';
import { decimals, pValue, significant, withInterval } from './numbers.js';
import { type Table, tableCsv, tableMarkdown, tableText } from './table.js';

const table: Table = {
  title: 'Table 1. Readers',
  head: ['Reader', 'AUC'],
  rows: [
    ['A | B', '0.9'],
    ['C, "D"', '0.85'],
  ],
  notes: ['A note.'],
};

describe('tables', () => {
  it('aligns columns for the terminal', () => {
    expect(tableText(table).split('\n').slice(2, 6)).toEqual([
      'Reader   AUC',
      '------------',
      'A | B    0.9',
      'C, "D"  0.85',
    ]);
  });

  it('escapes what Markdown and CSV would misread', () => {
    expect(tableMarkdown(table)).toContain('| A \\| B | 0.9 |');
    expect(tableCsv(table)).toBe('Reader,AUC\nA | B,0.9\n"C, ""D""",0.85\n');
  });

  it('writes numbers as journals do', () => {
    expect(withInterval({ value: -0.0438, interval: [-0.08796, 0.0003] })).toBe('−0.044 (−0.088 to 0.000)');
    expect(decimals(-0.0001)).toBe('0.000');
    expect(significant(26.3368)).toBe('26.3');
    expect(significant(1234.5)).toBe('1235');
    expect(significant(0.01399)).toBe('0.0140');
    expect(pValue(0.0516657)).toBe('0.052');
    expect(pValue(0.00002)).toBe('<0.001');
  });
});
