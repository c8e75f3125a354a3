import type { RegisteredModel } from '../models/registry.js';
import type { NetworkRunner } from '../models/session-host.js';
import { type StraightRib, toNetworkValue } from './straighten.js';

/** Samples of a rib per answer of the network. */
export const samplesPerAnswer = 2;
// At both ends of a window the network knows only one side: answers are taken from the middle.
const marginSamples = 16;
// Enough to keep the cores busy, few enough to keep memory flat.
const windowsPerRun = 8;

/** What the network says along a rib: logits, one answer per `samplesPerAnswer` samples. */
export interface RibAnswers {
  readonly fracture: Float32Array;
  readonly old: Float32Array;
  readonly displaced: Float32Array;
}

interface Window {
  readonly rib: number;
  /** First sample; before the start and beyond the end of the rib its last cross-section is repeated. */
  readonly first: number;
}

function windowsOf(ribs: readonly StraightRib[], length: number): Window[] {
  const step = length - 2 * marginSamples;
  return ribs.flatMap(({ count }, rib) =>
    Array.from({ length: Math.max(1, Math.ceil(count / step)) }, (_, i) => ({
      rib,
      first: i * step - marginSamples,
    })),
  );
}

function fill(data: Float32Array, at: number, rib: StraightRib, first: number, length: number): void {
  const section = rib.across * rib.high;
  for (let i = 0; i < length; i++) {
    const from = Math.max(0, Math.min(rib.count - 1, first + i)) * section;
    const to = at + i * section;
    for (let k = 0; k < section; k++) data[to + k] = toNetworkValue(rib.hu[from + k] as number);
  }
}

/**
 * Runs the network along straightened ribs.
 * @param model its card states the length of a window as `input.depth`
 * @param onProgress share of the windows that is done
 * @throws LUC_MODEL_RUN_FAILED
 */
export async function scoreRibs(
  networks: NetworkRunner,
  model: RegisteredModel,
  ribs: readonly StraightRib[],
  onProgress: (share: number) => void = () => undefined,
): Promise<{ answers: RibAnswers[]; milliseconds: number }> {
  const length = model.card.input?.depth ?? 128;
  const windows = windowsOf(ribs, length);
  const answers = ribs.map(({ count }): RibAnswers => {
    const size = Math.ceil(count / samplesPerAnswer);
    return {
      fracture: new Float32Array(size),
      old: new Float32Array(size),
      displaced: new Float32Array(size),
    };
  });
  let milliseconds = 0;
  for (let start = 0; start < windows.length; start += windowsPerRun) {
    const batch = windows.slice(start, start + windowsPerRun);
    const section = (ribs[0]?.across ?? 0) * (ribs[0]?.high ?? 0);
    const data = new Float32Array(batch.length * length * section);
    batch.forEach(({ rib, first }, row) => {
      const straight = ribs[rib];
      if (straight) fill(data, row * length * section, straight, first, length);
    });
    const run = await networks.run(model, data, batch.length, ['logits']);
    milliseconds += run.milliseconds;
    const logits = run.outputs.logits?.data ?? new Float32Array(0);
    const perWindow = length / samplesPerAnswer;
    batch.forEach(({ rib, first }, row) => {
      const answer = answers[rib];
      if (!answer) return;
      for (let i = marginSamples / samplesPerAnswer; i < perWindow - marginSamples / samplesPerAnswer; i++) {
        const place = first / samplesPerAnswer + i;
        if (place < 0 || place >= answer.fracture.length) continue;
        const at = 3 * row * perWindow + i;
        answer.fracture[place] = logits[at] ?? Number.NaN;
        answer.old[place] = logits[at + perWindow] ?? Number.NaN;
        answer.displaced[place] = logits[at + 2 * perWindow] ?? Number.NaN;
      }
    });
    onProgress(Math.min(1, (start + batch.length) / windows.length));
  }
  return { answers, milliseconds };
}
