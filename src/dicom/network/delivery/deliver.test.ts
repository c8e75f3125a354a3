import { describe, expect, it } from 'vitest';
import { LucencyError } from '../../../core/errors.js';
import { waitSeconds } from './back-off.js';
import { deliver } from './deliver.js';
import type { Destination, Outcome } from './destination.js';

const away = () => new LucencyError('LUC_DICOM_NET_UNREACHABLE', { peer: 'P', reason: 'ECONNREFUSED' });
const lost = () => new LucencyError('LUC_DICOM_NET_CONNECTION_LOST', { peer: 'P', reason: 'closed' });
const refused = () =>
  new LucencyError('LUC_DICOM_NET_SEND_REFUSED', { peer: 'P', status: 'C000', comment: '-' });
const later = () => new LucencyError('LUC_DICOM_NET_PUT_OFF', { peer: 'P', status: 'A700', comment: '-' });

/** A destination that answers each file by what is listed for it, one answer per try; then it takes it. */
function scripted(answers: Record<string, LucencyError[]>, awayFor = 0): Destination & { passes: number } {
  return {
    name: 'P',
    passes: 0,
    async *send(files): AsyncGenerator<Outcome> {
      this.passes++;
      if (this.passes <= awayFor) throw away();
      for (const file of files) yield { file, error: answers[file]?.shift() ?? null };
    },
  };
}

async function run(destination: Destination, files: string[], retrySeconds = 60) {
  const sent: string[] = [];
  const dead: string[] = [];
  const left = await deliver({
    destination,
    files,
    backOff: { firstSeconds: 0.001, mostSeconds: 0.002 },
    retrySeconds,
    triesPerFile: 3,
    signal: new AbortController().signal,
    onSent: async (file) => void sent.push(file),
    onDead: async (file, error) => void dead.push(`${file} ${error.code}`),
    onRetry: () => undefined,
  });
  return { sent, dead, left };
}

describe('a delivery', () => {
  it('goes on until a destination that was away has everything', async () => {
    const destination = scripted({}, 5);
    expect(await run(destination, ['a', 'b'])).toEqual({ sent: ['a', 'b'], dead: [], left: [] });
    expect(destination.passes).toBe(6);
  });

  it('lays aside what is refused for good, and what breaks the association again and again', async () => {
    const destination = scripted({ a: [refused()], b: [lost(), lost(), lost()], c: [lost()] });
    const { sent, dead, left } = await run(destination, ['a', 'b', 'c', 'd']);
    expect(sent).toEqual(['d', 'c']);
    expect(dead).toEqual(['a LUC_DICOM_NET_SEND_REFUSED', 'b LUC_DICOM_NET_CONNECTION_LOST']);
    expect(left).toEqual([]);
  });

  it('never gives a file up because the destination asks for patience', async () => {
    const destination = scripted({ a: Array.from({ length: 20 }, later) });
    expect((await run(destination, ['a'])).sent).toEqual(['a']);
  });

  it('says what is left when time is up', async () => {
    expect(await run(scripted({}, 100), ['a', 'b'], 0)).toEqual({ sent: [], dead: [], left: ['a', 'b'] });
  });

  it('waits longer after each failure, up to a limit', () => {
    const backOff = { firstSeconds: 1, mostSeconds: 300 };
    for (let failures = 0; failures < 40; failures++) {
      const whole = Math.min(300, 2 ** failures);
      const seconds = waitSeconds(backOff, failures);
      expect(seconds >= whole / 2 && seconds <= whole).toBe(true);
    }
  });
});
