import type { LucencyError } from '../../src/core/errors.js';
import type { Verdict } from '../../src/core/reading.js';
import type { ReadingOutcome } from '../../src/reading/reading-outcome.js';

/** Takes readings as a count of their verdicts. */
export class VerdictCountSink {
  readonly counts = new Map<Verdict, number>();
  readonly unread: string[] = [];

  async take({ reading }: ReadingOutcome): Promise<void> {
    this.counts.set(reading.verdict, (this.counts.get(reading.verdict) ?? 0) + 1);
  }

  async fail(input: string, error: LucencyError): Promise<void> {
    this.unread.push(`${input}: ${error.toLine()}`);
  }
}
